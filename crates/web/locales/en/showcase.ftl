showcase-title = The plays
showcase-description = Young basketball talents upload their best play and people vote. Watch the plays and back those who deserve to go to the tournament.
showcase-headline = The court is yours.
showcase-headline-vote = The vote is everyone’s.
showcase-lead = Young talents upload their best play, everybody watches, and players vote. Those with the most votes in each city go to the tournament.
showcase-upload = Upload your play
showcase-how = How it works
showcase-days = { $count ->
    [one] day until
   *[other] days until
}
showcase-hours = { $count ->
    [one] hour until
   *[other] hours until
}
showcase-until-submissions-open = plays can be uploaded
showcase-until-submissions-close = uploads close
showcase-until-voting-opens = voting opens
showcase-until-voting-closes = voting closes
showcase-until-results = the results
showcase-videos-word = { $count ->
    [one] published play
   *[other] published plays
}
showcase-cities-word = { $count ->
    [one] city
   *[other] cities
}
showcase-votes-word = { $count ->
    [one] vote
   *[other] votes
}

showcase-filter = Filter the plays
showcase-search = Title or name
showcase-country = Country
showcase-all-countries = All countries
showcase-city = City
showcase-all-cities = All cities
showcase-show = Search
showcase-all = All plays
showcase-from = Plays from { $place }
showcase-about = “{ $words }”
showcase-about-from = “{ $words }” in { $place }
showcase-count = { $count ->
    [0] No plays
    [one] One play
   *[other] { $figure } plays
}
showcase-reset = Clear the filters
showcase-sort = Sort
showcase-newest = Newest
showcase-most-voted = Most voted
showcase-pages = More pages of plays
showcase-previous = Previous
showcase-next = Next
showcase-astray = That page is no longer there. This is the first one.
showcase-nothing-yet = The plays will show up here
showcase-nothing-yet-upload = Nobody has published yet. What if yours is the first?
showcase-nothing-yet-wait = There are none yet. Come back once videos can be uploaded.
showcase-nothing-found = We found no plays like that
showcase-nothing-found-try = Try fewer words, another city, or have a look at all of them.
showcase-reset-all = See all plays
