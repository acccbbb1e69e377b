account-sign-up = Crear cuenta
account-sign-up-lead = Tu cuenta te sirve para subir tus jugadas y votar por las de los demás.
account-sign-in = Iniciar sesión
account-sign-in-first = Inicia sesión para continuar.
account-sign-out = Cerrar sesión
account-have-one = ¿Ya tienes cuenta?
account-have-none = ¿Todavía no tienes cuenta?
account-look-again = Revisa los campos marcados. Lo demás sigue como lo escribiste; solo vuelve a poner la contraseña.
account-too-many = Hubo muchos intentos seguidos. { $count ->
    [one] Espera un segundo
   *[other] Espera { $figure } segundos
} y vuelve a probar.

account-first-name = Nombre
account-last-name = Apellido
account-city = Ciudad
account-city-hint = La que representas en el ranking.
account-country = País
account-country-hint = Escríbelo completo: Colombia, México…
account-email = Correo electrónico
account-email-hint = Solo lo usas tú para entrar. No se publica.
account-password = Contraseña
account-password-again = Repite la contraseña
account-show-password = Mostrar la contraseña
account-rules = Tu contraseña tiene que:
account-rule-length = tener { $least } caracteres o más
account-rule-guess = ser difícil de adivinar: ni tu nombre, ni tu correo, ni «12345678»
account-rule-same = ser igual las dos veces
account-met = : cumplido
account-unmet = : pendiente
account-agree = Al crear la cuenta aceptas las reglas del concurso.
account-rules-link = Reglas
account-privacy-link = Privacidad

account-mine = Mi cuenta
account-published = Vídeos publicados
account-votes = Votos recibidos
account-upload = Subir un vídeo
account-my-videos = { $count ->
    [0] Mis vídeos
   *[other] Mis vídeos ({ $figure })
}
account-public-profile = Ver mi perfil público
account-details = Tus datos
account-since = En el concurso desde
account-who-sees = En tu perfil público se ven tu nombre, tu ciudad, tu país y tus vídeos publicados. Tu correo no.
account-delete = Eliminar mi cuenta
account-delete-title = ¿Eliminar tu cuenta?
account-delete-means = Si la eliminas, se borran con ella:
account-delete-videos = { $count ->
    [0] los datos de tu perfil (no tienes vídeos)
    [one] tu vídeo, con todos sus archivos
   *[other] tus { $figure } vídeos, con todos sus archivos
}
account-delete-votes = { $count ->
    [0] tu lugar en el ranking
    [one] el voto que recibiste y tu lugar en el ranking
   *[other] los { $figure } votos que recibiste y tu lugar en el ranking
}
account-delete-cast = los votos que diste a otros
account-delete-final = No se puede deshacer.
account-delete-password = Tu contraseña, para confirmar
account-wrong-password = Esa no es tu contraseña. Tu cuenta sigue aquí.
account-delete-confirm = Sí, eliminar mi cuenta
account-keep = No, conservarla
