rankings-title = Rankings
rankings-lead = Who is winning, city by city.
rankings-cut-about = { $count ->
    [one] The leader of each city goes to the tournament. If there is a tie at the line, everyone in it goes through.
   *[other] The top { $figure } of each city go to the tournament. If there is a tie at the line, everyone in it goes through.
}
rankings-filter = Filter the rankings
rankings-country = Country
rankings-city = City
rankings-all-countries = All countries
rankings-all-cities = All cities
rankings-show = Show
rankings-my-city = See my city
rankings-waiting = Not started
rankings-waiting-about = Positions will start to move when voting opens.
rankings-live = Live
rankings-live-about = Voting is open: every vote moves this table, which updates by itself.
rankings-provisional = Provisional
rankings-provisional-about = Voting is over. We are checking the votes, so the result may still change.
rankings-final = Final result
rankings-final-about = These are the official results.
rankings-caption = Rankings of { $place }
rankings-caption-all = Rankings of all countries
rankings-players = { $count ->
    [one] { $figure } player
   *[other] { $figure } players
}
rankings-updated = Updated at { $time }
rankings-position = Position
rankings-player = Player
rankings-votes = Votes
rankings-spoken = Position { $position }
rankings-spoken-tied = Position { $position }, tied
rankings-through = Tournament zone
rankings-through-final = Goes to the tournament
rankings-you = You
rankings-cut-line = Everyone above this line goes to the tournament
rankings-pages = Pages of the rankings
rankings-previous = Previous
rankings-next = Next
rankings-page = Page { $page } of { $pages }
rankings-empty = No rankings yet
rankings-empty-about = As soon as the first video is published, whoever uploaded it will show up here.
rankings-empty-upload = Upload your play
rankings-empty-place = Nobody from { $place } has a published video yet
rankings-empty-place-about = Try another place, or see the full rankings.
rankings-empty-page = There are not that many pages
rankings-see-all = See the full rankings
rankings-see-first = Go to the first page
rankings-news-leader = { $player } is in first place with { $votes }.
rankings-news-tied = { $figure } players share first place with { $votes }.
rankings-jury = Jury
rankings-score = Final
rankings-jury-about = The final score combines the votes and the jury’s score, from 0 to 10.
