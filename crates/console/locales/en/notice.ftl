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
notice-suspicion-decided = Somebody had already decided about this suspicion: nothing was changed.
notice-suspicion-dismissed = The suspicion is dismissed. Its votes count, as before.
notice-votes-restored = { $votes ->
    [0] Nothing was struck: no vote has changed.
    [one] { $votes-figure } vote counts again. Total and ranking follow.
   *[other] { $votes-figure } votes count again. Totals and ranking follow.
}
notice-votes-struck = { $votes ->
    [0] Nothing was left to strike: no vote has changed.
    [one] { $votes-figure } vote is struck. Total and ranking follow.
   *[other] { $votes-figure } votes are struck. Totals and ranking follow.
}
notice-webhook-changed = The webhook has been changed.
notice-webhook-created = The webhook is set up. Give its secret to the receiver, and send a test event.
notice-webhook-deleted = The webhook has been deleted.
notice-webhook-redelivered = It will be sent again at once.
notice-webhook-secret-renewed = The secret has been renewed.
notice-webhook-tested = A test event is on its way.
notice-cancelled = The try was stopped. The video is failed and may be retried.
notice-cancelled-kept = The try was stopped. The video stays published with its old result.
notice-not-reprocessed = It cannot be made again: it is not published, or is being made already.
notice-not-running = That try had ended already.
notice-nothing-ticked = You have selected no video.
notice-nothing-to-reprocess = There is nothing to make again.
notice-reprocessing = { $videos ->
    [one] { $videos-figure } video will be made again.
   *[other] { $videos-figure } videos will be made again.
}
notice-reprocessing-one = The video will be made again; it stays published meanwhile.
notice-retried-many = { $retried ->
    [one] Given three new tries: { $retried-figure } video.
   *[other] Given three new tries: { $retried-figure } videos.
}{ $spared ->
    [0] {""}
    [one] {" "}No longer failed: { $spared-figure }.
   *[other] {" "}No longer failed: { $spared-figure }.
}
notice-run-changed = Done.
notice-run-not-changed = Somebody was faster: it cannot be changed any more.
notice-dismissed = { $reports ->
    [0] Nothing was open about this video.
    [one] { $reports-figure } report dismissed.
   *[other] { $reports-figure } reports dismissed.
}
notice-none-chosen = Choose at least one video first.
notice-ruled = { $ruled ->
    [one] Done: { $ruled-figure } video.
   *[other] Done: { $ruled-figure } videos.
}{ $skipped ->
    [0] {""}
   *[other] {" "}Left alone, because somebody was faster: { $skipped-figure }.
}
notice-undone = { $undone ->
    [0] There was nothing to undo: somebody has decided again meanwhile.
    [one] Undone: { $undone-figure } video.
   *[other] Undone: { $undone-figure } videos.
}
notice-sessions-revoked = Signed out everywhere.
notice-role-changed = The role is changed.
notice-player-erased = The account is erased, with its videos and votes.
notice-panel-closed = The panel is closed: its marks count.
notice-panel-finished = You are done: there is no video left for you to score in this panel.
notice-panel-kept = The panel has been saved.
notice-panel-was-closed = The panel had been closed before.
notice-sheet-finished = Saved. This is the next video.
notice-sheet-kept = Saved.
