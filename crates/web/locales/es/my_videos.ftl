my-videos-title = Mis vídeos
my-videos-upload = Subir otro
my-videos-open = { $count ->
    [one] Una subida sin terminar
   *[other] { $figure } subidas sin terminar
}
my-videos-open-until = puedes seguir hasta el
my-videos-resume = Seguir subiendo
my-videos-none = Aún no has subido vídeos
my-videos-none-lead = Elige tu mejor jugada: la recortamos, le ponemos la marca y la publicamos.
my-videos-first = Subir mi primer vídeo
my-videos-uploaded = Subido el
my-videos-pending = En la fila
my-videos-processing = En proceso
my-videos-completed = Publicado
my-videos-rejected = No aceptado
my-videos-failed = Con problemas
my-videos-next = Es el siguiente de la fila.
my-videos-place = Va más o menos en el puesto { $place } de la fila.
my-videos-working = Lo recortamos, lo ajustamos y le ponemos la marca del concurso.
my-videos-watch = Ver en la vitrina
my-videos-result = Descargar publicado
my-videos-original = Descargar original
my-videos-another = Subir otro
my-videos-delete = Borrar
my-videos-stays = Ya tiene votos, así que no se puede borrar.
my-videos-delete-title = ¿Borrar este vídeo?
my-videos-delete-means = Se borra con todos sus archivos y no se puede deshacer.
my-videos-delete-confirm = Sí, borrarlo
my-videos-keep = No, conservarlo
my-videos-back = Volver a mis vídeos
my-videos-reload = Recarga la página para ver cómo avanzan.
my-videos-news = { $title }: { $status }
