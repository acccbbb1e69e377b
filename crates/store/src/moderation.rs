//! Who sees a video: what awaits a look when it is made, what operators rule
//! afterwards, and what the public finds wrong with it.

mod approval;
mod reports;
mod rule;
mod worklist;

pub use reports::{NewReport, Report, ReportError, ReportedVideo};
pub(crate) use reports::{forget_reporter, forget_reports};
pub use rule::RuleError;
pub use worklist::Entry;
use worklist::entries;
