//! What somebody has typed into a form, read as what it is to be.

use std::{collections::BTreeMap, str::FromStr};

use anb_domain::Language;
use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone as _, Utc};

use crate::frame::Frame;

/// As `<input type="datetime-local">` writes a moment, with seconds or without.
const MOMENTS: [&str; 2] = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];

/// The offsets in use on this planet, in minutes.
const FARTHEST: i32 = 14 * 60;

/// The time zone in which a page shows its moments and reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(FixedOffset);

impl Zone {
    /// By its offset in minutes; UTC when it is none.
    #[must_use]
    pub fn of(minutes: i32) -> Self {
        let known = (-FARTHEST..=FARTHEST).contains(&minutes).then_some(minutes * 60);
        let offset = known.and_then(FixedOffset::east_opt);
        Self(offset.unwrap_or_else(|| FixedOffset::east_opt(0).expect("0 is an offset")))
    }

    #[must_use]
    pub fn minutes(self) -> i32 {
        self.0.local_minus_utc() / 60
    }

    /// `UTC`, `UTC−05:00`.
    #[must_use]
    pub fn name(self) -> String {
        match self.minutes() {
            0 => "UTC".to_owned(),
            minutes => {
                let sign = if minutes < 0 { '−' } else { '+' };
                format!("UTC{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
        }
    }

    /// Whole hours, and the halves in which people live.
    pub fn all() -> impl Iterator<Item = Self> {
        let halves = [-570, -210, 210, 270, 330, 345, 390, 570, 630];
        let mut all: Vec<i32> = (-12..=14).map(|hours| hours * 60).chain(halves).collect();
        all.sort_unstable();
        all.into_iter().map(Self::of)
    }

    /// For the field of a form.
    #[must_use]
    pub fn write(self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.0).format("%Y-%m-%dT%H:%M:%S").to_string()
    }

    fn read(self, text: &str) -> Option<DateTime<Utc>> {
        let local =
            MOMENTS.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())?;
        self.0.from_local_datetime(&local).single().map(|at| at.with_timezone(&Utc))
    }
}

/// The fields of a form, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Typed {
    fields: BTreeMap<String, String>,
    /// What is wrong with each field.
    pub faults: Vec<Fault>,
}

/// Why a field cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub field: &'static str,
    pub message: &'static str,
    /// What the message speaks of, where it names something.
    pub what: String,
}

impl Fault {
    #[must_use]
    pub fn of(field: &'static str, message: &'static str) -> Self {
        Self { field, message, what: String::new() }
    }

    #[must_use]
    pub fn told(&self, frame: &Frame) -> String {
        frame.with(self.message, "what", self.what.as_str())
    }
}

impl From<BTreeMap<String, String>> for Typed {
    fn from(fields: BTreeMap<String, String>) -> Self {
        Self { fields, faults: Vec::new() }
    }
}

impl Typed {
    /// As it was typed.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// All fields but these, to be sent once more.
    #[must_use]
    pub fn others(&self, but: &[&str]) -> Vec<(&str, &str)> {
        let others = self.fields.iter().filter(|(name, _)| !but.contains(&name.as_str()));
        others.map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    #[must_use]
    pub fn is_set(&self, name: &str) -> bool {
        self.raw(name) == Some("yes")
    }

    #[must_use]
    pub fn number_or(&self, name: &str, otherwise: u64) -> u64 {
        self.raw(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    }

    #[must_use]
    pub fn zone(&self) -> Zone {
        Zone::of(self.raw("zone").and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Without the space around it; `None` when nothing is left.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let text = self.raw(name)?.trim().replace("\r\n", "\n");
        (!text.is_empty()).then_some(text)
    }

    pub fn local(&self, name: &str) -> anb_config::LocalText {
        let of = |language: Language| self.text(&format!("{name}.{}", language.tag()));
        anb_config::LocalText { es: of(Language::Es), en: of(Language::En) }
    }

    pub fn moment(&mut self, name: &'static str) -> Option<DateTime<Utc>> {
        let text = self.text(name)?;
        let at = self.zone().read(&text);
        if at.is_none() {
            self.faults.push(Fault::of(name, "contest-wrong-moment"));
        }
        at
    }

    /// A number, with a comma or a point.
    pub fn number<T: FromStr>(&mut self, name: &'static str) -> Option<T> {
        let number = self.text(name)?.replace(',', ".").parse().ok();
        if number.is_none() {
            self.faults.push(Fault::of(name, "contest-wrong-number"));
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&str, &str)]) -> Typed {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        fields.iter().map(own).collect::<BTreeMap<_, _>>().into()
    }

    #[test]
    fn a_moment_is_in_the_zone_of_its_form() {
        let mut form =
            typed(&[("zone", "-300"), ("a", "2026-05-01T20:00"), ("b", "2026-05-01T20:00:30")]);
        let at = |text: &str| text.parse::<DateTime<Utc>>().ok();
        assert_eq!(form.moment("a"), at("2026-05-02T01:00:00Z"));
        assert_eq!(form.moment("b"), at("2026-05-02T01:00:30Z"));
        assert_eq!(form.zone().write(at("2026-05-02T01:00:00Z").unwrap()), "2026-05-01T20:00:00");
        assert_eq!(form.moment("c"), None);
        assert_eq!(form.faults, []);
    }

    #[test]
    fn what_is_none_is_said_so() {
        let mut form = typed(&[("at", "tomorrow"), ("n", "many"), ("m", "2,5"), ("blank", "  ")]);
        assert_eq!((form.moment("at"), form.number::<u32>("n")), (None, None));
        assert_eq!((form.number::<f64>("m"), form.text("blank")), (Some(2.5), None));
        let faults =
            [Fault::of("at", "contest-wrong-moment"), Fault::of("n", "contest-wrong-number")];
        assert_eq!(form.faults, faults);
    }

    #[test]
    fn zones_have_names() {
        let name = |minutes| Zone::of(minutes).name();
        assert_eq!([name(0), name(-300), name(345)], ["UTC", "UTC−05:00", "UTC+05:45"]);
        assert_eq!(Zone::of(100_000), Zone::of(0));
        assert!(Zone::all().count() > 30);
    }
}
