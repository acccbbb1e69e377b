notice-brand-discarded = The draft is gone.
notice-brand-used = From now on this is the brand: on every page at once, and on every video that is made.
notice-contest-changed = Saved. It is in force everywhere within three seconds.
notice-not-failed = The video is no longer failed: there was nothing to retry.
notice-redriven = Back in the queue: { $moved ->
    [one] { $moved-figure } message.
   *[other] { $moved-figure } messages.
}{ $retried ->
    [0] {""}
    [one] {" "}Given three new tries: { $retried-figure } video.
   *[other] {" "}Given three new tries: { $retried-figure } videos.
}{ $back ->
    [0] {""}
    [one] {" "}Will be dead letters again: { $back-figure } message.
   *[other] {" "}Will be dead letters again: { $back-figure } messages.
}
notice-retried = The video is pending again, with three new tries.
notice-session-ended = The session is over.
notice-sessions-ended = { $ended ->
    [one] { $ended-figure } session is over.
   *[other] { $ended-figure } sessions are over.
}
notice-webhook-changed = The webhook has been changed.
notice-webhook-created = The webhook is set up. Give its secret to the receiver, and send a test event.
notice-webhook-deleted = The webhook has been deleted.
notice-webhook-redelivered = It will be sent again at once.
notice-webhook-secret-renewed = The secret has been renewed.
notice-webhook-tested = A test event is on its way.
