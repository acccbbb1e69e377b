//! The messages that say what something is.

use anb_domain::{Role, VideoStatus};

/// A state of videos, as the heading of their number.
#[must_use]
pub fn state(status: VideoStatus) -> &'static str {
    match status {
        VideoStatus::Uploading => "state-uploading",
        VideoStatus::Pending => "state-pending",
        VideoStatus::Processing => "state-processing",
        VideoStatus::Completed => "state-completed",
        VideoStatus::Rejected => "state-rejected",
        VideoStatus::Failed => "state-failed",
        VideoStatus::Deleted => "state-deleted",
    }
}

/// The state of one video.
#[must_use]
pub fn state_of_one(status: VideoStatus) -> &'static str {
    match status {
        VideoStatus::Uploading => "one-uploading",
        VideoStatus::Pending => "one-pending",
        VideoStatus::Processing => "one-processing",
        VideoStatus::Completed => "one-completed",
        VideoStatus::Rejected => "one-rejected",
        VideoStatus::Failed => "one-failed",
        VideoStatus::Deleted => "one-deleted",
    }
}

#[must_use]
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Player => "role-player",
        Role::Jury => "role-jury",
        Role::Operator => "role-operator",
        Role::Admin => "role-admin",
    }
}
