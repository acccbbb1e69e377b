//! The videos by state, and the bar that shows their shares.

use anb_domain::VideoStatus;

use super::figures::Now;
use crate::words::state;

/// The states that are shown; tombstones interest nobody.
const SHOWN: [VideoStatus; 6] = [
    VideoStatus::Uploading,
    VideoStatus::Pending,
    VideoStatus::Processing,
    VideoStatus::Completed,
    VideoStatus::Rejected,
    VideoStatus::Failed,
];

/// Of the bar, whose length is divided among the states.
const BAR_LENGTH: u64 = 1000;

/// The videos in one state.
pub struct InState {
    /// For the style sheet.
    pub class: &'static str,
    /// The message that is its name.
    pub id: &'static str,
    pub videos: u64,
    pub link: String,
    /// Its piece of the bar.
    pub begins: u64,
    pub length: u64,
}

#[must_use]
pub fn in_states(now: &Now) -> Vec<InState> {
    divided(&SHOWN.map(|state| (state, now.videos_in(state))))
}

fn divided(figures: &[(VideoStatus, u64)]) -> Vec<InState> {
    let total = figures.iter().map(|(_, videos)| videos).sum::<u64>().max(1);
    let mut before = 0;
    let mut piece = |videos: u64| {
        let begins = before * BAR_LENGTH / total;
        before += videos;
        (begins, before * BAR_LENGTH / total - begins)
    };
    figures
        .iter()
        .map(|&(status, videos)| {
            let (begins, length) = piece(videos);
            let link = format!("/console/videos?status={status}");
            InState { class: status.as_str(), id: state(status), videos, link, begins, length }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_divided_without_gaps() {
        let figures = [
            (VideoStatus::Pending, 1),
            (VideoStatus::Completed, 2),
            (VideoStatus::Rejected, 0),
            (VideoStatus::Failed, 4),
        ];
        let pieces: Vec<_> =
            divided(&figures).iter().map(|piece| (piece.begins, piece.length)).collect();
        assert_eq!(pieces, [(0, 142), (142, 286), (428, 0), (428, 572)]);
        let none = divided(&[(VideoStatus::Pending, 0)]);
        assert_eq!(none[0].length, 0);
    }
}
