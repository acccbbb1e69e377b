profile-description = The plays of { $player } from { $city }. Watch them and vote.
profile-position = #{ $position }
profile-in-city = in { $city }
profile-in-country = in { $country }
profile-videos = { $count ->
    [0] No plays yet
    [one] One play
   *[other] { $figure } plays
}
profile-empty = Your profile shows once you publish
profile-empty-about = Only you see this page until your first play is published.
profile-jury = Jury: { $points } of 10
profile-final = Final score: { $points } of 10
