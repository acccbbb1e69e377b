//! What values are in, and which of them make good grid lines.

use anb_design::figures::{decimal, figure};
use anb_domain::Language;

/// What values are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Things, which are whole.
    Things,
    /// Things per minute.
    PerMinute,
    Seconds,
    Dollars,
}

/// Grid lines above the base line, at most.
const LINES: f64 = 4.0;

/// Lengths of time that people reckon with, in seconds, up to a day.
const LENGTHS: [f64; 16] = [
    0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0,
    21_600.0, 86_400.0,
];

impl Measure {
    /// Values for grid lines, from 0 up to one that is not below `highest`.
    #[must_use]
    pub fn ticks(self, highest: f64) -> Vec<f64> {
        let step = self.step(highest.max(0.0) / LINES);
        let mut ticks = vec![0.0];
        while ticks.last().is_none_or(|last| *last < highest) || ticks.len() == 1 {
            #[expect(clippy::cast_precision_loss, reason = "a handful")]
            ticks.push(step * ticks.len() as f64);
        }
        ticks
    }

    /// A round distance that is not below `least`.
    fn step(self, least: f64) -> f64 {
        match self {
            Self::Things => round(least).max(1.0),
            Self::PerMinute | Self::Dollars => round(least).max(0.01),
            Self::Seconds => {
                let length = LENGTHS.into_iter().find(|length| *length >= least);
                length.unwrap_or_else(|| round(least / 86_400.0) * 86_400.0)
            }
        }
    }

    /// The value as people write it.
    #[must_use]
    pub fn told(self, value: f64, language: Language) -> String {
        match self {
            Self::Things => figure(whole(value), language),
            Self::PerMinute => decimal(value, 2, language),
            Self::Seconds => length(value, language),
            Self::Dollars => format!("${}", cents(value, language)),
        }
    }
}

/// 1, 2 or 5 times a power of ten.
fn round(least: f64) -> f64 {
    if least <= 0.0 {
        return 0.0;
    }
    let power = 10_f64.powf(least.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= least * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * power
}

/// Dollars to the cent, and below a dime more exactly.
fn cents(value: f64, language: Language) -> String {
    let decimals = if value.abs() < 0.1 && value != 0.0 { 4 } else { 2 };
    format!("{value:.decimals$}").replace('.', language.pick(",", "."))
}

/// `42 s`, `3.5 min`, `5 h`, `2 d`: in the largest unit that makes it two or
/// more.
fn length(seconds: f64, language: Language) -> String {
    let units = [(86_400.0, "d"), (3600.0, "h"), (60.0, "min")];
    let unit = units.into_iter().find(|(unit, _)| seconds >= 2.0 * unit);
    let (unit, name) = unit.unwrap_or((1.0, "s"));
    format!("{} {name}", decimal(seconds / unit, 1, language))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is a count, and the cast saturates"
)]
fn whole(value: f64) -> u64 {
    value.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_few_and_reach_the_highest_value() {
        for (measure, highest, ticks) in [
            (Measure::Things, 0.0, &[0.0, 1.0][..]),
            (Measure::Things, 3.0, &[0.0, 1.0, 2.0, 3.0]),
            (Measure::Things, 37.0, &[0.0, 10.0, 20.0, 30.0, 40.0]),
            (Measure::Things, 40.0, &[0.0, 10.0, 20.0, 30.0, 40.0]),
            (Measure::Things, 41.0, &[0.0, 20.0, 40.0, 60.0]),
            (Measure::PerMinute, 1.5, &[0.0, 0.5, 1.0, 1.5]),
            (Measure::Seconds, 40.0, &[0.0, 10.0, 20.0, 30.0, 40.0]),
            (Measure::Seconds, 5400.0, &[0.0, 1800.0, 3600.0, 5400.0]),
            (Measure::Seconds, 800_000.0, &[0.0, 432_000.0, 864_000.0]),
        ] {
            assert_eq!(measure.ticks(highest), ticks, "{measure:?} up to {highest}");
        }
    }

    #[test]
    fn there_are_never_many_ticks() {
        for measure in [Measure::Things, Measure::PerMinute, Measure::Seconds, Measure::Dollars] {
            for exponent in -3..9 {
                let highest = 7.3 * 10_f64.powi(exponent);
                let ticks = measure.ticks(highest);
                assert!((2..=6).contains(&ticks.len()), "{measure:?} {highest}: {ticks:?}");
                assert!(ticks.last().is_some_and(|last| *last >= highest));
            }
        }
    }

    #[test]
    fn values_are_told_as_people_write_them() {
        let es = |measure: Measure, value| measure.told(value, Language::Es);
        assert_eq!(es(Measure::Things, 12_345.0), "12.345");
        assert_eq!(es(Measure::PerMinute, 0.25), "0,25");
        assert_eq!(es(Measure::Seconds, 42.04), "42 s");
        assert_eq!(es(Measure::Seconds, 150.0), "2,5 min");
        assert_eq!(es(Measure::Dollars, 0.5), "$0,50");
        assert_eq!(Measure::Dollars.told(0.0321, Language::En), "$0.0321");
        assert_eq!(Measure::Seconds.told(7200.0, Language::En), "2 h");
    }
}
