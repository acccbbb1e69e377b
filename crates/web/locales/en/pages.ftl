pages-problems = API errors
pages-problems-lead = Each error has a code that never changes. This is what each of them means.

pages-rules = Rules
pages-rules-lead = This is how you take part in { $showcase }: upload your best play, share it and gather votes.
pages-rules-dates = Dates
pages-rules-no-dates = There are no deadlines for now: upload and vote whenever you like.
pages-submissions-open = We begin to take videos
pages-submissions-close = We stop taking videos
pages-voting-opens = Voting opens
pages-voting-closes = Voting closes
pages-results-published = The results are out

pages-rules-clip = Your video
pages-rules-duration = It lasts between { $shortest } and { $longest }.
pages-rules-lines = Its shorter side has at least { $lines } pixels: { $lines }p, upright or on its side.
pages-rules-side = Its longer side has at most { $side } pixels.
pages-rules-size = It is no larger than { $megabytes } MB.
pages-rules-formats = It is an MP4, MOV, WebM or MKV, just as your phone makes it.
pages-rules-trim = We publish the first { $seconds }, in 720p and with the showcase’s mark.
pages-rules-silent = We take out the sound.
pages-seconds = { $count ->
    [one] { $figure } second
   *[other] { $figure } seconds
}
pages-minutes = { $count ->
    [one] { $figure } minute
   *[other] { $figure } minutes
}

pages-rules-content = What we show
pages-rules-own = The play is yours, and you are the one who plays.
pages-rules-people = Everybody in it agrees. If you are under age, so does your family.
pages-rules-fair = No violence, no insults, no advertising: such videos are taken down.

pages-rules-votes = The votes
pages-rules-vote-once = Each account has one vote per video, and may withdraw it while voting is open.
pages-rules-vote-own = Nobody votes for their own videos.
pages-rules-vote-ties = The ranking counts the votes of all your videos. Equal votes share a position.
pages-rules-cut = { $count ->
    [one] From each city, the player with the most votes goes to the tournament.
   *[other] From each city, the { $figure } players with the most votes go to the tournament.
}

pages-questions = Questions? Write to us:

pages-privacy = Privacy
pages-privacy-lead = We keep what it takes to show your plays and to count votes. Nothing else.
pages-privacy-kept = What we keep
pages-privacy-account = Of your account: name, e-mail address, city and country.
pages-privacy-password = Your password, in a form from which nobody can read it, not even we.
pages-privacy-videos = Your videos, the one you sent and the one we publish. From what is published we remove the place and whatever else the camera noted.
pages-privacy-votes = Which videos you voted for, so that each vote counts once.
pages-privacy-hashes = { $count ->
    [one] So that nobody votes many times over: with each vote and each sign-up, a code of the network it came from and of the kind of device. The address cannot be read from it, and after a day we remove it.
   *[other] So that nobody votes many times over: with each vote and each sign-up, a code of the network it came from and of the kind of device. The address cannot be read from it, and after { $figure } days we remove it.
}
pages-privacy-seen = Who sees it
pages-privacy-public = Everybody sees your name, your city, your country, your published videos and how many votes they have.
pages-privacy-never = Nobody else sees your e-mail address, the file you sent, or whom you voted for.
pages-privacy-cookies = Cookies
pages-privacy-session = { $count ->
    [one] We use two, and neither follows you around: one remembers for { $figure } day that you are signed in; the other, the language you chose.
   *[other] We use two, and neither follows you around: one remembers for { $figure } days that you are signed in; the other, the language you chose.
}
pages-privacy-no-tracking = There is no advertising, no statistics of other companies, and nothing that is loaded from other sites.
pages-privacy-rights = You decide
pages-privacy-delete = You may delete each video that has no votes, and your account whenever you like: with it go your videos, their files and your votes.
