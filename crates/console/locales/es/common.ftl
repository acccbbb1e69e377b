console = Consola
skip = Saltar al contenido
menu = Menú
menu-close = Cerrar el menú
sections = Secciones
sign-out = Cerrar sesión
language-other = English
refresh = Actualizar
pages = Páginas
pages-newer = Más nuevos
pages-older = Más antiguos
back = Volver

nav-overview = Resumen
nav-queue = Cola
nav-videos = Vídeos
nav-dead-letters = Mensajes muertos
nav-moderation = Moderación
nav-reports = Reportes
nav-votes = Votos
nav-jury = Jurado
nav-players = Jugadores
nav-contest = Concurso
nav-webhooks = Webhooks
nav-exports = Exportaciones
nav-audit = Auditoría

role-player = jugador
role-jury = jurado
role-operator = operador
role-admin = administrador

state-uploading = Subiendo
state-pending = Pendientes
state-processing = En proceso
state-completed = Publicados
state-rejected = Rechazados
state-failed = Fallidos
state-deleted = Borrados

one-uploading = subiendo
one-pending = pendiente
one-processing = en proceso
one-completed = publicado
one-rejected = rechazado
one-failed = fallido
one-deleted = borrado

seen-public = Público
seen-awaiting = Espera aprobación
seen-hidden = Oculto
seen-disqualified = Descalificado
