players-title = Players
players-total = { $count ->
    [one] { $figure } player
   *[other] { $figure } players
}
players-search = Name, e-mail address, city or id
players-find = Find
players-none = Nobody is called that.
players-name = Name
players-email = E-mail address
players-place = From
players-role = Role
players-since = Since
players-profile = Profile
players-videos = Videos
players-no-videos = None.
players-votes = Votes given
players-reports = Reports made
players-revoke = Sign out everywhere
players-export = Export all data (ZIP)
players-new-role = New role
players-grant = Grant
players-last-admin = This is the last administrator: name another one first.
players-not-confirmed = Type the e-mail address of the account, and a reason.
players-erase = Erase the account
players-erase-goes = These go: the profile, the password and the second factor, every session, the videos with all their files, the uploads under way, and the votes given and received. Totals and ranking follow at once, the files a moment later.
players-erase-stays = These stay, without the person: the reports they made (without the note), what they finished as a juror (without the comment), and in the audit log an id, who erased the account and why. What somebody did in the console stays there under their name.
players-erase-final = This cannot be undone. With the same address, somebody can sign up anew.
players-confirm = E-mail address of the account, to confirm
players-erase-go = Erase for good
players-trace = What happened
players-no-trace = The audit log says nothing of this account.
