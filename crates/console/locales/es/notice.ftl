notice-brand-discarded = El borrador ya no está.
notice-brand-used = Desde ahora esta es la marca: en cada página al instante y en cada vídeo que se haga.
notice-contest-changed = Guardado. Rige en todas partes en menos de tres segundos.
notice-not-failed = El vídeo ya no está fallido: no había nada que reintentar.
notice-redriven = De vuelta en la cola: { $moved ->
    [one] { $moved-figure } mensaje.
   *[other] { $moved-figure } mensajes.
}{ $retried ->
    [0] {""}
    [one] {" "}Con tres intentos nuevos: { $retried-figure } vídeo.
   *[other] {" "}Con tres intentos nuevos: { $retried-figure } vídeos.
}{ $back ->
    [0] {""}
    [one] {" "}Morirán otra vez: { $back-figure } mensaje.
   *[other] {" "}Morirán otra vez: { $back-figure } mensajes.
}
notice-retried = El vídeo vuelve a estar pendiente, con tres intentos nuevos.
notice-session-ended = La sesión se cerró.
notice-sessions-ended = { $ended ->
    [one] Se cerró { $ended-figure } sesión.
   *[other] Se cerraron { $ended-figure } sesiones.
}
notice-suspicion-decided = Alguien ya había decidido sobre esta sospecha: no se cambió nada.
notice-suspicion-dismissed = La sospecha quedó descartada. Sus votos cuentan, como antes.
notice-votes-restored = { $votes ->
    [0] No había nada anulado: ningún voto cambió.
    [one] { $votes-figure } voto vuelve a contar. El total y el ranking ya lo tienen en cuenta.
   *[other] { $votes-figure } votos vuelven a contar. Los totales y el ranking ya los tienen en cuenta.
}
notice-votes-struck = { $votes ->
    [0] No quedaba nada por anular: ningún voto cambió.
    [one] { $votes-figure } voto anulado. El total y el ranking ya lo tienen en cuenta.
   *[other] { $votes-figure } votos anulados. Los totales y el ranking ya los tienen en cuenta.
}
notice-webhook-changed = El webhook ha cambiado.
notice-webhook-created = El webhook está listo. Dale su secreto al receptor y envía un evento de prueba.
notice-webhook-deleted = El webhook se eliminó.
notice-webhook-redelivered = Se enviará otra vez enseguida.
notice-webhook-secret-renewed = El secreto se renovó.
notice-webhook-tested = Un evento de prueba va en camino.
notice-cancelled = El intento se detuvo. El vídeo quedó fallido y puede reintentarse.
notice-cancelled-kept = El intento se detuvo. El vídeo sigue publicado con su resultado anterior.
notice-not-reprocessed = No se puede hacer de nuevo: no está publicado, o ya se está haciendo.
notice-not-running = Ese intento ya había terminado.
notice-nothing-ticked = No seleccionaste ningún vídeo.
notice-nothing-to-reprocess = No hay nada que hacer de nuevo.
notice-reprocessing = { $videos ->
    [one] { $videos-figure } vídeo se hará de nuevo.
   *[other] { $videos-figure } vídeos se harán de nuevo.
}
notice-reprocessing-one = El vídeo se hará de nuevo; mientras tanto sigue publicado.
notice-retried-many = { $retried ->
    [one] Con tres intentos nuevos: { $retried-figure } vídeo.
   *[other] Con tres intentos nuevos: { $retried-figure } vídeos.
}{ $spared ->
    [0] {""}
    [one] {" "}Ya no estaba fallido: { $spared-figure }.
   *[other] {" "}Ya no estaban fallidos: { $spared-figure }.
}
notice-run-changed = Hecho.
notice-run-not-changed = Alguien fue más rápido: ya no se puede cambiar.
notice-dismissed = { $reports ->
    [0] No había nada abierto sobre este vídeo.
    [one] { $reports-figure } reporte descartado.
   *[other] { $reports-figure } reportes descartados.
}
notice-none-chosen = Elige primero al menos un vídeo.
notice-ruled = { $ruled ->
    [one] Listo: { $ruled-figure } vídeo.
   *[other] Listo: { $ruled-figure } vídeos.
}{ $skipped ->
    [0] {""}
   *[other] {" "}Sin cambios, porque alguien se adelantó: { $skipped-figure }.
}
notice-undone = { $undone ->
    [0] No había nada que deshacer: alguien decidió de nuevo entretanto.
    [one] Deshecho: { $undone-figure } vídeo.
   *[other] Deshecho: { $undone-figure } vídeos.
}
notice-sessions-revoked = Se cerraron todas sus sesiones.
notice-role-changed = El rol cambió.
notice-player-erased = La cuenta se borró, con sus vídeos y votos.
notice-panel-closed = El panel está cerrado: sus notas cuentan.
notice-panel-finished = Terminaste: no te queda ningún vídeo por puntuar en este panel.
notice-panel-kept = El panel se ha guardado.
notice-panel-was-closed = El panel ya estaba cerrado.
notice-sheet-finished = Guardado. Este es el siguiente vídeo.
notice-sheet-kept = Guardado.
