//! The messages that say what something is.

use anb_domain::{FailureCode, Role, VideoStatus, Visibility};

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

/// Why something was rejected or failed, in a word or two, for operators.
#[must_use]
pub fn reason(code: FailureCode) -> &'static str {
    match code {
        FailureCode::NotAVideo => "overview-code-not-a-video",
        FailureCode::NoVideoStream => "overview-code-no-video-stream",
        FailureCode::Unreadable => "overview-code-unreadable",
        FailureCode::TooLarge => "overview-code-too-large",
        FailureCode::TooShort => "overview-code-too-short",
        FailureCode::TooLong => "overview-code-too-long",
        FailureCode::ResolutionTooLow => "overview-code-resolution-too-low",
        FailureCode::ResolutionTooHigh => "overview-code-resolution-too-high",
        FailureCode::TimedOut => "overview-code-timed-out",
        FailureCode::ProcessingFailed => "overview-code-processing-failed",
        FailureCode::OutOfSpace => "overview-code-out-of-space",
        FailureCode::StorageUnavailable => "overview-code-storage-unavailable",
        FailureCode::OriginalMissing => "overview-code-original-missing",
        FailureCode::WorkerLost => "overview-code-worker-lost",
        FailureCode::Cancelled => "overview-code-cancelled",
        FailureCode::Internal => "overview-code-internal",
    }
}

/// The message that says who sees a video.
#[must_use]
pub fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "seen-public",
        Visibility::Awaiting => "seen-awaiting",
        Visibility::Hidden => "seen-hidden",
        Visibility::Disqualified => "seen-disqualified",
    }
}
