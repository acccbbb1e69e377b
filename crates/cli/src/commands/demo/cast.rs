//! Who takes part in the demonstration. All names are invented.

/// A player of the demonstration and what they show.
#[derive(Debug, Clone, Copy)]
pub struct Contestant {
    pub first_name: &'static str,
    pub last_name: &'static str,
    pub city: &'static str,
    pub country: &'static str,
    /// The title of their video.
    pub title: &'static str,
    /// On the jersey.
    pub number: usize,
    pub teams: [&'static str; 2],
    pub score: (u32, u32),
    /// How much the others like it, of 10.
    pub appeal: usize,
}

/// Everybody's password: this is a demonstration.
pub const PASSWORD: &str = "triple-desde-media-cancha-26";

impl Contestant {
    /// An address that can belong to nobody (RFC 2606).
    pub fn email(&self) -> String {
        let plain = |name: &str| name.chars().map(without_accent).collect::<String>();
        let name = format!("{}.{}", plain(self.first_name), plain(self.last_name));
        format!("{}@demo.example.com", name.to_lowercase())
    }

    /// Under the picture.
    pub fn caption(&self) -> String {
        format!("#{} {} · {}", self.number, self.last_name, self.city)
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

fn without_accent(letter: char) -> char {
    match letter {
        'á' | 'Á' => 'a',
        'é' | 'É' => 'e',
        'í' | 'Í' => 'i',
        'ó' | 'Ó' => 'o',
        'ú' | 'ü' | 'Ú' => 'u',
        'ñ' => 'n',
        other => other,
    }
}

macro_rules! cast {
    ($($first:literal $last:literal, $city:literal $country:literal, $title:literal,
       $number:literal, $us:literal $home:literal : $away:literal $them:literal, $appeal:literal;)+) => {
        [$(Contestant {
            first_name: $first,
            last_name: $last,
            city: $city,
            country: $country,
            title: $title,
            number: $number,
            teams: [$us, $them],
            score: ($home, $away),
            appeal: $appeal,
        },)+]
    };
}

pub const CAST: [Contestant; 14] = cast! {
    "Valentina" "Ríos", "Bogotá" "Colombia", "Pase sin mirar y bandeja",
        7, "BOG" 48 : 45 "MED", 9;
    "Mateo" "Quintero", "Medellín" "Colombia", "Tiro libre decisivo",
        11, "MED" 61 : 60 "CAL", 7;
    "Luciana" "Ospina", "Cali" "Colombia", "Manejo de balón nocturno",
        23, "CAL" 15 : 12 "BAQ", 8;
    "Thiago" "Barros", "Barranquilla" "Colombia", "Contraataque en cuatro pases",
        5, "BAQ" 33 : 39 "CTG", 4;
    "Carla" "Serrano", "Madrid" "España", "Triple en el último segundo",
        14, "MAD" 77 : 76 "BCN", 10;
    "Diego" "Huamán", "Lima" "Perú", "Entrenamiento en la calle",
        9, "LIM" 20 : 18 "CUZ", 6;
    "Isabel" "Montaño", "Cartagena" "Colombia", "Defensa presionante",
        3, "CTG" 54 : 50 "BOG", 5;
    "Bruno" "Ferrari", "Buenos Aires" "Argentina", "Gancho desde la pintura",
        15, "BUE" 68 : 64 "ROS", 7;
    "Renata" "Salgado", "Ciudad de México" "México", "Crossover bajo la luna",
        21, "MEX" 41 : 36 "GDL", 8;
    "Emilio" "Pardo", "Bucaramanga" "Colombia", "Rotación ofensiva completa",
        8, "BUC" 29 : 31 "PEI", 3;
    "Camila" "Vergara", "Santiago" "Chile", "Tiro de media distancia",
        10, "SCL" 52 : 47 "VAP", 6;
    "Andrés" "Cifuentes", "Pereira" "Colombia", "Dribling con la zurda",
        13, "PEI" 44 : 44 "MZL", 5;
    "Sofía" "Núñez", "Quito" "Ecuador", "Salida de presión",
        6, "UIO" 38 : 35 "GYE", 4;
    "Joaquín" "Medina", "Santa Marta" "Colombia", "Lluvia de triples",
        30, "SMR" 90 : 88 "BAQ", 9;
};
