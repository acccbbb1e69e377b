votes-title = Votes
votes-lead = Nothing is blocked by itself: what stands out is shown here, and you decide.
votes-state = State
votes-tab-open = Open
votes-tab-decided = Decided
votes-none = There is nothing here.
votes-suspicions = { $count ->
    [one] { $figure } suspicion
   *[other] { $figure } suspicions
}
votes-votes = { $count ->
    [one] { $figure } vote
   *[other] { $figure } votes
}
votes-share = { $percent } % of the video's votes
votes-network = Many new accounts from one network
votes-network-why = { $votes } votes by new accounts from the network { $from }, within minutes. It may be a school, or a shop with free Wi-Fi.
votes-device = Many new accounts from one kind of device
votes-device-why = { $votes } votes by new accounts with the same browser, system and language ({ $from }), within minutes. It may be a link that went round among people with the same phone.
votes-burst = Far more votes than usual
votes-burst-why = { $votes } votes in a few minutes, far more than this video had the day before and than other videos had meanwhile. It may be an appearance on television.
votes-fast = Faster than a person
votes-fast-why = { $votes } votes by one account, faster than a person can open the videos.
votes-open = open
votes-dismissed = dismissed
votes-struck = struck
votes-evidence = What was seen
votes-under = Under suspicion
votes-counting = { $count ->
    [one] { $figure } counts
   *[other] { $figure } count
}
votes-of-video = Votes of the video
votes-all-of-video = All votes for this video
votes-strength = Strength
votes-percent = { $percent } % of what it takes to be flagged
votes-timeline = Votes over time: all votes for the video, and in front those under suspicion
votes-highest = { $count ->
    [one] Highest bar: { $figure } vote
   *[other] Highest bar: { $figure } votes
}
votes-choose = Choose
votes-account = Account
votes-mail = Mail
votes-since = Signed up
votes-cast = Voted
votes-video = Video
votes-network-short = Network
votes-device-short = Device
votes-counts = Counts
votes-yes = Yes
votes-is-struck = Struck
votes-reason = Reason
votes-reason-missing = Give a reason: it stays with the decision.
votes-chosen-missing = Choose at least one vote.
votes-scope = Which votes
votes-scope-all = { $count ->
    [one] The vote under suspicion
   *[other] All { $figure } under suspicion
}
votes-scope-chosen = Only the chosen ones
votes-strike = Strike
votes-restore = Restore
votes-dismiss = Dismiss the suspicion
votes-strike-chosen = Strike the chosen votes
votes-restore-chosen = Restore the chosen votes
votes-history = Decisions
votes-were-struck = Votes struck
votes-were-restored = Votes restored
votes-were-dismissed = Suspicion dismissed
votes-nobody = Nobody has voted for this video.
