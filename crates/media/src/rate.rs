//! Which picture rate a result has.

use std::fmt;

/// Pictures per second as an exact fraction: 30000/1001 is not 29.97.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FrameRate {
    pub num: u32,
    pub den: u32,
}

impl FrameRate {
    /// The rates that players and editors expect. Below ten pictures a second
    /// the cards' fades would stutter; slower clips show each picture twice.
    const STANDARD: [Self; 9] = [
        Self::whole(10),
        Self::whole(12),
        Self::whole(15),
        Self::whole(20),
        Self { num: 24_000, den: 1001 },
        Self::whole(24),
        Self::whole(25),
        Self { num: 30_000, den: 1001 },
        Self::whole(30),
    ];

    /// So far apart may a measured rate and the standard it stands for be.
    const SAME: f64 = 0.005;

    #[must_use]
    pub const fn whole(num: u32) -> Self {
        Self { num, den: 1 }
    }

    /// Pictures per second, rounded to a float.
    #[must_use]
    pub fn per_second(self) -> f64 {
        f64::from(self.num) / f64::from(self.den)
    }

    /// Ticks per second in which every picture lasts a whole number of ticks.
    #[must_use]
    pub fn timescale(self) -> u32 {
        if self.den == 1 { self.num * 1000 } else { self.num }
    }

    /// The constant rate for a clip of `measured` pictures per second, at most
    /// `max`: a slower clip keeps its own, a faster one drops every second (or
    /// third …) picture, so that what remains is evenly spaced.
    #[must_use]
    pub fn for_clip(measured: f64, max: u32) -> Self {
        let max = Self::whole(max);
        if !measured.is_finite() || measured <= 0.0 {
            return max;
        }
        if measured <= max.per_second() * (1.0 + Self::SAME) {
            return Self::standard_at_least(measured, max);
        }
        let evenly = measured / (measured / max.per_second()).ceil();
        if evenly >= 0.8 * max.per_second() { Self::standard_at_least(evenly, max) } else { max }
    }

    fn standard_at_least(rate: f64, max: Self) -> Self {
        let distance = |standard: &Self| (standard.per_second() / rate - 1.0).abs();
        let allowed = || Self::STANDARD.into_iter().filter(|r| r.per_second() <= max.per_second());
        allowed()
            .filter(|standard| distance(standard) < Self::SAME)
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))
            .or_else(|| allowed().find(|standard| standard.per_second() >= rate))
            .unwrap_or(max)
    }
}

impl fmt::Display for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clip_keeps_its_rate_or_halves_it() {
        let cases = [
            (30.0, "30/1"),
            (29.97, "30000/1001"),
            (23.976, "24000/1001"),
            (24.0, "24/1"),
            (25.0, "25/1"),
            (15.0, "15/1"),
            (60.0, "30/1"),
            (59.94, "30000/1001"),
            (50.0, "25/1"),
            (120.0, "30/1"),
            (48.0, "24/1"),
            (90.0, "30/1"),
            (40.0, "30/1"),
            (30.02, "30/1"),
            (2.0, "10/1"),
            (0.0, "30/1"),
            (f64::NAN, "30/1"),
        ];
        for (measured, expected) in cases {
            assert_eq!(FrameRate::for_clip(measured, 30).to_string(), expected, "{measured}");
        }
    }

    #[test]
    fn a_variable_rate_is_rounded_up_so_that_no_picture_is_lost() {
        assert_eq!(FrameRate::for_clip(27.3, 30).to_string(), "30000/1001");
        assert_eq!(FrameRate::for_clip(21.0, 30).to_string(), "24000/1001");
    }

    #[test]
    fn the_setting_is_the_limit() {
        assert_eq!(FrameRate::for_clip(30.0, 25).to_string(), "25/1");
        assert_eq!(FrameRate::for_clip(50.0, 25).to_string(), "25/1");
        assert_eq!(FrameRate::for_clip(60.0, 24).to_string(), "20/1");
    }
}
