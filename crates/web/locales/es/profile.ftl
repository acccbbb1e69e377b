profile-description = Las jugadas de { $player }, de { $city }. Míralas y vota.
profile-position = { $position }.º
profile-in-city = en { $city }
profile-in-country = en { $country }
profile-videos = { $count ->
    [0] Sin jugadas todavía
    [one] Una jugada
   *[other] { $figure } jugadas
}
profile-empty = Tu perfil se ve cuando publicas
profile-empty-about = Solo tú ves esta página hasta que se publique tu primera jugada.
profile-jury = Jurado: { $points } de 10
profile-final = Puntuación final: { $points } de 10
