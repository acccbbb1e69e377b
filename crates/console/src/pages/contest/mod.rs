//! `/console/contest`: what of the contest can be changed while everything
//! runs. Each part is a form; what it would change is shown before it is saved.

mod brand;
mod categories;
mod change;
mod clip;
mod fields;
mod show;
mod timeline;
mod typed;
mod versions;

pub use clip::Clips;

use axum::extract::DefaultBodyLimit;

use crate::Routes;

/// The texts of a contest, and what a form adds to them.
const MAX_FORM_BYTES: usize = 256 << 10;

pub fn routes() -> Routes {
    show::routes()
        .merge(change::routes())
        .merge(versions::routes())
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .merge(brand::routes())
}
