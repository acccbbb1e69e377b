sign-in-title = Entrar
sign-in-heading = Entrar en la consola
sign-in-for-whom = Solo para quienes operan la plataforma o son jurado.
sign-in-wrong = El correo o la contraseña no son correctos.
sign-in-email = Correo electrónico
sign-in-password = Contraseña
sign-in-submit = Entrar
