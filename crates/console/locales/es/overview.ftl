overview-title = Resumen
overview-as-of = A las
overview-queue-out = La cola no responde: sus cifras faltan. En el registro está por qué.
overview-failed = { $count ->
    [one] { $figure } vídeo fallido
   *[other] { $figure } vídeos fallidos
}
overview-failed-link = Ver por qué y reintentar
overview-dead = { $count ->
    [one] { $figure } mensaje muerto
   *[other] { $figure } mensajes muertos
}
overview-dead-link = Ver y devolver a la cola
overview-calm = Todo en orden: ningún vídeo fallido y ningún mensaje muerto.
overview-videos = Vídeos
overview-queue = Cola
overview-waiting = En espera
overview-in-flight = En proceso
overview-delayed = Aplazados
overview-unsent = Sin enviar aún
overview-oldest = El más antiguo
