skip = Saltar al contenido
nav = Secciones
nav-showcase = Jugadas
nav-rankings = Ranking
nav-upload = Subir
nav-my-videos = Mis vídeos
nav-account = Tu cuenta:
nav-sign-in = Iniciar sesión
nav-sign-up = Crear cuenta
nav-sign-out = Salir
nav-rules = Reglas
nav-privacy = Privacidad
nav-api = API para programas

notice-welcome = ¡Bienvenido, bienvenida! Tu cuenta está lista.
notice-signed-in = Ya iniciaste sesión.
notice-signed-out = Cerraste la sesión. ¡Hasta pronto!
notice-voted = ¡Tu voto cuenta!
notice-withdrawn = Retiraste tu voto.
notice-reported = Gracias. Alguien del concurso lo revisará.
notice-uploaded = ¡Recibimos tu vídeo! Aquí ves cómo avanza.
notice-deleted = El vídeo se borró.
notice-account-deleted = Tu cuenta y tus vídeos se borraron.

phase-upcoming = Muy pronto
phase-submissions = Recibimos vídeos
phase-submissions-and-voting = Recibimos vídeos y votos
phase-pause = Ya están todos los vídeos
phase-voting = Votación abierta
phase-counting = Contamos los votos
phase-results = Resultados finales

next-submissions-open = Recibimos vídeos desde el
next-submissions-close = Recibimos vídeos hasta el
next-voting-opens = La votación abre el
next-voting-closes = La votación cierra el
next-results-published = Los resultados salen el

error-try-again = Intentar de nuevo
error-to-showcase = Ver las jugadas
error-to-rankings = Ver el ranking
error-request-id = Si nos escribes, danos este identificador:

votes = { $count ->
    [one] { $figure } voto
   *[other] { $figure } votos
}
category = Categoría
category-all = Todas las categorías
