rankings-title = Ranking
rankings-lead = Quién va ganando, ciudad por ciudad.
rankings-cut-about = { $count ->
    [one] Quien lidera cada ciudad va al torneo. Si hay empate en la línea, pasan todos.
   *[other] Los { $figure } primeros de cada ciudad van al torneo. Si hay empate en la línea, pasan todos.
}
rankings-filter = Filtrar el ranking
rankings-country = País
rankings-city = Ciudad
rankings-all-countries = Todos los países
rankings-all-cities = Todas las ciudades
rankings-show = Ver
rankings-my-city = Ver mi ciudad
rankings-waiting = Por empezar
rankings-waiting-about = Las posiciones se moverán cuando abra la votación.
rankings-live = En vivo
rankings-live-about = La votación está abierta: cada voto mueve esta tabla, que se actualiza sola.
rankings-provisional = Provisional
rankings-provisional-about = La votación terminó. Estamos revisando los votos: el resultado aún puede cambiar.
rankings-final = Resultado final
rankings-final-about = Estos son los resultados oficiales.
rankings-caption = Ranking de { $place }
rankings-caption-all = Ranking de todos los países
rankings-players = { $count ->
    [one] { $figure } jugador
   *[other] { $figure } jugadores
}
rankings-updated = Actualizado a las { $time }
rankings-position = Puesto
rankings-player = Jugador
rankings-votes = Votos
rankings-spoken = Puesto { $position }
rankings-spoken-tied = Puesto { $position }, empate
rankings-through = Zona de torneo
rankings-through-final = Va al torneo
rankings-you = Tú
rankings-cut-line = Quienes están por encima de esta línea van al torneo
rankings-pages = Páginas del ranking
rankings-previous = Anteriores
rankings-next = Siguientes
rankings-page = Página { $page } de { $pages }
rankings-empty = Todavía no hay ranking
rankings-empty-about = En cuanto se publique el primer vídeo, aparecerá aquí quien lo subió.
rankings-empty-upload = Sube tu jugada
rankings-empty-place = Nadie de { $place } tiene un vídeo publicado todavía
rankings-empty-place-about = Prueba con otro lugar o mira el ranking completo.
rankings-empty-page = No hay tantas páginas
rankings-see-all = Ver el ranking completo
rankings-see-first = Ir a la primera página
rankings-news-leader = { $player } va en primer lugar con { $votes }.
rankings-news-tied = { $figure } jugadores comparten el primer lugar con { $votes }.
rankings-jury = Jurado
rankings-score = Final
rankings-jury-about = El resultado final combina los votos y la puntuación del jurado, de 0 a 10.
