audit-title = Auditoría
audit-lead = Todo lo que se ha hecho, desde lo más reciente. Nadie puede cambiarlo ni borrarlo.
audit-export = Exportar (CSV, JSON)
audit-filter = Filtrar
audit-any = Todo
audit-all = Ver todo
audit-none = No hay nada que coincida.
audit-wrong = No podemos buscar así: revisa las fechas (AAAA-MM-DD) y la acción.
audit-latest = Lo más reciente
audit-when = Cuándo
audit-who = Quién
audit-who-hint = Nombre o id
audit-what = Qué hizo
audit-subject = Sobre qué
audit-id = Id
audit-from = Desde (UTC)
audit-to = Hasta (UTC)
audit-change = Antes → después
audit-where = Desde dónde
audit-more = Más
audit-request = Solicitud
audit-terminal = Terminal
audit-system = El sistema
audit-anonymous = Sin identificar
audit-yes = sí
audit-no = no

audit-kind-console = Consola
audit-kind-contest = Concurso
audit-kind-export = Exportación
audit-kind-panel = Panel del jurado
audit-kind-player = Persona
audit-kind-queue = Cola
audit-kind-reprocessing = Reprocesamiento
audit-kind-session = Sesión
audit-kind-video = Vídeo
audit-kind-vote-flag = Alerta de votos
audit-kind-votes = Votos
audit-kind-webhook = Webhook

audit-value-active = Activo
audit-value-attempt = Intento
audit-value-sessions-ended = Sesiones cerradas
audit-value-failure = Falla
audit-value-format = Formato
audit-value-left = Quedan
audit-value-letters = Mensajes
audit-value-name = Nombre
audit-value-open = Abiertos
audit-value-retried = Reintentados
audit-value-role = Rol
audit-value-rows = Filas
audit-value-scope = Alcance
audit-value-state = Estado
audit-value-status = Estado
audit-value-tries = Intentos
audit-value-videos = Vídeos
audit-value-visibility = Visibilidad
audit-value-votes = Votos
audit-value-word = Palabra para cruzar

# What was done, by its name in the log: `audit-<action>`.
audit-signed-in = Entró a la consola
audit-sign-in-refused = No pudo entrar
audit-signed-out = Salió de la consola
audit-session-ended = Cerró una sesión
audit-second-factor-enrolled = Configuró el segundo factor
audit-second-factor-changed = Cambió el segundo factor
audit-second-factor-reset = Borró el segundo factor
audit-recovery-code-used = Usó un código de recuperación
audit-recovery-codes-renewed = Renovó los códigos de recuperación
audit-role-granted = Cambió un rol

audit-video-retried = Reintentó un vídeo
audit-video-cancelled = Canceló un intento
audit-video-reprocessed = Volvió a procesar un vídeo
audit-reprocessing-started = Inició el reprocesamiento
audit-reprocessing-stopped = Detuvo el reprocesamiento
audit-reprocessing-paused = Pausó el reprocesamiento
audit-reprocessing-resumed = Reanudó el reprocesamiento
audit-dead-letters-redriven = Devolvió mensajes muertos a la cola
audit-queue-purged = Vació los mensajes muertos

audit-video-published = Publicó un vídeo
audit-video-unpublished = Retiró un vídeo
audit-video-approved = Aprobó un vídeo
audit-video-declined = No aprobó un vídeo
audit-video-disqualified = Descalificó un vídeo
audit-video-reinstated = Readmitió un vídeo
audit-video-ruling-undone = Deshizo una decisión sobre un vídeo
audit-video-deleted = Borró un vídeo
audit-report-dismissed = Descartó reportes

audit-votes-struck = Anuló votos
audit-votes-restored = Restituyó votos
audit-cluster-dismissed = Descartó una alerta de votos

audit-panel-created = Creó un panel
audit-panel-changed = Cambió un panel
audit-panel-closed = Cerró un panel
audit-score-given = Calificó una jugada
audit-conflict-declared = Declaró un conflicto de interés

audit-player-sessions-revoked = Cerró todas las sesiones de alguien
audit-player-exported = Exportó los datos de alguien
audit-player-erased = Borró a un jugador
audit-export-made = Descargó una exportación

audit-contest-changed = Cambió el concurso
audit-brand-changed = Cambió la marca

audit-webhook-created = Creó un webhook
audit-webhook-changed = Cambió un webhook
audit-webhook-deleted = Borró un webhook
audit-webhook-tested = Envió un evento de prueba
audit-webhook-redelivered = Reenvió un evento
audit-webhook-switched-off = Apagó un webhook: su receptor ya no quiere eventos
