overview-title = Overview
overview-as-of = As of
overview-queue-out = The queue does not answer: its figures are missing. The log says why.
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
overview-calm = All is well: no failed videos and no dead letters.
overview-videos = Videos
overview-queue = Queue
overview-waiting = Waiting
overview-in-flight = In flight
overview-delayed = Delayed
overview-unsent = Not sent yet
overview-oldest = Oldest
