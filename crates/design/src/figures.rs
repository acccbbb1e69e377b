//! Figures and moments as people write them.

use anb_domain::Language;
use chrono::{DateTime, Datelike as _, Utc};

const MONTHS_ES: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// `12.345` in Spanish, `12,345` in English.
#[must_use]
pub fn figure(number: u64, language: Language) -> String {
    let digits = number.to_string();
    let separator = language.pick('.', ',');
    let mut told = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push(separator);
        }
        told.push(digit);
    }
    told
}

/// `2,5` in Spanish, `2.5` in English; at most so many decimals, and none that
/// say nothing.
#[must_use]
pub fn decimal(number: f64, decimals: usize, language: Language) -> String {
    let told = format!("{number:.decimals$}");
    let told =
        if told.contains('.') { told.trim_end_matches('0').trim_end_matches('.') } else { &told };
    told.replace('.', language.pick(",", "."))
}

/// `22 de noviembre de 2026, 18:10 UTC`; `22 November 2026, 18:10 UTC`.
#[must_use]
pub fn moment(at: DateTime<Utc>, language: Language) -> String {
    match language {
        Language::Es => {
            let month = MONTHS_ES[at.month0() as usize];
            format!("{} de {month} de {}, {} UTC", at.day(), at.year(), at.format("%H:%M"))
        }
        Language::En => at.format("%-d %B %Y, %H:%M UTC").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_told_apart() {
        let told = |number| (figure(number, Language::Es), figure(number, Language::En));
        assert_eq!(told(0), ("0".into(), "0".into()));
        assert_eq!(told(999), ("999".into(), "999".into()));
        assert_eq!(told(12_345), ("12.345".into(), "12,345".into()));
        assert_eq!(told(1_000_000), ("1.000.000".into(), "1,000,000".into()));
    }

    #[test]
    fn decimals_that_say_nothing_are_left_out() {
        assert_eq!(decimal(2.5, 2, Language::Es), "2,5");
        assert_eq!(decimal(100.0, 1, Language::En), "100");
        assert_eq!(decimal(0.976, 2, Language::En), "0.98");
        assert_eq!(decimal(30.0, 0, Language::Es), "30");
    }

    #[test]
    fn a_moment_is_told_as_a_date_in_words() {
        let at = "2026-11-02T18:05:59Z".parse().unwrap();
        assert_eq!(moment(at, Language::Es), "2 de noviembre de 2026, 18:05 UTC");
        assert_eq!(moment(at, Language::En), "2 November 2026, 18:05 UTC");
    }
}
