reprocess-title = Hacer de nuevo
reprocess-lead = Los vídeos siguen publicados mientras tanto, con sus votos. Las subidas nuevas van primero.
reprocess-recipe = Receta actual:
reprocess-start-older = Los de otra receta
reprocess-start-all = Todos los publicados
reprocess-started = Empezó
reprocess-by = Por
reprocess-which = Cuáles
reprocess-state = Estado
reprocess-progress = Hechos
reprocess-kept = Conservan el anterior
reprocess-change = Cambiar
reprocess-pause = Pausar
reprocess-resume = Continuar
reprocess-stop = Detener
reprocess-going = en curso
reprocess-paused = en pausa
reprocess-stopped = detenida
reprocess-ended = terminada
reprocess-scope-all = todos
reprocess-scope-older = de otra receta
reprocess-scope-one = uno
reprocess-published = { $count ->
    [one] { $figure } vídeo publicado,
   *[other] { $figure } vídeos publicados,
}
reprocess-older = { $count ->
    [one] { $figure } hecho con otra receta.
   *[other] { $figure } hechos con otra receta.
}
