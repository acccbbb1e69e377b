//! The contest itself; most of it can also be changed while everything runs
//! ([`crate::contest`]).

use std::path::{Path, PathBuf};

use anb_domain::{Approval, Color, Contest, Language, ShowcaseRules, Window, voting::VotingWindow};
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Category, check::Report};

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
    /// Which results an operator looks at before everybody does: `none` (default),
    /// `first_video` (those of players of whom nothing is public yet) or `all`.
    pub approval: Approval,
    /// When videos are taken.
    pub submissions: Window,
    pub voting: VotingWindow,
    /// From this moment on the ranking is final (RFC 3339). While it is absent,
    /// the ranking stays provisional after voting has closed.
    pub results_published_at: Option<DateTime<Utc>>,
    /// How many players of each city go to the tournament: the ranking draws a
    /// line below them. 0 draws none. Default 5.
    pub cut_per_city: u32,
    /// What players compete in, if in more than one thing: whoever uploads
    /// chooses one, showcase and ranking can be narrowed down to one, and a
    /// panel of the jury can look at one. Default: none.
    pub categories: Vec<Category>,
    /// Where people write to with questions, and about their data; pages name
    /// it when it is there.
    pub contact_email: Option<String>,
    /// What the contest is, in a sentence or two for the front page.
    pub about: LocalText,
    /// The rules of the contest, in Markdown. Default: made from the rules in
    /// force.
    pub rules_text: LocalText,
    /// What becomes of personal data, in Markdown. Default: what this program
    /// does with them.
    pub privacy_text: LocalText,
    pub brand: BrandSettings,
}

/// A text in the languages in which it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LocalText {
    /// In Spanish. When only the other language is there, everybody gets that.
    pub es: Option<String>,
    /// In English. When only the other language is there, everybody gets that.
    pub en: Option<String>,
}

impl LocalText {
    /// The text, and the language it is in: the one asked for, if it is there.
    #[must_use]
    pub fn read(&self, language: Language) -> Option<(Language, &str)> {
        let other = language.pick(Language::En, Language::Es);
        [language, other].into_iter().find_map(|language| {
            let text = language.pick(&self.es, &self.en).as_deref()?;
            (!text.trim().is_empty()).then_some((language, text))
        })
    }
}

/// What the contest looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BrandSettings {
    /// The brand's colour (`#rrggbb`); what is written on it and in it is made
    /// readable by itself. Default `#f26b21`.
    pub color: Color,
    /// The logo in the head of every page, as SVG. Default: ours, in the
    /// brand's colour.
    pub logo_svg: Option<PathBuf>,
    /// What stands in the corner of every clip, as SVG; wins over
    /// `media.watermark_svg`. Default: that, or one made of logo and colour.
    pub watermark_svg: Option<PathBuf>,
}

impl Default for BrandSettings {
    fn default() -> Self {
        Self { color: Color::new(0xf2, 0x6b, 0x21), logo_svg: None, watermark_svg: None }
    }
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
    #[serde(deserialize_with = "crate::number::exact_if_any")]
    pub min_duration_s: Option<f64>,
    /// Longest accepted clip in seconds.
    #[serde(deserialize_with = "crate::number::exact_if_any")]
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
            approval: Approval::None,
            submissions: Window::default(),
            voting: VotingWindow::default(),
            results_published_at: None,
            cut_per_city: 5,
            categories: Vec::new(),
            contact_email: None,
            about: LocalText::default(),
            rules_text: LocalText::default(),
            privacy_text: LocalText::default(),
            brand: BrandSettings::default(),
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

    /// When what happens.
    #[must_use]
    pub fn contest(&self) -> Contest {
        Contest {
            submissions: self.submissions,
            voting: self.voting.clone(),
            results_published_at: self.results_published_at,
        }
    }
}

impl ShowcaseSettings {
    pub(crate) fn check(&self, report: &mut Report) {
        report.contest(&self.faults());
        let BrandSettings { logo_svg, watermark_svg, .. } = &self.brand;
        let pictures = [
            (logo_svg, "showcase.brand.logo_svg"),
            (watermark_svg, "showcase.brand.watermark_svg"),
        ];
        for (path, key) in pictures {
            let readable = path.as_deref().is_none_or(is_svg);
            report.require(readable, &[key], "there is no SVG picture that can be read");
        }
    }
}

fn is_svg(path: &Path) -> bool {
    std::fs::read_to_string(path).is_ok_and(|picture| picture.contains("<svg"))
}
