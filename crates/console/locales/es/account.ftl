account-title = Tu cuenta
account-lead = Tus sesiones en la consola y tu segundo factor.
account-sessions = Sesiones abiertas
account-device = Navegador
account-address = Dirección
account-since = Desde
account-seen = Último uso
account-this = Esta sesión
account-end = Cerrar
account-end-others = Cerrar todas las demás
account-only-this = No hay otra sesión abierta.
account-factor = Segundo factor
account-prove = Para cambiarlo, confirma quién eres: tu contraseña y un código de tu aplicación (o uno de recuperación).
account-password = Contraseña
account-code = Código
account-renew = Nuevos códigos de recuperación
account-change = Cambiar de aplicación o teléfono
account-wrong = La contraseña o el código no es correcto. No cambió nada.
account-too-late = Esa clave ya no sirve: pasaron más de diez minutos. Pide otra.
account-new-factor = Tu nuevo segundo factor
account-new-factor-why = El anterior sigue sirviendo hasta que confirmes este. Después se cierran tus demás sesiones y recibes códigos de recuperación nuevos.
account-left = { $count ->
    [one] Te queda { $figure } código de recuperación.
   *[other] Te quedan { $figure } códigos de recuperación.
}
