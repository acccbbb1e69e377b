//! How far the console's cookies reach.

use anb_http::cookies::Reach;

use crate::{PREFIX, state::AppState};

/// The console alone: the public service never gets them.
#[must_use]
pub fn reach(app: &AppState) -> Reach {
    Reach { path: PREFIX, secure: app.secure }
}
