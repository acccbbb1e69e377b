reports-title = Reports
reports-lead = What the public finds wrong. A report hides nothing by itself.
reports-none = Nothing is open.
reports-count = { $count ->
    [one] { $figure } report
   *[other] { $figure } reports
}
reports-wrong-person = Somebody else is shown or named
reports-offensive = Offensive
reports-not-own = Not the player’s own play
reports-copyright = Music or pictures of others
reports-other = Something else
reports-by-player = a player
reports-by-visitor = a visitor without account
reports-reason = Reason
reports-dismiss = Dismiss
