moderation-title = Moderación
moderation-show = Qué vídeos
moderation-awaiting = Esperan aprobación
moderation-public = Públicos
moderation-hidden = Ocultos
moderation-disqualified = Descalificados
moderation-none = Aquí no hay ningún vídeo.
moderation-nobody = cuenta borrada
moderation-votes = { $count ->
    [one] { $figure } voto
   *[other] { $figure } votos
}
moderation-total = { $count ->
    [one] { $figure } vídeo
   *[other] { $figure } vídeos
}
moderation-before = Anteriores
moderation-after = Siguientes
moderation-approve = Aprobar
moderation-publish = Publicar
moderation-decline = Rechazar
moderation-unpublish = Retirar
moderation-disqualify = Descalificar
moderation-reinstate = Readmitir
moderation-undo = Deshacer
moderation-reason = Motivo, que lee su jugador
moderation-reason-title = ¿Por qué?
moderation-reason-lead = { $count ->
    [one] El jugador de este vídeo lee el motivo.
   *[other] Los jugadores de estos { $figure } vídeos leen el motivo.
}
moderation-reason-missing = Escribe un motivo de hasta 500 caracteres.
moderation-go = Hacerlo
moderation-of-one = Quién lo ve
moderation-life = Toda su historia
moderation-keys = Teclas
moderation-key-move = Siguiente, anterior
moderation-key-select = Seleccionar
moderation-keys-on = Usar estas teclas
