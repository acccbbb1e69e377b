skip = Skip to content
nav = Sections
nav-showcase = Plays
nav-rankings = Rankings
nav-upload = Upload
nav-my-videos = My videos
nav-account = Your account:
nav-sign-in = Sign in
nav-sign-up = Sign up
nav-sign-out = Sign out
nav-rules = Rules
nav-privacy = Privacy
nav-api = API for programs

notice-welcome = Welcome! Your account is ready.
notice-signed-in = You are signed in.
notice-signed-out = You are signed out. See you soon!
notice-voted = Your vote counts!
notice-withdrawn = You withdrew your vote.
notice-reported = Thank you. Somebody of the contest will look at it.
notice-uploaded = We have your video! Here you see how it gets on.
notice-deleted = The video is deleted.
notice-account-deleted = Your account and your videos are deleted.

phase-upcoming = Coming soon
phase-submissions = We take videos
phase-submissions-and-voting = We take videos and votes
phase-pause = All videos are in
phase-voting = Voting is open
phase-counting = We count the votes
phase-results = Final results

next-submissions-open = We take videos from
next-submissions-close = We take videos until
next-voting-opens = Voting opens on
next-voting-closes = Voting closes on
next-results-published = The results are out on

error-try-again = Try again
error-to-showcase = See the plays
error-to-rankings = See the rankings
error-request-id = If you write to us, tell us this id:

votes = { $count ->
    [one] { $figure } vote
   *[other] { $figure } votes
}
category = Category
category-all = All categories
