//! The parts of a contest and their fields: which there are, what they show of a
//! contest, and what becomes of a contest by what was typed into them.

use anb_config::{
    ContestDocument, ContestFault,
    contest::{AboutPart, JuryPart, PhasesPart, RankingPart, RulesPart, TextsPart},
    showcase::{RulesOverride, RulesPreset},
};
use anb_contest::ContestNow;
use chrono::{DateTime, Utc};

use super::{
    categories,
    typed::{Fault, Typed, Zone},
};

const MEGABYTE: f64 = 1_000_000.0;

/// What is changed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    About,
    Phases,
    Rules,
    Ranking,
    Jury,
    Categories,
    Texts,
}

/// How a field looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Line,
    Email,
    /// Whole or not.
    Number,
    Moment,
    Long,
    /// A category on each line.
    Categories,
    Preset,
}

/// A field, whose name is that of the setting.
pub struct FieldOf {
    pub part: Part,
    pub name: &'static str,
    pub label: &'static str,
    pub kind: Kind,
}

const fn field(part: Part, name: &'static str, label: &'static str, kind: Kind) -> FieldOf {
    FieldOf { part, name, label, kind }
}

pub const FIELDS: [FieldOf; 22] = [
    field(Part::Phases, "submissions.opens_at", "contest-submissions-open", Kind::Moment),
    field(Part::Phases, "submissions.closes_at", "contest-submissions-close", Kind::Moment),
    field(Part::Phases, "voting.opens_at", "contest-voting-opens", Kind::Moment),
    field(Part::Phases, "voting.closes_at", "contest-voting-closes", Kind::Moment),
    field(Part::Phases, "results_published_at", "contest-results-published", Kind::Moment),
    field(Part::Rules, "preset", "contest-preset", Kind::Preset),
    field(Part::Rules, "rules.max_size_bytes", "contest-max-size", Kind::Number),
    field(Part::Rules, "rules.min_duration_s", "contest-min-duration", Kind::Number),
    field(Part::Rules, "rules.max_duration_s", "contest-max-duration", Kind::Number),
    field(Part::Rules, "rules.min_lines", "contest-min-lines", Kind::Number),
    field(Part::Rules, "rules.max_side", "contest-max-side", Kind::Number),
    field(Part::Ranking, "cut_per_city", "contest-cut", Kind::Number),
    field(Part::Jury, "jury.weight", "contest-jury-weight", Kind::Number),
    field(Part::Categories, "categories", "contest-categories", Kind::Categories),
    field(Part::About, "name", "contest-name", Kind::Line),
    field(Part::About, "contact_email", "contest-contact", Kind::Email),
    field(Part::About, "about.es", "contest-about-es", Kind::Long),
    field(Part::About, "about.en", "contest-about-en", Kind::Long),
    field(Part::Texts, "rules_text.es", "contest-rules-es", Kind::Long),
    field(Part::Texts, "rules_text.en", "contest-rules-en", Kind::Long),
    field(Part::Texts, "privacy_text.es", "contest-privacy-es", Kind::Long),
    field(Part::Texts, "privacy_text.en", "contest-privacy-en", Kind::Long),
];

impl Part {
    pub const ALL: [Self; 7] = [
        Self::Phases,
        Self::Rules,
        Self::Ranking,
        Self::Jury,
        Self::Categories,
        Self::About,
        Self::Texts,
    ];

    /// In addresses, and in the document.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::About => "about",
            Self::Phases => "phases",
            Self::Rules => "rules",
            Self::Ranking => "ranking",
            Self::Jury => "jury",
            Self::Categories => "categories",
            Self::Texts => "texts",
        }
    }

    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }

    /// The messages that name it and say what it is for.
    #[must_use]
    pub fn messages(self) -> [&'static str; 2] {
        match self {
            Self::About => ["contest-part-about", "contest-part-about-detail"],
            Self::Phases => ["contest-part-phases", "contest-part-phases-detail"],
            Self::Rules => ["contest-part-rules", "contest-part-rules-detail"],
            Self::Ranking => ["contest-part-ranking", "contest-part-ranking-detail"],
            Self::Jury => ["contest-part-jury", "contest-part-jury-detail"],
            Self::Categories => ["contest-part-categories", "contest-part-categories-detail"],
            Self::Texts => ["contest-part-texts", "contest-part-texts-detail"],
        }
    }

    /// The document with this part as it was typed.
    pub fn into(
        self,
        mut document: ContestDocument,
        typed: &mut Typed,
        now: DateTime<Utc>,
    ) -> ContestDocument {
        match self {
            Self::About => document.about = Some(about(typed)),
            Self::Phases => document.phases = Some(phases(typed, now)),
            Self::Rules => document.rules = Some(rules(typed)),
            Self::Ranking => {
                let cut_per_city = typed.number("cut_per_city").unwrap_or(0);
                document.ranking = Some(RankingPart { cut_per_city });
            }
            Self::Jury => document.jury = Some(jury(typed)),
            Self::Categories => document.categories = Some(categories::read(typed)),
            Self::Texts => document.texts = Some(texts(typed)),
        }
        document
    }

    /// The document without it: the settings of the files are in force again.
    #[must_use]
    pub fn out_of(self, mut document: ContestDocument) -> ContestDocument {
        match self {
            Self::About => document.about = None,
            Self::Phases => document.phases = None,
            Self::Rules => document.rules = None,
            Self::Ranking => document.ranking = None,
            Self::Jury => document.jury = None,
            Self::Categories => document.categories = None,
            Self::Texts => document.texts = None,
        }
        document
    }
}

fn about(typed: &Typed) -> AboutPart {
    AboutPart {
        name: typed.text("name").unwrap_or_default(),
        about: typed.local("about"),
        contact_email: typed.text("contact_email"),
    }
}

fn phases(typed: &mut Typed, now: DateTime<Utc>) -> PhasesPart {
    let mut phases = PhasesPart::default();
    phases.submissions.opens_at = typed.moment("submissions.opens_at");
    phases.submissions.closes_at = typed.moment("submissions.closes_at");
    phases.voting.opens_at = typed.moment("voting.opens_at");
    phases.voting.closes_at = typed.moment("voting.closes_at");
    let published = typed.moment("results_published_at");
    phases.results_published_at = if typed.is_set("publish_now") { Some(now) } else { published };
    phases
}

fn jury(typed: &mut Typed) -> JuryPart {
    JuryPart { weight: typed.number::<f64>("jury.weight").unwrap_or(0.0) / 100.0 }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a size of a file; `as` saturates"
)]
fn rules(typed: &mut Typed) -> RulesPart {
    let megabytes = typed.number::<f64>("rules.max_size_bytes");
    RulesPart {
        preset: if typed.raw("preset") == Some("anb") {
            RulesPreset::Anb
        } else {
            RulesPreset::Default
        },
        rules: RulesOverride {
            max_size_bytes: megabytes.map(|megabytes| (megabytes * MEGABYTE).round() as u64),
            min_duration_s: typed.number("rules.min_duration_s"),
            max_duration_s: typed.number("rules.max_duration_s"),
            min_lines: typed.number("rules.min_lines"),
            max_side: typed.number("rules.max_side"),
        },
    }
}

fn texts(typed: &Typed) -> TextsPart {
    TextsPart { rules_text: typed.local("rules_text"), privacy_text: typed.local("privacy_text") }
}

/// What a field shows of a contest.
#[must_use]
pub fn value(name: &str, contest: &ContestNow, zone: Zone) -> String {
    let moment = |at: Option<DateTime<Utc>>| at.map(|at| zone.write(at)).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let own = &contest.rules;
    match name {
        "submissions.opens_at" => moment(contest.submissions.opens_at),
        "submissions.closes_at" => moment(contest.submissions.closes_at),
        "voting.opens_at" => moment(contest.voting.opens_at),
        "voting.closes_at" => moment(contest.voting.closes_at),
        "results_published_at" => moment(contest.results_published_at),
        "preset" => if contest.preset == RulesPreset::Anb { "anb" } else { "default" }.to_owned(),
        "rules.max_size_bytes" => own.max_size_bytes.map(megabytes).unwrap_or_default(),
        "rules.min_duration_s" => own.min_duration_s.map(|it| it.to_string()).unwrap_or_default(),
        "rules.max_duration_s" => own.max_duration_s.map(|it| it.to_string()).unwrap_or_default(),
        "rules.min_lines" => own.min_lines.map(|it| it.to_string()).unwrap_or_default(),
        "rules.max_side" => own.max_side.map(|it| it.to_string()).unwrap_or_default(),
        "cut_per_city" => contest.cut_per_city.to_string(),
        "jury.weight" => contest.jury.weight().percent().to_string(),
        "categories" => categories::write(&contest.categories),
        "name" => contest.name.clone(),
        "contact_email" => text(&contest.contact_email),
        "about.es" => text(&contest.about.es),
        "about.en" => text(&contest.about.en),
        "rules_text.es" => text(&contest.rules_text.es),
        "rules_text.en" => text(&contest.rules_text.en),
        "privacy_text.es" => text(&contest.privacy_text.es),
        "privacy_text.en" => text(&contest.privacy_text.en),
        _ => String::new(),
    }
}

fn megabytes(bytes: u64) -> String {
    (bytes as f64 / MEGABYTE).to_string()
}

/// The message that says what is wrong; it stands at the last of its fields.
#[must_use]
pub fn fault(fault: &ContestFault) -> Fault {
    let key = fault.keys().last().copied().unwrap_or_default();
    let message = match fault {
        ContestFault::NoName => "contest-fault-name",
        ContestFault::NoAddress => "contest-fault-address",
        ContestFault::NoFileFits => "contest-fault-file",
        ContestFault::NoPictureFits { .. } => "contest-fault-picture",
        ContestFault::NegativeDuration => "contest-fault-negative",
        ContestFault::NoDurationFits { .. } => "contest-fault-duration",
        ContestFault::NoLinesFit { .. } => "contest-fault-lines",
        ContestFault::SubmissionsEndBeforeTheyBegin => "contest-fault-submissions",
        ContestFault::VotingEndsBeforeItBegins => "contest-fault-voting",
        ContestFault::VotingClosesBeforeSubmissions => "contest-fault-voting-first",
        ContestFault::ResultsBeforeVotingCloses => "contest-fault-results",
        ContestFault::NoSuchWeight { .. } => "contest-fault-weight",
        ContestFault::NoCategoryId { .. } => "contest-fault-category-id",
        ContestFault::SameCategory { .. } => "contest-fault-category-twice",
        ContestFault::NamelessCategory { .. } => "contest-fault-category-name",
        ContestFault::CategoryInUse { .. } => "contest-fault-category-in-use",
    };
    let what = match fault {
        ContestFault::NoCategoryId { id }
        | ContestFault::SameCategory { id }
        | ContestFault::NamelessCategory { id }
        | ContestFault::CategoryInUse { id, .. } => id.clone(),
        _ => String::new(),
    };
    Fault { what, ..Fault::of(key.trim_start_matches("showcase."), message) }
}

/// The message that names a setting; `None` for one that no form has.
#[must_use]
pub fn label(name: &str) -> Option<&'static str> {
    match name {
        "brand.color" => Some("brand-color"),
        "brand.logo_svg" => Some("brand-logo"),
        "brand.watermark_svg" => Some("brand-watermark"),
        name => FIELDS.iter().find(|field| field.name == name).map(|field| field.label),
    }
}
