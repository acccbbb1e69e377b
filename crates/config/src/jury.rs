//! What the jury counts.

use anb_domain::jury::JuryWeight;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ContestFault, check::Report};

/// Section `jury`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct JurySettings {
    /// How much the jury's score counts in the final ranking, from 0 (votes
    /// alone) to 1 (jury alone), in steps of 0.01; the votes count the rest. It
    /// takes effect when the results are published. Default 0.
    #[serde(deserialize_with = "crate::number::exact")]
    pub weight: f64,
}

impl JurySettings {
    /// The weight in whole percent.
    #[must_use]
    pub fn weight(&self) -> JuryWeight {
        JuryWeight::from_fraction(self.weight).unwrap_or_default()
    }

    /// Everything that is impossible here.
    #[must_use]
    pub fn faults(&self) -> Vec<ContestFault> {
        let weight = self.weight;
        let known = JuryWeight::from_fraction(weight).is_some();
        (!known).then_some(ContestFault::NoSuchWeight { weight }).into_iter().collect()
    }

    pub(crate) fn check(&self, report: &mut Report) {
        report.contest(&self.faults());
    }
}
