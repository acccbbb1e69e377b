//! The contest itself.

use anb_domain::{Language, ShowcaseRules, voting::VotingWindow};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Report;

/// Section `showcase`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShowcaseSettings {
    /// The contest's name, as pages and documentation show it.
    pub name: String,
    /// Used when a request asks for no language we speak. Default `es`.
    pub default_language: Language,
    /// A set of rules by name: `default` (1 s to 10 min, any size) or `anb`
    /// (20 to 60 s, at least 1080 lines). Single rules in `showcase.rules`
    /// replace those of the preset.
    pub preset: RulesPreset,
    /// What a clip must fulfil.
    pub rules: RulesOverride,
    pub voting: VotingWindow,
}

/// A named set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RulesPreset {
    /// 1 s to 10 min, any size.
    #[default]
    Default,
    /// 20 to 60 s, at least 1080 lines.
    Anb,
}

/// Single rules that replace those of the preset.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RulesOverride {
    /// Largest accepted file in bytes.
    pub max_size_bytes: Option<u64>,
    /// Shortest accepted clip in seconds.
    pub min_duration_s: Option<f64>,
    /// Longest accepted clip in seconds.
    pub max_duration_s: Option<f64>,
    /// Fewest lines on the shorter side.
    pub min_lines: Option<u32>,
    /// Longest side in pixels.
    pub max_side: Option<u32>,
}

impl Default for ShowcaseSettings {
    fn default() -> Self {
        Self {
            name: "ANB Rising Stars Showcase".into(),
            default_language: Language::Es,
            preset: RulesPreset::Default,
            rules: RulesOverride::default(),
            voting: VotingWindow::default(),
        }
    }
}

impl ShowcaseSettings {
    /// The preset with its replacements: the rules in force.
    #[must_use]
    pub fn rules(&self) -> ShowcaseRules {
        let preset = match self.preset {
            RulesPreset::Default => ShowcaseRules::default(),
            RulesPreset::Anb => ShowcaseRules::anb(),
        };
        let own = &self.rules;
        ShowcaseRules {
            max_size_bytes: own.max_size_bytes.unwrap_or(preset.max_size_bytes),
            min_duration_s: own.min_duration_s.unwrap_or(preset.min_duration_s),
            max_duration_s: own.max_duration_s.unwrap_or(preset.max_duration_s),
            min_lines: own.min_lines.unwrap_or(preset.min_lines),
            max_side: own.max_side.unwrap_or(preset.max_side),
        }
    }
}

impl ShowcaseSettings {
    pub(crate) fn check(&self, report: &mut Report) {
        report.require(!self.name.trim().is_empty(), &["showcase.name"], "must not be empty");
        let rules = self.rules();
        report.at_least("showcase.rules.max_size_bytes", rules.max_size_bytes, 1);
        report.at_least("showcase.rules.max_side", rules.max_side, 16);
        report.require(
            rules.min_duration_s >= 0.0,
            &["showcase.rules.min_duration_s"],
            "must not be below 0",
        );
        report.require(
            rules.max_duration_s > 0.0 && rules.min_duration_s <= rules.max_duration_s,
            &["showcase.rules.min_duration_s", "showcase.rules.max_duration_s"],
            format!(
                "no clip lasts at least {} s and at most {} s",
                rules.min_duration_s, rules.max_duration_s
            ),
        );
        report.require(
            rules.min_lines <= rules.max_side,
            &["showcase.rules.min_lines", "showcase.rules.max_side"],
            format!(
                "no clip has at least {} lines and at most {} pixels on a side",
                rules.min_lines, rules.max_side
            ),
        );
        let window = (self.voting.opens_at, self.voting.closes_at);
        report.require(
            !matches!(window, (Some(opens), Some(closes)) if opens >= closes),
            &["showcase.voting.opens_at", "showcase.voting.closes_at"],
            "voting must open before it closes",
        );
    }
}
