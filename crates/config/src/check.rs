//! Values that have the right type and still cannot be.

use std::fmt::Display;

/// Collects what is impossible; each section reports its own.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub violations: Vec<Violation>,
}

/// Settings that are impossible, alone or together.
#[derive(Debug)]
pub(crate) struct Violation {
    pub keys: Vec<&'static str>,
    pub message: String,
}

impl Report {
    /// Notes a violation of `keys` unless `holds`.
    pub fn require(&mut self, holds: bool, keys: &[&'static str], message: impl Into<String>) {
        if !holds {
            self.violations.push(Violation { keys: keys.into(), message: message.into() });
        }
    }

    pub fn within<T: PartialOrd + Display + Copy>(
        &mut self,
        key: &'static str,
        value: T,
        min: T,
        max: T,
    ) {
        let message = format!("must be between {min} and {max}, but is {value}");
        self.require(min <= value && value <= max, &[key], message);
    }

    pub fn at_least<T: PartialOrd + Display + Copy>(
        &mut self,
        key: &'static str,
        value: T,
        min: T,
    ) {
        let message = format!("must be at least {min}, but is {value}");
        self.require(min <= value, &[key], message);
    }
}
