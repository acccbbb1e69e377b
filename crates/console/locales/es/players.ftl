players-title = Jugadores
players-total = { $count ->
    [one] { $figure } jugador
   *[other] { $figure } jugadores
}
players-search = Nombre, correo, ciudad o id
players-find = Buscar
players-none = Nadie se llama así.
players-name = Nombre
players-email = Correo
players-place = De
players-role = Rol
players-since = Desde
players-profile = Perfil
players-videos = Vídeos
players-no-videos = Ninguno.
players-votes = Votos dados
players-reports = Reportes hechos
players-revoke = Cerrar todas sus sesiones
players-export = Exportar todos sus datos (ZIP)
players-new-role = Rol nuevo
players-grant = Dar
players-last-admin = Es la última persona que administra: nombra antes a otra.
players-not-confirmed = Escribe el correo de la cuenta y un motivo.
players-erase = Borrar la cuenta
players-erase-goes = Se borran: el perfil, la contraseña y el segundo factor, todas sus sesiones, sus vídeos con todos sus archivos, las subidas a medias y los votos que dio y recibió. Los totales y el ranking cambian al instante; los archivos, un momento después.
players-erase-stays = Quedan, sin la persona: los reportes que hizo (sin la nota), lo que terminó de puntuar como jurado (sin el comentario) y, en el registro, un id, quién borró la cuenta y por qué. Lo que alguien hizo en la consola queda en el registro con su nombre.
players-erase-final = No se puede deshacer. Con el mismo correo se puede crear una cuenta nueva.
players-confirm = Correo de la cuenta, para confirmar
players-erase-go = Borrar para siempre
players-trace = Lo que pasó
players-no-trace = El registro no dice nada de esta cuenta.
