queue-title = Queue
queue-views = Views
queue-now = Now
queue-waiting = Waiting
queue-running = Running
queue-failed = Failed
queue-none-running = Nobody is at work now.
queue-none-waiting = Nothing waits.
queue-none-failed = No video has failed. That is how it should be.
queue-video = Video
queue-attempt = Attempt
queue-worker = Worker
queue-percent = Progress
queue-since = Since
queue-lease = Held until
queue-cancel = Cancel
queue-again = again
queue-place = Place
queue-age = Waits for
queue-tries = Tries
queue-delayed = Paused until
queue-why = Why
queue-tick = Select
queue-select-all = Select all
queue-retry-ticked = Retry the selected ones
queue-retry-all = { $count ->
    [one] Retry the only one
   *[other] Retry all { $figure }
}
