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
players-erase-means = The account goes with its videos, their files, and its votes. This cannot be undone.
players-confirm = E-mail address of the account, to confirm
players-erase-go = Erase for good
players-trace = What happened
players-no-trace = The audit log says nothing of this account.
