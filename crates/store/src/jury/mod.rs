//! The jury's panels, sheets and results.
//!
//! A panel scores the published videos of its scope. What a juror makes of a
//! video is a *sheet*: marks, a comment, and how far it is. Nobody but the
//! juror reads it before the panel is closed; from then on nothing changes it.

mod forget;
mod panels;
mod plan;
mod progress;
mod results;
mod score;
mod secret;
mod sheets;

pub(crate) use forget::{forget_juror, forget_video};
pub use panels::{Panel, PanelCriterion};
pub use plan::{PanelError, PanelPlan};
pub use progress::{JurorProgress, PanelProgress, VideoProgress};
pub use results::{JuryScores, VideoResult};
pub use score::{SaveError, SheetEntry, SheetIntent};
pub use sheets::{JurorPanel, Sheet, SheetLine};

use anb_domain::jury::PanelScope;
use sea_orm::{ColumnTrait as _, QueryFilter as _, Select};

use crate::{
    entity::videos,
    public::{from_place, published},
};

/// The videos that a panel looks at: those that everybody may see.
fn in_scope(scope: &PanelScope) -> Select<videos::Entity> {
    match scope {
        PanelScope::All => published(),
        PanelScope::City { city, country } => {
            from_place(published(), Some(city.as_str()), Some(country.as_str()))
        }
        PanelScope::Category(id) => published().filter(videos::Column::Category.eq(id.as_str())),
    }
}
