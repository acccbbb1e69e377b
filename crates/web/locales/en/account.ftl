account-sign-up = Create an account
account-sign-up-lead = With an account you upload your plays and vote for those of others.
account-sign-in = Sign in
account-sign-in-first = Sign in to go on.
account-sign-out = Sign out
account-have-one = Have an account already?
account-have-none = No account yet?
account-look-again = Look at the marked fields again. All the rest is as you typed it; only the password is asked for once more.
account-too-many = That was a lot of tries in a row. { $count ->
    [one] Wait a second
   *[other] Wait { $figure } seconds
} and try again.

account-first-name = First name
account-last-name = Last name
account-city = City
account-city-hint = The one you play for in the rankings.
account-country = Country
account-country-hint = In full: Colombia, Mexico…
account-email = E-mail address
account-email-hint = Only you use it, to sign in. It is not published.
account-password = Password
account-password-again = The password again
account-show-password = Show the password
account-rules = Your password has to:
account-rule-length = have { $least } characters or more
account-rule-guess = be hard to guess: not your name, not your address, not “12345678”
account-rule-same = be the same both times
account-met = : done
account-unmet = : not yet
account-agree = By creating an account you accept the rules of the contest.
account-rules-link = Rules
account-privacy-link = Privacy

account-mine = My account
account-published = Published videos
account-votes = Votes received
account-upload = Upload a video
account-my-videos = { $count ->
    [0] My videos
   *[other] My videos ({ $figure })
}
account-public-profile = See my public profile
account-details = Your details
account-since = In the contest since
account-who-sees = Your public profile shows your name, city, country and published videos. It does not show your e-mail address.
account-delete = Delete my account
account-delete-title = Delete your account?
account-delete-means = If you delete it, these go with it:
account-delete-videos = { $count ->
    [0] the details of your profile (you have no videos)
    [one] your video, with all its files
   *[other] your { $figure } videos, with all their files
}
account-delete-votes = { $count ->
    [0] your place in the rankings
    [one] the vote you received and your place in the rankings
   *[other] the { $figure } votes you received and your place in the rankings
}
account-delete-cast = the votes you gave to others
account-delete-final = This cannot be undone.
account-delete-password = Your password, to confirm
account-wrong-password = That is not your password. Your account is still here.
account-delete-confirm = Yes, delete my account
account-keep = No, keep it
