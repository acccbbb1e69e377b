showcase-title = Las jugadas
showcase-description = Jóvenes talentos del baloncesto suben su mejor jugada y la gente vota. Mira las jugadas y apoya a quienes merecen ir al torneo.
showcase-headline = La cancha es tuya.
showcase-headline-vote = El voto es de todos.
showcase-lead = Jóvenes talentos suben su mejor jugada, todos la miran y los jugadores votan. Quienes reúnen más votos en cada ciudad van al torneo.
showcase-upload = Sube tu jugada
showcase-how = Cómo funciona
showcase-days = { $count ->
    [one] día para
   *[other] días para
}
showcase-hours = { $count ->
    [one] hora para
   *[other] horas para
}
showcase-until-submissions-open = que se puedan subir jugadas
showcase-until-submissions-close = subir tu jugada
showcase-until-voting-opens = que abra la votación
showcase-until-voting-closes = votar
showcase-until-results = conocer los resultados
showcase-videos-word = { $count ->
    [one] jugada publicada
   *[other] jugadas publicadas
}
showcase-cities-word = { $count ->
    [one] ciudad
   *[other] ciudades
}
showcase-votes-word = { $count ->
    [one] voto
   *[other] votos
}

showcase-filter = Filtrar las jugadas
showcase-search = Título o nombre
showcase-country = País
showcase-all-countries = Todos los países
showcase-city = Ciudad
showcase-all-cities = Todas las ciudades
showcase-show = Buscar
showcase-all = Todas las jugadas
showcase-from = Jugadas de { $place }
showcase-about = «{ $words }»
showcase-about-from = «{ $words }» en { $place }
showcase-count = { $count ->
    [0] Ninguna jugada
    [one] Una jugada
   *[other] { $figure } jugadas
}
showcase-reset = Quitar los filtros
showcase-sort = Ordenar
showcase-newest = Más nuevas
showcase-most-voted = Más votadas
showcase-pages = Más páginas de jugadas
showcase-previous = Anteriores
showcase-next = Siguientes
showcase-astray = Esa página ya no está. Esta es la primera.
showcase-nothing-yet = Aquí saldrán las jugadas
showcase-nothing-yet-upload = Nadie ha publicado todavía. ¿Y si la primera es la tuya?
showcase-nothing-yet-wait = Todavía no hay ninguna. Vuelve cuando se puedan subir vídeos.
showcase-nothing-found = No encontramos ninguna jugada así
showcase-nothing-found-try = Prueba con menos palabras, con otra ciudad, o mira todas.
showcase-reset-all = Ver todas las jugadas
