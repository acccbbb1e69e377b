//! Values that have the right type and still cannot be.

use std::fmt::Display;

use url::Url;

use crate::ContestFault;

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

    /// What is wrong with the contest.
    pub fn contest(&mut self, faults: &[ContestFault]) {
        for fault in faults {
            self.require(false, fault.keys(), fault.sentence());
        }
    }

    /// An address below which ours lie.
    pub fn address(&mut self, key: &'static str, url: Option<&Url>) {
        let holds = url.is_none_or(|url| {
            let plain = url.query().is_none() && url.fragment().is_none();
            matches!(url.scheme(), "http" | "https") && url.has_host() && plain
        });
        self.require(holds, &[key], "must be an http or https address without `?` and `#`");
    }

    /// [Bucket naming rules](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html),
    /// as far as they keep addresses in order.
    pub fn bucket(&mut self, key: &'static str, name: Option<&str>) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let holds = name.is_none_or(|name| {
            (3..=63).contains(&name.len())
                && name.chars().all(|c| plain(c) || matches!(c, '-' | '.'))
                && name.starts_with(plain)
                && name.ends_with(plain)
        });
        let message = "must be 3 to 63 lower-case letters, digits, `-` and `.`, and begin and end \
                       with a letter or digit";
        self.require(holds, &[key], message);
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
