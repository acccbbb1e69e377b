videos-title = Vídeos con problemas
videos-state = Estado
videos-all = Todos
videos-none = Aquí no hay ningún vídeo. Así debe ser.
videos-tries = { $count ->
    [one] { $figure } intento
   *[other] { $figure } intentos
}
videos-player-reads = Quien lo subió lee:
videos-detail = Detalle técnico
videos-retry = Reintentar
videos-shown = { $range } de { $total }
