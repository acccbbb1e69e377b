videos-title = Videos in trouble
videos-state = State
videos-all = All
videos-none = There is no video here. That is how it should be.
videos-tries = { $count ->
    [one] { $figure } try
   *[other] { $figure } tries
}
videos-player-reads = Its player reads:
videos-detail = Technical detail
videos-retry = Retry
videos-shown = { $range } of { $total }
