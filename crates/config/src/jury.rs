//! What the jury counts.

use anb_domain::jury::JuryWeight;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Report;

/// Section `jury`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct JurySettings {
    /// How much the jury's score counts in the final ranking, from 0 (votes
    /// alone) to 1 (jury alone), in steps of 0.01; the votes count the rest. It
    /// takes effect when the results are published. Default 0.
    pub weight: f64,
}

impl JurySettings {
    /// The weight in whole percent.
    #[must_use]
    pub fn weight(&self) -> JuryWeight {
        JuryWeight::from_fraction(self.weight).unwrap_or_default()
    }

    pub(crate) fn check(&self, report: &mut Report) {
        report.within("jury.weight", self.weight, 0.0, 1.0);
        let whole =
            !(0.0..=1.0).contains(&self.weight) || JuryWeight::from_fraction(self.weight).is_some();
        report.require(whole, &["jury.weight"], "must not have more than two decimals");
    }
}
