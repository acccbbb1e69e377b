//! The forms by which a video is published, hidden or disqualified. There are
//! none yet.

use anb_store::Video;

#[derive(Default)]
pub struct Moderation {
    /// As it is put into the page.
    pub html: String,
}

impl Moderation {
    pub fn of(_: &Video) -> Self {
        Self::default()
    }
}
