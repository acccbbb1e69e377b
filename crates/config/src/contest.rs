//! What of the contest can be changed while everything runs: the console keeps
//! it in the database, where it is laid over the settings of files and
//! environment.

use anb_domain::{Color, ShowcaseRules, Window, voting::VotingWindow};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Category, JurySettings, category,
    showcase::{BrandSettings, LocalText, RulesOverride, RulesPreset, ShowcaseSettings},
};

/// What replaces the settings. Each part is replaced as a whole or not at all,
/// so that a date can also be taken away.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContestDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<AboutPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phases: Option<PhasesPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<RulesPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranking: Option<RankingPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jury: Option<JuryPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub categories: Option<CategoriesPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub texts: Option<TextsPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<BrandPart>,
}

/// Who holds the contest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AboutPart {
    pub name: String,
    pub about: LocalText,
    pub contact_email: Option<String>,
}

/// When what happens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PhasesPart {
    pub submissions: Window,
    pub voting: VotingWindow,
    pub results_published_at: Option<DateTime<Utc>>,
}

/// What a clip must fulfil.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RulesPart {
    pub preset: RulesPreset,
    pub rules: RulesOverride,
}

/// Who goes through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RankingPart {
    pub cut_per_city: u32,
}

/// What the jury counts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct JuryPart {
    pub weight: f64,
}

/// What players compete in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CategoriesPart {
    pub categories: Vec<Category>,
}

/// The long texts, in Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TextsPart {
    pub rules_text: LocalText,
    pub privacy_text: LocalText,
}

/// What it all looks like. Pictures are here themselves, not their files: every
/// process of a fleet sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BrandPart {
    pub color: Color,
    /// A cleaned SVG; ours, when absent.
    pub logo_svg: Option<String>,
    /// A cleaned SVG; made of the logo, or ours, when absent.
    pub watermark_svg: Option<String>,
}

impl Default for BrandPart {
    fn default() -> Self {
        Self { color: BrandSettings::default().color, logo_svg: None, watermark_svg: None }
    }
}

impl ContestDocument {
    /// The settings with what replaces them.
    #[must_use]
    pub fn over(&self, files: &ShowcaseSettings) -> ShowcaseSettings {
        let mut now = files.clone();
        if let Some(part) = self.about.clone() {
            (now.name, now.about, now.contact_email) = (part.name, part.about, part.contact_email);
        }
        if let Some(part) = self.phases.clone() {
            (now.submissions, now.voting) = (part.submissions, part.voting);
            now.results_published_at = part.results_published_at;
        }
        if let Some(part) = self.rules.clone() {
            (now.preset, now.rules) = (part.preset, part.rules);
        }
        if let Some(part) = &self.ranking {
            now.cut_per_city = part.cut_per_city;
        }
        if let Some(part) = self.categories.clone() {
            now.categories = part.categories;
        }
        if let Some(part) = self.texts.clone() {
            (now.rules_text, now.privacy_text) = (part.rules_text, part.privacy_text);
        }
        if let Some(part) = &self.brand {
            now.brand = BrandSettings { color: part.color, ..BrandSettings::default() };
        }
        now
    }

    /// The settings of the jury with what replaces them.
    #[must_use]
    pub fn over_jury(&self, files: &JurySettings) -> JurySettings {
        match &self.jury {
            Some(part) => JurySettings { weight: part.weight },
            None => files.clone(),
        }
    }

    /// The names of the parts that replace those of the settings.
    #[must_use]
    pub fn parts(&self) -> Vec<&'static str> {
        let parts = [
            ("about", self.about.is_some()),
            ("phases", self.phases.is_some()),
            ("rules", self.rules.is_some()),
            ("ranking", self.ranking.is_some()),
            ("jury", self.jury.is_some()),
            ("categories", self.categories.is_some()),
            ("texts", self.texts.is_some()),
            ("brand", self.brand.is_some()),
        ];
        parts.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
    }
}

impl From<&ShowcaseSettings> for AboutPart {
    fn from(now: &ShowcaseSettings) -> Self {
        Self {
            name: now.name.clone(),
            about: now.about.clone(),
            contact_email: now.contact_email.clone(),
        }
    }
}

impl From<&ShowcaseSettings> for PhasesPart {
    fn from(now: &ShowcaseSettings) -> Self {
        Self {
            submissions: now.submissions,
            voting: now.voting.clone(),
            results_published_at: now.results_published_at,
        }
    }
}

impl From<&ShowcaseSettings> for RulesPart {
    fn from(now: &ShowcaseSettings) -> Self {
        Self { preset: now.preset, rules: now.rules.clone() }
    }
}

impl From<&ShowcaseSettings> for RankingPart {
    fn from(now: &ShowcaseSettings) -> Self {
        Self { cut_per_city: now.cut_per_city }
    }
}

impl From<&JurySettings> for JuryPart {
    fn from(now: &JurySettings) -> Self {
        Self { weight: now.weight }
    }
}

impl From<&ShowcaseSettings> for CategoriesPart {
    fn from(now: &ShowcaseSettings) -> Self {
        Self { categories: now.categories.clone() }
    }
}

impl From<&ShowcaseSettings> for TextsPart {
    fn from(now: &ShowcaseSettings) -> Self {
        Self { rules_text: now.rules_text.clone(), privacy_text: now.privacy_text.clone() }
    }
}

/// The part of the document to which a setting belongs; `None` for one that
/// only files have.
#[must_use]
pub fn part_of(key: &str) -> Option<&'static str> {
    let Some(name) = key.strip_prefix("showcase.") else {
        return (key == "jury.weight").then_some("jury");
    };
    match name.split('.').next().unwrap_or_default() {
        "name" | "about" | "contact_email" => Some("about"),
        "submissions" | "voting" | "results_published_at" => Some("phases"),
        "preset" | "rules" => Some("rules"),
        "cut_per_city" => Some("ranking"),
        "categories" => Some("categories"),
        "rules_text" | "privacy_text" => Some("texts"),
        "brand" => Some("brand"),
        _ => None,
    }
}

/// Why a contest cannot be as somebody wants it.
#[derive(Debug, Clone, PartialEq)]
pub enum ContestFault {
    NoName,
    NoAddress,
    NoFileFits,
    NoPictureFits {
        max_side: u32,
    },
    NegativeDuration,
    NoDurationFits {
        min_s: f64,
        max_s: f64,
    },
    NoLinesFit {
        min_lines: u32,
        max_side: u32,
    },
    SubmissionsEndBeforeTheyBegin,
    VotingEndsBeforeItBegins,
    VotingClosesBeforeSubmissions,
    ResultsBeforeVotingCloses,
    NoSuchWeight {
        weight: f64,
    },
    NoCategoryId {
        id: String,
    },
    SameCategory {
        id: String,
    },
    NamelessCategory {
        id: String,
    },
    /// It would go although something is in it.
    CategoryInUse {
        id: String,
        videos: u64,
        panels: u64,
    },
}

/// Fewer pixels on a side are no picture.
const MIN_SIDE: u32 = 16;

impl ContestFault {
    /// The settings that do not go together.
    #[must_use]
    pub fn keys(&self) -> &'static [&'static str] {
        match self {
            Self::NoName => &["showcase.name"],
            Self::NoAddress => &["showcase.contact_email"],
            Self::NoFileFits => &["showcase.rules.max_size_bytes"],
            Self::NoPictureFits { .. } => &["showcase.rules.max_side"],
            Self::NegativeDuration => &["showcase.rules.min_duration_s"],
            Self::NoDurationFits { .. } => {
                &["showcase.rules.min_duration_s", "showcase.rules.max_duration_s"]
            }
            Self::NoLinesFit { .. } => &["showcase.rules.min_lines", "showcase.rules.max_side"],
            Self::SubmissionsEndBeforeTheyBegin => {
                &["showcase.submissions.opens_at", "showcase.submissions.closes_at"]
            }
            Self::VotingEndsBeforeItBegins => {
                &["showcase.voting.opens_at", "showcase.voting.closes_at"]
            }
            Self::VotingClosesBeforeSubmissions => {
                &["showcase.submissions.closes_at", "showcase.voting.closes_at"]
            }
            Self::ResultsBeforeVotingCloses => {
                &["showcase.voting.closes_at", "showcase.results_published_at"]
            }
            Self::NoSuchWeight { .. } => &["jury.weight"],
            Self::NoCategoryId { .. }
            | Self::SameCategory { .. }
            | Self::NamelessCategory { .. }
            | Self::CategoryInUse { .. } => &["showcase.categories"],
        }
    }

    /// What is wrong, in one sentence without the names of the settings.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::NoName => "must not be empty".into(),
            Self::NoAddress => "is not an e-mail address".into(),
            Self::NoFileFits => "must be at least 1, but is 0".into(),
            Self::NoPictureFits { max_side } => {
                format!("must be at least {MIN_SIDE}, but is {max_side}")
            }
            Self::NegativeDuration => "must not be below 0".into(),
            Self::NoDurationFits { min_s, max_s } => {
                format!("no clip lasts at least {min_s} s and at most {max_s} s")
            }
            Self::NoLinesFit { min_lines, max_side } => format!(
                "no clip has at least {min_lines} lines and at most {max_side} pixels on a side"
            ),
            Self::SubmissionsEndBeforeTheyBegin => "submissions must open before they close".into(),
            Self::VotingEndsBeforeItBegins => "voting must open before it closes".into(),
            Self::VotingClosesBeforeSubmissions => {
                "voting must not close before submissions do".into()
            }
            Self::ResultsBeforeVotingCloses => {
                "results must not be published before voting closes".into()
            }
            Self::NoSuchWeight { weight } => {
                format!("must be between 0 and 1 with two decimals at most, but is {weight}")
            }
            Self::NoCategoryId { id } => format!(
                "{id:?} is no id: it must be 1 to {} lower-case letters, digits and `-`",
                category::MAX_ID
            ),
            Self::SameCategory { id } => format!("two categories have the id {id:?}"),
            Self::NamelessCategory { id } => format!("{id:?} must have a name"),
            Self::CategoryInUse { id, videos, panels } => format!(
                "{id:?} must stay: {videos} videos and {panels} panels of the jury are in it"
            ),
        }
    }
}

impl ShowcaseSettings {
    /// Everything that is impossible in this contest.
    #[must_use]
    pub fn faults(&self) -> Vec<ContestFault> {
        let address = self.contact_email.as_deref();
        let known = address.is_none_or(|address| address.parse::<anb_domain::Email>().is_ok());
        let name = self.name.trim().is_empty().then_some(ContestFault::NoName);
        let address = (!known).then_some(ContestFault::NoAddress);
        name.into_iter()
            .chain(rules_faults(&self.rules()))
            .chain(self.date_faults())
            .chain(address)
            .chain(category::faults(&self.categories))
            .collect()
    }

    fn date_faults(&self) -> impl Iterator<Item = ContestFault> + use<> {
        let (submissions, voting) = (self.submissions, self.voting.window());
        let ends = (submissions.closes_at, voting.closes_at);
        let before = match (voting.closes_at, self.results_published_at) {
            (Some(closes), Some(published)) => published < closes,
            (None, Some(_)) => true,
            (_, None) => false,
        };
        [
            (!submissions.is_in_order(), ContestFault::SubmissionsEndBeforeTheyBegin),
            (!voting.is_in_order(), ContestFault::VotingEndsBeforeItBegins),
            (
                matches!(ends, (Some(submitted), Some(voted)) if voted < submitted),
                ContestFault::VotingClosesBeforeSubmissions,
            ),
            (before, ContestFault::ResultsBeforeVotingCloses),
        ]
        .into_iter()
        .filter(|(wrong, _)| *wrong)
        .map(|(_, fault)| fault)
    }
}

fn rules_faults(rules: &ShowcaseRules) -> impl Iterator<Item = ContestFault> + use<> {
    let (min_s, max_s) = (rules.min_duration_s, rules.max_duration_s);
    let (min_lines, max_side) = (rules.min_lines, rules.max_side);
    let lasts = max_s > 0.0 && min_s <= max_s;
    [
        (rules.max_size_bytes < 1, ContestFault::NoFileFits),
        (max_side < MIN_SIDE, ContestFault::NoPictureFits { max_side }),
        (min_s < 0.0, ContestFault::NegativeDuration),
        (!lasts, ContestFault::NoDurationFits { min_s, max_s }),
        (min_lines > max_side, ContestFault::NoLinesFit { min_lines, max_side }),
    ]
    .into_iter()
    .filter(|(wrong, _)| *wrong)
    .map(|(_, fault)| fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_replaced_stays_as_the_files_say() {
        let files = ShowcaseSettings { cut_per_city: 7, ..ShowcaseSettings::default() };
        assert_eq!(ContestDocument::default().over(&files).cut_per_city, 7);
        let part = AboutPart { name: "Copa Bogotá".into(), ..AboutPart::default() };
        let document = ContestDocument { about: Some(part), ..ContestDocument::default() };
        let now = document.over(&files);
        assert_eq!((now.name.as_str(), now.cut_per_city), ("Copa Bogotá", 7));
        assert_eq!(document.parts(), ["about"]);
    }

    #[test]
    fn a_date_of_the_files_can_be_taken_away() {
        let mut files = ShowcaseSettings::default();
        files.voting.closes_at = "2026-05-20T00:00:00Z".parse().ok();
        let phases = Some(PhasesPart::default());
        let now = ContestDocument { phases, ..ContestDocument::default() }.over(&files);
        assert_eq!(now.voting.closes_at, None);
    }

    #[test]
    fn a_document_survives_the_database_and_a_newer_version() {
        let brand = BrandPart { logo_svg: Some("<svg/>".into()), ..BrandPart::default() };
        let document = ContestDocument {
            brand: Some(brand),
            ranking: Some(RankingPart { cut_per_city: 3 }),
            ..ContestDocument::default()
        };
        let mut json = serde_json::to_value(&document).unwrap();
        assert_eq!(json["ranking"]["cut_per_city"], 3);
        assert!(json.get("phases").is_none(), "{json}");
        json["of_tomorrow"] = true.into();
        assert_eq!(serde_json::from_value::<ContestDocument>(json).unwrap(), document);
    }
}
