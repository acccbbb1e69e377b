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
players-erase-means = La cuenta se va con sus vídeos, sus archivos y sus votos. No se puede deshacer.
players-confirm = Correo de la cuenta, para confirmar
players-erase-go = Borrar para siempre
players-trace = Lo que pasó
players-no-trace = El registro no dice nada de esta cuenta.
