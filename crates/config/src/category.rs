//! What players compete in.

use std::collections::HashSet;

use anb_domain::Language;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{LocalText, check::Report};

/// Longest id, in characters.
const MAX_ID: usize = 40;

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

pub(crate) fn check(categories: &[Category], report: &mut Report) {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_id = |id: &str| (1..=MAX_ID).contains(&id.len()) && id.chars().all(plain);
    report.require(
        categories.iter().all(|category| is_id(&category.id)),
        &["showcase.categories"],
        "every id must be 1 to 40 lower-case letters, digits and `-`",
    );
    let ids: HashSet<_> = categories.iter().map(|category| &category.id).collect();
    report.require(
        ids.len() == categories.len(),
        &["showcase.categories"],
        "two categories have the same id",
    );
    report.require(
        categories.iter().all(|category| category.name.read(Language::Es).is_some()),
        &["showcase.categories"],
        "every category must have a name",
    );
}
