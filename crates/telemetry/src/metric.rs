//! A metric knows its name, its labels and their number: recording with a label
//! too few does not compile.

use metrics::{Label, SharedString};

/// What a figure counts, by the
/// [base units](https://prometheus.io/docs/practices/naming/#base-units) of Prometheus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Count,
    Seconds,
    Bytes,
    /// So many times as much; a percentage is a ratio from 0 to 1.
    Ratio,
}

impl Unit {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Seconds => "seconds",
            Self::Bytes => "bytes",
            Self::Ratio => "ratio",
        }
    }

    fn of_recorder(self) -> metrics::Unit {
        match self {
            Self::Count | Self::Ratio => metrics::Unit::Count,
            Self::Seconds => metrics::Unit::Seconds,
            Self::Bytes => metrics::Unit::Bytes,
        }
    }
}

/// How a figure moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Only up.
    Counter,
    /// Up and down.
    Gauge,
    /// Into buckets with these upper bounds.
    Histogram(&'static [f64]),
}

impl Kind {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram(_) => "histogram",
        }
    }
}

/// What is known of every metric.
#[derive(Debug, Clone, Copy)]
pub struct About {
    pub name: &'static str,
    pub kind: Kind,
    pub unit: Unit,
    pub labels: &'static [&'static str],
    /// What it tells, in a sentence or two.
    pub help: &'static str,
}

impl About {
    pub(crate) fn describe(&self) {
        let unit = self.unit.of_recorder();
        let help = self.help.trim();
        match self.kind {
            Kind::Counter => metrics::describe_counter!(self.name, unit, help),
            Kind::Gauge => metrics::describe_gauge!(self.name, unit, help),
            Kind::Histogram(_) => metrics::describe_histogram!(self.name, unit, help),
        }
    }

    fn labelled<const N: usize>(&self, values: [SharedString; N]) -> Vec<Label> {
        self.labels.iter().zip(values).map(|(name, value)| Label::new(*name, value)).collect()
    }
}

/// Only goes up, until the process ends.
#[derive(Debug)]
pub struct Counter<const N: usize>(pub(crate) About);

impl<const N: usize> Counter<N> {
    pub fn add(&self, amount: u64, values: [SharedString; N]) {
        metrics::counter!(self.0.name, self.0.labelled(values)).increment(amount);
    }

    /// Where somebody else counts: `total` so far.
    pub fn reach(&self, total: u64, values: [SharedString; N]) {
        metrics::counter!(self.0.name, self.0.labelled(values)).absolute(total);
    }

    pub fn one(&self, values: [SharedString; N]) {
        self.add(1, values);
    }
}

/// Goes up and down.
#[derive(Debug)]
pub struct Gauge<const N: usize>(pub(crate) About);

impl<const N: usize> Gauge<N> {
    pub fn set(&self, value: f64, values: [SharedString; N]) {
        metrics::gauge!(self.0.name, self.0.labelled(values)).set(value);
    }

    pub fn add(&self, value: f64, values: [SharedString; N]) {
        metrics::gauge!(self.0.name, self.0.labelled(values)).increment(value);
    }
}

/// Sorts what it is told into buckets.
#[derive(Debug)]
pub struct Histogram<const N: usize>(pub(crate) About);

impl<const N: usize> Histogram<N> {
    pub fn observe(&self, value: f64, values: [SharedString; N]) {
        metrics::histogram!(self.0.name, self.0.labelled(values)).record(value);
    }
}
