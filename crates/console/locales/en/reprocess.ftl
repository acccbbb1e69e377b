reprocess-title = Make again
reprocess-lead = Videos stay published meanwhile, with their votes. Fresh uploads come first.
reprocess-recipe = Current recipe:
reprocess-start-older = Those of another recipe
reprocess-start-all = Every published one
reprocess-started = Started
reprocess-by = By
reprocess-which = Which
reprocess-state = State
reprocess-progress = Done
reprocess-kept = Kept the old one
reprocess-change = Change
reprocess-pause = Pause
reprocess-resume = Go on
reprocess-stop = Stop
reprocess-going = going on
reprocess-paused = paused
reprocess-stopped = stopped
reprocess-ended = ended
reprocess-scope-all = all
reprocess-scope-older = of another recipe
reprocess-scope-one = one
reprocess-published = { $count ->
    [one] { $figure } published video,
   *[other] { $figure } published videos,
}
reprocess-older = { $count ->
    [one] { $figure } made with another recipe.
   *[other] { $figure } made with another recipe.
}
