account-title = Your account
account-lead = Your sessions in the console, and your second factor.
account-sessions = Open sessions
account-device = Browser
account-address = Address
account-since = Since
account-seen = Last used
account-this = This session
account-end = End
account-end-others = End all the others
account-only-this = No other session is open.
account-factor = Second factor
account-prove = To change it, confirm who you are: your password, and a code of your app (or one for recovery).
account-password = Password
account-code = Code
account-renew = New recovery codes
account-change = Change app or phone
account-wrong = The password or the code is wrong. Nothing was changed.
account-too-late = That key is no longer good: more than ten minutes have passed. Ask for another.
account-new-factor = Your new second factor
account-new-factor-why = The one you have stays good until you confirm this one. Then your other sessions end, and you get new recovery codes.
account-left = { $count ->
    [one] You have { $figure } recovery code left.
   *[other] You have { $figure } recovery codes left.
}
