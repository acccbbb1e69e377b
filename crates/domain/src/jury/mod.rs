//! The jury: what it looks at, how it marks, and what becomes of its marks
//! beside the votes of the public.

mod comment;
mod criteria;
mod mark;
mod panel;
mod ranking;
mod result;

pub use comment::Comment;
pub use criteria::{Criteria, Criterion, InvalidCriteria};
pub use mark::{InvalidMark, Mark, Points};
pub use panel::{PanelScope, PanelStage, ScopeKind, SheetState};
pub use ranking::{Contestant, FinalScore, JuryWeight, Place, places};
pub use result::{Total, panel_score, spread, video_score};
