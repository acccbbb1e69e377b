//! Charts, drawn on the server as SVG: classes instead of colours, so that the
//! style sheet decides for either theme, and nothing that the content security
//! policy would have to allow.

mod draw;
mod measure;
mod moments;

pub use draw::{HEIGHT, Picture, WIDTH, spark};
pub use measure::Measure;
pub use moments::Moments;

/// Values over time, each line with a value for each step.
pub struct Chart {
    pub moments: Moments,
    pub measure: Measure,
    pub lines: Vec<Values>,
}

/// What a line is made of; `None` where nobody knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Values(pub Vec<Option<f64>>);

impl Values {
    pub fn known(&self) -> impl Iterator<Item = f64> {
        self.0.iter().flatten().copied()
    }

    /// The latest that is known.
    #[must_use]
    pub fn last(&self) -> Option<f64> {
        self.known().last()
    }

    #[must_use]
    pub fn highest(&self) -> Option<f64> {
        self.known().reduce(f64::max)
    }
}
