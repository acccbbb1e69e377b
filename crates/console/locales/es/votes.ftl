votes-title = Votos
votes-lead = Nada se bloquea por sí solo: lo que llama la atención aparece aquí, y tú decides.
votes-state = Estado
votes-tab-open = Abiertas
votes-tab-decided = Decididas
votes-none = Aquí no hay nada.
votes-suspicions = { $count ->
    [one] { $figure } sospecha
   *[other] { $figure } sospechas
}
votes-votes = { $count ->
    [one] { $figure } voto
   *[other] { $figure } votos
}
votes-share = { $percent } % de los votos del video
votes-network = Muchas cuentas nuevas de una misma red
votes-network-why = { $votes } votos de cuentas nuevas desde la red { $from }, en pocos minutos. Puede ser un colegio o una tienda con wifi gratis.
votes-device = Muchas cuentas nuevas de un mismo tipo de dispositivo
votes-device-why = { $votes } votos de cuentas nuevas con el mismo navegador, sistema e idioma ({ $from }), en pocos minutos. Puede ser un enlace que circuló entre personas con el mismo teléfono.
votes-burst = Muchos más votos de lo normal
votes-burst-why = { $votes } votos en pocos minutos, muchos más de los que este video tuvo el día anterior y de los que tuvieron otros videos mientras tanto. Puede ser una aparición en televisión.
votes-fast = Más rápido que una persona
votes-fast-why = { $votes } votos de una sola cuenta, más rápido de lo que una persona puede abrir los videos.
votes-open = abierta
votes-dismissed = descartada
votes-struck = con votos anulados
votes-evidence = Lo que se observó
votes-under = Bajo sospecha
votes-counting = { $count ->
    [one] { $figure } cuenta
   *[other] { $figure } cuentan
}
votes-of-video = Votos del video
votes-all-of-video = Todos los votos de este video
votes-strength = Intensidad
votes-percent = { $percent } % de lo que hace falta para señalarla
votes-timeline = Votos en el tiempo: todos los del video y, delante, los que están bajo sospecha
votes-highest = { $count ->
    [one] Barra más alta: { $figure } voto
   *[other] Barra más alta: { $figure } votos
}
votes-choose = Elegir
votes-account = Cuenta
votes-mail = Correo
votes-since = Registro
votes-cast = Voto
votes-video = Video
votes-network-short = Red
votes-device-short = Dispositivo
votes-counts = Cuenta
votes-yes = Sí
votes-is-struck = Anulado
votes-reason = Motivo
votes-reason-missing = Escribe un motivo: queda junto a la decisión.
votes-chosen-missing = Elige al menos un voto.
votes-scope = Qué votos
votes-scope-all = { $count ->
    [one] El voto bajo sospecha
   *[other] Los { $figure } bajo sospecha
}
votes-scope-chosen = Solo los elegidos
votes-strike = Anular
votes-restore = Restituir
votes-dismiss = Descartar la sospecha
votes-strike-chosen = Anular los votos elegidos
votes-restore-chosen = Restituir los votos elegidos
votes-history = Decisiones
votes-were-struck = Votos anulados
votes-were-restored = Votos restituidos
votes-were-dismissed = Sospecha descartada
votes-nobody = Nadie ha votado por este video.
