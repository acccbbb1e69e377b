//! From values to coordinates.

use std::fmt::Write as _;

use anb_domain::Language;

use super::{Chart, Values};

/// Of the drawing, in its own units; the page scales it.
pub const WIDTH: f64 = 640.0;
pub const HEIGHT: f64 = 200.0;

/// Where the highest grid line and the base line lie.
const TOP: f64 = 22.0;
const BASE: f64 = 176.0;

/// Of a spark line, which has no axes.
const SPARK_WIDTH: f64 = 100.0;
const SPARK_HEIGHT: f64 = 24.0;

/// What the template draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    pub grid: Vec<Tick>,
    pub moments: Vec<Tick>,
    /// The `d` of a path for each line.
    pub paths: Vec<String>,
}

/// A grid line or a mark on the base line.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    pub at: String,
    pub label: String,
}

/// A path from known value to known value.
pub struct Line<'v> {
    pub values: &'v Values,
    pub width: f64,
    /// Where 0 and the highest value lie.
    pub base: f64,
    pub top: f64,
    pub highest: f64,
}

impl Picture {
    #[must_use]
    pub fn of(chart: &Chart, language: Language) -> Self {
        let highest = chart.lines.iter().filter_map(Values::highest).fold(0.0, f64::max);
        let ticks = chart.measure.ticks(highest);
        let highest = ticks.last().copied().unwrap_or(1.0);
        let y = |value: f64| coordinate(BASE - (BASE - TOP) * value / highest);
        let line = |values| Line { values, width: WIDTH, base: BASE, top: TOP, highest };
        let grid = ticks
            .iter()
            .map(|tick| Tick { at: y(*tick), label: chart.measure.told(*tick, language) });
        let moments = chart.moments.ticks(language).into_iter();
        Self {
            grid: grid.collect(),
            moments: moments
                .map(|(at, label)| Tick { at: coordinate(at * WIDTH), label })
                .collect(),
            paths: chart.lines.iter().map(|values| line(values).path()).collect(),
        }
    }
}

/// The path of a line that is as wide as a word.
#[must_use]
pub fn spark(values: &Values) -> String {
    let highest = values.highest().unwrap_or(0.0);
    let highest = if highest > 0.0 { highest } else { 1.0 };
    let (base, top) = (SPARK_HEIGHT - 2.0, 2.0);
    Line { values, width: SPARK_WIDTH, base, top, highest }.path()
}

impl Line<'_> {
    /// A value that has no neighbour is a dot: a stroke without length, but with
    /// round ends.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        let mut pen_is_down = false;
        for (step, value) in self.values.0.iter().enumerate() {
            let Some(value) = value else {
                pen_is_down = false;
                continue;
            };
            let (x, y) = (coordinate(self.x(step)), coordinate(self.y(*value)));
            let command = if pen_is_down { 'L' } else { 'M' };
            let _ = write!(path, "{command}{x} {y}");
            let is_alone = !pen_is_down && self.values.0.get(step + 1).is_none_or(Option::is_none);
            if is_alone {
                path.push_str("h0");
            }
            pen_is_down = true;
        }
        path
    }

    /// A step's value stands in its middle.
    #[expect(clippy::cast_precision_loss, reason = "some hundred steps")]
    fn x(&self, step: usize) -> f64 {
        (step as f64 + 0.5) / self.values.0.len() as f64 * self.width
    }

    fn y(&self, value: f64) -> f64 {
        self.base - (self.base - self.top) * value / self.highest
    }
}

/// To a tenth: nobody sees more, and pages get no larger.
fn coordinate(value: f64) -> String {
    let told = format!("{value:.1}");
    told.strip_suffix(".0").map_or(told.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{Measure, Moments};
    use super::*;

    fn values(values: &[Option<u8>]) -> Values {
        Values(values.iter().map(|value| value.map(f64::from)).collect())
    }

    #[test]
    fn a_gap_is_left_open_and_a_lone_value_is_a_dot() {
        let known = values(&[Some(0), Some(2), None, Some(4), None, Some(4)]);
        let line = Line { values: &known, width: 60.0, base: 40.0, top: 0.0, highest: 4.0 };
        assert_eq!(line.path(), "M5 40L15 20M35 0h0M55 0h0");
        let none = values(&[None, None]);
        assert_eq!(spark(&none), "");
        assert_eq!(spark(&values(&[Some(0), Some(0)])), "M25 22L75 22", "nothing is not a lot");
    }

    #[test]
    fn a_chart_of_an_hour() {
        let moments = Moments {
            from: "2026-05-01T11:00:00Z".parse().unwrap(),
            step: Duration::from_mins(15),
            steps: 4,
        };
        let lines = vec![
            values(&[Some(0), Some(12), Some(30), Some(37)]),
            values(&[None, Some(5), Some(5), None]),
        ];
        let chart = Chart { moments, measure: Measure::Things, lines };
        insta::assert_debug_snapshot!(Picture::of(&chart, Language::Es));
    }
}
