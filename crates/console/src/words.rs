//! Words and figures for people.

use anb_domain::{Language, Role, VideoStatus};
use chrono::{DateTime, Utc};

/// `12.345` in Spanish, `12,345` in English.
#[must_use]
pub fn figure(number: u64, language: Language) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(language.pick('.', ','));
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 mensaje`, `2 mensajes`: a figure and the word for that many.
#[must_use]
pub fn counted(number: u64, language: Language, es: [&str; 2], en: [&str; 2]) -> String {
    let [one, many] = language.pick(es, en);
    format!("{} {}", figure(number, language), if number == 1 { one } else { many })
}

/// `2026-05-01 12:00 UTC`.
#[must_use]
pub fn moment(moment: DateTime<Utc>) -> String {
    moment.format("%F %R UTC").to_string()
}

/// A state of videos, as the heading of their number.
#[must_use]
pub fn state(status: VideoStatus, language: Language) -> &'static str {
    match status {
        VideoStatus::Uploading => language.pick("Subiendo", "Uploading"),
        VideoStatus::Pending => language.pick("Pendientes", "Pending"),
        VideoStatus::Processing => language.pick("En proceso", "Processing"),
        VideoStatus::Completed => language.pick("Publicados", "Published"),
        VideoStatus::Rejected => language.pick("Rechazados", "Rejected"),
        VideoStatus::Failed => language.pick("Fallidos", "Failed"),
        VideoStatus::Deleted => language.pick("Borrados", "Deleted"),
    }
}

/// The state of one video.
#[must_use]
pub fn state_of_one(status: VideoStatus, language: Language) -> &'static str {
    match status {
        VideoStatus::Uploading => language.pick("subiendo", "uploading"),
        VideoStatus::Pending => language.pick("pendiente", "pending"),
        VideoStatus::Processing => language.pick("en proceso", "processing"),
        VideoStatus::Completed => language.pick("publicado", "published"),
        VideoStatus::Rejected => language.pick("rechazado", "rejected"),
        VideoStatus::Failed => language.pick("fallido", "failed"),
        VideoStatus::Deleted => language.pick("borrado", "deleted"),
    }
}

#[must_use]
pub fn role(role: Role, language: Language) -> &'static str {
    match role {
        Role::Player => language.pick("jugador", "player"),
        Role::Jury => language.pick("jurado", "jury"),
        Role::Operator => language.pick("operador", "operator"),
        Role::Admin => language.pick("administrador", "admin"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let figures = [0, 999, 1000, 12_345, 1_234_567].map(|n| figure(n, Language::Es));
        assert_eq!(figures, ["0", "999", "1.000", "12.345", "1.234.567"]);
        assert_eq!(figure(12_345, Language::En), "12,345");
    }

    #[test]
    fn one_is_not_many() {
        let letters = |n| counted(n, Language::En, ["carta", "cartas"], ["letter", "letters"]);
        assert_eq!([0, 1, 2].map(letters), ["0 letters", "1 letter", "2 letters"]);
    }
}
