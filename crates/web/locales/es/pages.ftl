pages-problems = Errores de la API
pages-problems-lead = Cada error lleva un código que no cambia. Esto es lo que significa cada uno.

pages-rules = Reglas
pages-rules-lead = Así se participa en { $showcase }: sube tu mejor jugada, compártela y reúne votos.
pages-rules-dates = Fechas
pages-rules-no-dates = Por ahora no hay fechas límite: puedes subir vídeos y votar cuando quieras.
pages-submissions-open = Empezamos a recibir vídeos
pages-submissions-close = Dejamos de recibir vídeos
pages-voting-opens = Abre la votación
pages-voting-closes = Cierra la votación
pages-results-published = Salen los resultados

pages-rules-clip = Tu vídeo
pages-rules-duration = Dura entre { $shortest } y { $longest }.
pages-rules-lines = Su lado más corto tiene al menos { $lines } píxeles: { $lines }p, de pie o acostado.
pages-rules-side = Su lado más largo tiene { $side } píxeles como máximo.
pages-rules-size = Pesa { $megabytes } MB como máximo.
pages-rules-formats = Es un MP4, MOV, WebM o MKV, tal como sale de tu teléfono.
pages-rules-trim = Publicamos los primeros { $seconds }, en 720p y con el sello del torneo.
pages-rules-silent = Le quitamos el sonido.
pages-seconds = { $count ->
    [one] { $figure } segundo
   *[other] { $figure } segundos
}
pages-minutes = { $count ->
    [one] { $figure } minuto
   *[other] { $figure } minutos
}

pages-rules-content = Lo que mostramos
pages-rules-own = La jugada es tuya y tú eres quien juega.
pages-rules-people = Quienes aparecen están de acuerdo. Si eres menor de edad, también tu familia.
pages-rules-fair = Nada de violencia, insultos ni publicidad: esos vídeos se retiran.

pages-rules-votes = Los votos
pages-rules-vote-once = Cada cuenta tiene un voto por vídeo, y puede retirarlo mientras la votación esté abierta.
pages-rules-vote-own = Nadie vota por sus propios vídeos.
pages-rules-vote-ties = En el ranking cuentan los votos de todos tus vídeos. Con los mismos votos se comparte el puesto.
pages-rules-cut = { $count ->
    [one] De cada ciudad va al torneo quien tenga más votos.
   *[other] De cada ciudad van al torneo las { $figure } personas con más votos.
}

pages-questions = ¿Preguntas? Escríbenos:

pages-privacy = Privacidad
pages-privacy-lead = Guardamos lo necesario para mostrar tus jugadas y contar los votos. Nada más.
pages-privacy-kept = Qué guardamos
pages-privacy-account = De tu cuenta: nombre, correo, ciudad y país.
pages-privacy-password = Tu contraseña, de una forma de la que nadie puede sacarla, ni siquiera nosotros.
pages-privacy-videos = Tus vídeos, el que enviaste y el que publicamos. Del publicado quitamos el lugar y los demás datos de la cámara.
pages-privacy-votes = Por qué vídeos votaste, para que cada voto cuente una sola vez.
pages-privacy-hashes = { $count ->
    [one] Para que nadie vote muchas veces: con cada voto y cada registro, un código de la red de la que viene y del tipo de dispositivo. De él no se puede leer la dirección, y al cabo de un día lo borramos.
   *[other] Para que nadie vote muchas veces: con cada voto y cada registro, un código de la red de la que viene y del tipo de dispositivo. De él no se puede leer la dirección, y al cabo de { $figure } días lo borramos.
}
pages-privacy-seen = Quién lo ve
pages-privacy-public = Todo el mundo ve tu nombre, tu ciudad, tu país, tus vídeos publicados y cuántos votos tienen.
pages-privacy-never = Nadie más ve tu correo, el archivo que enviaste ni por quién votaste.
pages-privacy-cookies = Cookies
pages-privacy-session = { $count ->
    [one] Usamos dos, y ninguna es para seguirte: una recuerda durante { $figure } día que iniciaste sesión; la otra, el idioma que elegiste.
   *[other] Usamos dos, y ninguna es para seguirte: una recuerda durante { $count } días que iniciaste sesión; la otra, el idioma que elegiste.
}
pages-privacy-no-tracking = No hay publicidad, ni estadísticas de otras empresas, ni nada que se cargue de otros sitios.
pages-privacy-rights = Tú decides
pages-privacy-delete = Puedes borrar cada vídeo que no tenga votos, y tu cuenta cuando quieras: con ella se borran tus vídeos, sus archivos y tus votos.
