reports-title = Reportes
reports-lead = Lo que el público ve mal. Un reporte no oculta nada por sí solo.
reports-none = No hay nada abierto.
reports-count = { $count ->
    [one] { $figure } reporte
   *[other] { $figure } reportes
}
reports-wrong-person = Muestra o nombra a otra persona
reports-offensive = Ofensivo
reports-not-own = La jugada no es suya
reports-copyright = Música o imágenes ajenas
reports-other = Otra cosa
reports-by-player = un jugador
reports-by-visitor = alguien sin cuenta
reports-reason = Motivo
reports-dismiss = Descartar
