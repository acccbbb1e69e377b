//! What players compete in.

use std::collections::HashSet;

use anb_domain::Language;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ContestFault, LocalText};

/// Longest id, in characters.
pub(crate) const MAX_ID: usize = 40;

/// One of the contest's categories.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Category {
    /// What rows, addresses and the API call it: lower-case letters, digits
    /// and `-`. Never change it once there are videos.
    pub id: String,
    /// What people call it.
    pub name: LocalText,
}

impl Category {
    #[must_use]
    pub fn name(&self, language: Language) -> &str {
        self.name.read(language).map_or(&self.id, |(_, name)| name)
    }
}

/// What is wrong with each of them.
pub(crate) fn faults(categories: &[Category]) -> impl Iterator<Item = ContestFault> + use<> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_id = |id: &str| (1..=MAX_ID).contains(&id.len()) && id.chars().all(plain);
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    for category in categories {
        let id = category.id.clone();
        if !is_id(&id) {
            faults.push(ContestFault::NoCategoryId { id });
        } else if !seen.insert(id.as_str().to_owned()) {
            faults.push(ContestFault::SameCategory { id });
        } else if category.name.read(Language::Es).is_none() {
            faults.push(ContestFault::NamelessCategory { id });
        }
    }
    faults.into_iter()
}
