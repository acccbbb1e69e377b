//! Who plays, and what they show.

use crate::support::api::PASSWORD;

#[derive(Debug, Clone, Copy)]
pub struct Person {
    pub first_name: &'static str,
    pub city: &'static str,
    pub email: &'static str,
    pub password: &'static str,
}

pub const ANA: Person = person("Ana", "Bogotá", "ana@example.com");
pub const LUIS: Person = person("Luis", "Cali", "luis@example.com");
pub const MARTA: Person = person("Marta", "Medellín", "marta@example.com");
pub const CARLOS: Person = person("Carlos", "Bogotá", "carlos@example.com");

/// Those who work in the console.
pub const ADELA: Person = person("Adela", "Bogotá", "adela@example.com");
pub const JULIA: Person = person("Julia", "Cali", "julia@example.com");
pub const OLGA: Person = person("Olga", "Bogotá", "olga@example.com");
pub const EVA: Person = person("Eva", "Cali", "eva@example.com");

/// A full first page and some more, by four people in three cities. The first
/// video of each is the one with votes: three, two, one, none.
pub const SHOWN: &[(&Person, &[&str])] = &[
    (&ANA, &["Triple desde el logo", "Bandeja", "Tapón", "Asistencia", "Robo", "Rebote", "Giro"]),
    (&LUIS, &["Mate", "Gancho", "Finta", "Bloqueo", "Salto", "Pase", "Cambio"]),
    (&MARTA, &["Tiro libre", "Contraataque", "Bote", "Amague", "Pivote", "Corte", "Poste"]),
    (&CARLOS, &["Zurda", "Canasta", "Defensa", "Ayuda", "Relevo", "Saque", "Falta"]),
];

const fn person(first_name: &'static str, city: &'static str, email: &'static str) -> Person {
    Person { first_name, city, email, password: PASSWORD }
}

impl Person {
    /// What a sign-up form wants to know; the same family for all.
    pub fn particulars(&self) -> [(&'static str, &'static str); 7] {
        [
            ("first_name", self.first_name),
            ("last_name", "Prueba"),
            ("email", self.email),
            ("password1", self.password),
            ("password2", self.password),
            ("city", self.city),
            ("country", "Colombia"),
        ]
    }
}
