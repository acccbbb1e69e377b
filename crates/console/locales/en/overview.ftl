overview-title = Overview
overview-as-of = As of
overview-spans = Span of the figures
overview-hour = Last hour
overview-day = Last day
overview-week = Last week
overview-charts-note = All times are UTC.
overview-numbers = The numbers
overview-from = From

overview-queue-out = The queue does not answer: its figures are missing. The log says why.
overview-queue-out-link = Check what answers
overview-no-worker = No worker has been seen: videos wait.
overview-no-worker-since = No worker has been seen since { $moment }: videos wait.
overview-no-worker-link = See the workers
overview-old = The oldest message is { $age } old.
overview-old-link = See what waits
overview-failed = { $count ->
    [one] { $figure } failed video
   *[other] { $figure } failed videos
}
overview-failed-link = See why, and retry
overview-dead = { $count ->
    [one] { $figure } dead letter
   *[other] { $figure } dead letters
}
overview-dead-link = See and redrive
overview-reported = { $count ->
    [one] { $figure } reported video
   *[other] { $figure } reported videos
}
overview-reported-link = Read the reports
overview-awaiting = { $count ->
    [one] { $figure } video awaits approval
   *[other] { $figure } videos await approval
}
overview-awaiting-link = Look and decide
overview-calm = All is well: workers at work, no failed videos and no dead letters.

overview-videos = Videos by state
overview-flow = In this span
overview-arrivals = Arrivals per minute
overview-completions = Completions per minute
overview-rejections = Rejected per minute
overview-failed-tries = Failed tries per minute
overview-p50 = Upload to published, p50
overview-p95 = Upload to published, p95
overview-cost = Cost per 1,000 clips
overview-queue = Queue now
overview-waiting = Waiting
overview-in-flight = In flight
overview-delayed = Delayed
overview-unsent = Not sent yet
overview-oldest = Oldest message
overview-dead-letters = Dead letters
overview-workers = Workers now
overview-tasks = Worker tasks
overview-busy = Slots busy
overview-slots = Slots
overview-workers-list = Each worker
overview-worker = Worker
overview-host = Machine or task
overview-since = Since
overview-version = Version

overview-more = { $amount } more than the { $span } before
overview-less = { $amount } less than the { $span } before
overview-same = as in the { $span } before
overview-none-before = none in the { $span } before
overview-more-than-ago = { $amount } more than { $span ->
    [hour] an hour
    [day] a day
   *[week] a week
} ago
overview-less-than-ago = { $amount } less than { $span ->
    [hour] an hour
    [day] a day
   *[week] a week
} ago
overview-as-ago = as { $span ->
    [hour] an hour
    [day] a day
   *[week] a week
} ago

overview-chart-flow = Arrivals and completions
overview-chart-flow-about = Videos per minute that arrived, were published and were rejected, and tries that failed. The latest values:
overview-chart-waits = From upload to published
overview-chart-waits-about = Half of the videos took no longer than p50, 95 percent no longer than p95. The latest values:
overview-chart-queue = Messages in the queue
overview-chart-queue-about = The most of each interval. The latest values:
overview-chart-oldest = Age of the oldest message
overview-chart-oldest-about = The highest of each interval. The latest value:
overview-chart-workers = Workers and their slots
overview-chart-workers-about = The most of each interval. The latest values:
overview-chart-dead = Dead letters
overview-chart-dead-about = The most of each interval. The latest value:
overview-chart-cost = Cost per 1,000 clips
overview-chart-cost-about = US dollars for the time that the tries took of their tasks, failed ones included. The latest value:

overview-services = Services on ECS
overview-services-unknown = Not available: AWS does not tell. The log says why.
overview-service = Service
overview-desired = Desired
overview-running = Running
overview-starting = Starting
overview-scaling = Last scaling activities
overview-scaling-none = None so far.
overview-scaling-unknown = Not available: AWS does not tell. The log says why.
overview-scaling-done = done
overview-scaling-under-way = under way
overview-scaling-failed = failed

overview-failures = Failures by code
overview-failures-none = Nothing has failed or been rejected in this span, and no video is failed.
overview-code = Reason
overview-failed-now = Failed now
overview-tries = Failed tries
overview-rejected = Rejected
overview-code-not-a-video = Not a video
overview-code-no-video-stream = No moving picture
overview-code-unreadable = Damaged
overview-code-too-large = Too large
overview-code-too-short = Too short
overview-code-too-long = Too long
overview-code-resolution-too-low = Resolution too low
overview-code-resolution-too-high = Resolution too high
overview-code-timed-out = Took too long
overview-code-processing-failed = ffmpeg ended with an error
overview-code-out-of-space = Disk full
overview-code-storage-unavailable = Storage did not answer
overview-code-original-missing = Original missing
overview-code-worker-lost = Worker vanished
overview-code-cancelled = Cancelled
overview-code-internal = Internal fault
