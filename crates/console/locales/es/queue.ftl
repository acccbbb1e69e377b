queue-title = Cola
queue-views = Vistas
queue-now = Ahora
queue-waiting = En espera
queue-running = En proceso
queue-failed = Fallidos
queue-none-running = Nadie está trabajando ahora.
queue-none-waiting = Nada espera.
queue-none-failed = Ningún vídeo ha fallado. Así debe ser.
queue-video = Vídeo
queue-attempt = Intento
queue-worker = Proceso
queue-percent = Avance
queue-since = Desde
queue-lease = Reservado hasta
queue-cancel = Cancelar
queue-again = de nuevo
queue-place = Lugar
queue-age = Espera
queue-tries = Intentos
queue-delayed = Pausa hasta
queue-why = Por qué
queue-tick = Seleccionar
queue-select-all = Seleccionar todos
queue-retry-ticked = Reintentar los seleccionados
queue-retry-all = { $count ->
    [one] Reintentar el único
   *[other] Reintentar los { $figure }
}
