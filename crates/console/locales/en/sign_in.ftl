sign-in-title = Sign in
sign-in-heading = Sign in to the console
sign-in-for-whom = For those who operate the platform, and for the jury.
sign-in-wrong = The e-mail address or the password is wrong.
sign-in-email = E-mail address
sign-in-password = Password
sign-in-submit = Sign in
