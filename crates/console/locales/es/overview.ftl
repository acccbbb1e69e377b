overview-title = Resumen
overview-as-of = A las
overview-spans = Periodo de las cifras
overview-hour = Última hora
overview-day = Último día
overview-week = Última semana
overview-charts-note = Todas las horas son UTC.
overview-numbers = Las cifras
overview-from = Desde

overview-queue-out = La cola no responde: sus cifras faltan. En el registro está por qué.
overview-queue-out-link = Ver qué responde
overview-no-worker = No se ha visto ningún worker: los vídeos esperan.
overview-no-worker-since = No se ve ningún worker desde el { $moment }: los vídeos esperan.
overview-no-worker-link = Ver los workers
overview-old = El mensaje más antiguo tiene { $age }.
overview-old-link = Ver qué espera
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
overview-reported = { $count ->
    [one] { $figure } vídeo reportado
   *[other] { $figure } vídeos reportados
}
overview-reported-link = Leer los reportes
overview-awaiting = { $count ->
    [one] { $figure } vídeo espera aprobación
   *[other] { $figure } vídeos esperan aprobación
}
overview-awaiting-link = Verlos y decidir
overview-calm = Todo en orden: hay workers trabajando, ningún vídeo fallido y ningún mensaje muerto.

overview-videos = Vídeos por estado
overview-flow = En este periodo
overview-arrivals = Llegadas por minuto
overview-completions = Publicados por minuto
overview-rejections = Rechazados por minuto
overview-failed-tries = Intentos fallidos por minuto
overview-p50 = De subida a publicado, p50
overview-p95 = De subida a publicado, p95
overview-cost = Costo por 1.000 clips
overview-queue = La cola ahora
overview-waiting = En espera
overview-in-flight = En proceso
overview-delayed = Aplazados
overview-unsent = Sin enviar aún
overview-oldest = Mensaje más antiguo
overview-dead-letters = Mensajes muertos
overview-workers = Los workers ahora
overview-tasks = Workers
overview-busy = Puestos ocupados
overview-slots = Puestos
overview-workers-list = Cada worker
overview-worker = Worker
overview-host = Máquina o tarea
overview-since = Desde
overview-version = Versión

overview-more = { $amount } más que { $span ->
    [hour] la hora
    [day] el día
   *[week] la semana
} anterior
overview-less = { $amount } menos que { $span ->
    [hour] la hora
    [day] el día
   *[week] la semana
} anterior
overview-same = como { $span ->
    [hour] la hora
    [day] el día
   *[week] la semana
} anterior
overview-none-before = ninguno en { $span ->
    [hour] la hora
    [day] el día
   *[week] la semana
} anterior
overview-more-than-ago = { $amount } más que hace { $span ->
    [hour] una hora
    [day] un día
   *[week] una semana
}
overview-less-than-ago = { $amount } menos que hace { $span ->
    [hour] una hora
    [day] un día
   *[week] una semana
}
overview-as-ago = como hace { $span ->
    [hour] una hora
    [day] un día
   *[week] una semana
}

overview-chart-flow = Llegadas y publicados
overview-chart-flow-about = Vídeos por minuto que llegaron, se publicaron y se rechazaron, e intentos que fallaron. Los últimos valores:
overview-chart-waits = De la subida a la publicación
overview-chart-waits-about = La mitad de los vídeos no tardó más que p50, y el 95 por ciento no más que p95. Los últimos valores:
overview-chart-queue = Mensajes en la cola
overview-chart-queue-about = El máximo de cada intervalo. Los últimos valores:
overview-chart-oldest = Edad del mensaje más antiguo
overview-chart-oldest-about = El máximo de cada intervalo. El último valor:
overview-chart-workers = Los workers y sus puestos
overview-chart-workers-about = El máximo de cada intervalo. Los últimos valores:
overview-chart-dead = Mensajes muertos
overview-chart-dead-about = El máximo de cada intervalo. El último valor:
overview-chart-cost = Costo por 1.000 clips
overview-chart-cost-about = Dólares por el tiempo que los intentos ocuparon sus tareas, también los fallidos. El último valor:

overview-services = Servicios en ECS
overview-services-unknown = No disponible: AWS no responde. En el registro está por qué.
overview-service = Servicio
overview-desired = Deseadas
overview-running = En marcha
overview-starting = Arrancando
overview-scaling = Últimos cambios de escala
overview-scaling-none = Ninguno hasta ahora.
overview-scaling-unknown = No disponible: AWS no responde. En el registro está por qué.
overview-scaling-done = hecho
overview-scaling-under-way = en marcha
overview-scaling-failed = fallido

overview-failures = Fallos por código
overview-failures-none = Nada ha fallado ni se ha rechazado en este periodo, y no hay vídeos fallidos.
overview-code = Motivo
overview-failed-now = Fallidos ahora
overview-tries = Intentos fallidos
overview-rejected = Rechazados
overview-code-not-a-video = No es un vídeo
overview-code-no-video-stream = Sin imagen en movimiento
overview-code-unreadable = Dañado
overview-code-too-large = Demasiado grande
overview-code-too-short = Demasiado corto
overview-code-too-long = Demasiado largo
overview-code-resolution-too-low = Resolución demasiado baja
overview-code-resolution-too-high = Resolución demasiado alta
overview-code-timed-out = Tardó demasiado
overview-code-processing-failed = ffmpeg terminó con un error
overview-code-out-of-space = Disco lleno
overview-code-storage-unavailable = El almacenamiento no respondió
overview-code-original-missing = Falta el original
overview-code-worker-lost = El worker desapareció
overview-code-cancelled = Cancelado
overview-code-internal = Fallo interno
