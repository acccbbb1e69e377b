//! What the showcase is about, free of I/O: who takes part, the life of a
//! video, what a clip must fulfil, who may vote.
//!
//! Every other crate depends on this one; this one depends on nobody.

pub mod audit;
pub mod clock;
pub mod color;
pub mod contest;
pub mod cost;
pub mod failure;
pub mod history;
pub mod ids;
pub mod jury;
pub mod keys;
pub mod language;
pub mod player;
pub mod report;
pub mod reprocess;
pub mod retry;
pub mod rules;
pub mod text;
pub mod video;
pub mod visibility;
pub mod vote_review;
pub mod voting;
pub mod webhook;

pub use audit::{Action, Subject};
pub use clock::{Clock, IdSource, SystemClock, SystemIds};
pub use color::Color;
pub use contest::{Contest, Phase, Standing, Window};
pub use cost::{HourlyPrices, TaskSize};
pub use failure::{Failure, FailureCode};
pub use history::Happening;
pub use ids::{AttemptId, AttemptNo, CriterionId, LeaseToken, PanelId, PlayerId, VideoId};
pub use language::Language;
pub use player::{Email, Role};
pub use report::ReportReason;
pub use reprocess::{JobState, RunScope, RunState};
pub use rules::{ShowcaseRules, SourceFacts};
pub use text::{CriterionName, InvalidText, PanelName, PersonName, Place, Reason, Title};
pub use video::{IllegalTransition, Transition, VideoStatus};
pub use visibility::{Approval, IllegalRuling, Ruling, Visibility};
pub use webhook::EventKind;
