//! What the audit log can say: which deeds there are, and what they are done
//! to.

use std::{fmt, str::FromStr};

use thiserror::Error;

use crate::{PlayerId, VideoId};

/// A deed of somebody who operates the platform. Its name is kept in the log
/// for good, so that it is never changed, and never means anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Action(&'static str);

/// The text names no deed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown action {0:?}")]
pub struct UnknownAction(String);

macro_rules! actions {
    ($($constant:ident = $name:literal,)+) => {
        impl Action {
            $(pub const $constant: Self = Self($name);)+

            /// Every one, in the order in which a list shows them.
            pub const ALL: &[Self] = &[$(Self::$constant),+];
        }
    };
}

actions! {
    SIGNED_IN = "signed-in",
    SIGN_IN_REFUSED = "sign-in-refused",
    SIGNED_OUT = "signed-out",
    SESSION_ENDED = "session-ended",
    SECOND_FACTOR_ENROLLED = "second-factor-enrolled",
    SECOND_FACTOR_CHANGED = "second-factor-changed",
    SECOND_FACTOR_RESET = "second-factor-reset",
    RECOVERY_CODE_USED = "recovery-code-used",
    RECOVERY_CODES_RENEWED = "recovery-codes-renewed",
    ROLE_GRANTED = "role-granted",

    VIDEO_RETRIED = "video-retried",
    VIDEO_CANCELLED = "video-cancelled",
    VIDEO_REPROCESSED = "video-reprocessed",
    REPROCESSING_STARTED = "reprocessing-started",
    REPROCESSING_PAUSED = "reprocessing-paused",
    REPROCESSING_RESUMED = "reprocessing-resumed",
    REPROCESSING_STOPPED = "reprocessing-stopped",
    DEAD_LETTERS_REDRIVEN = "dead-letters-redriven",
    QUEUE_PURGED = "queue-purged",

    VIDEO_PUBLISHED = "video-published",
    VIDEO_UNPUBLISHED = "video-unpublished",
    VIDEO_APPROVED = "video-approved",
    VIDEO_DECLINED = "video-declined",
    VIDEO_DISQUALIFIED = "video-disqualified",
    VIDEO_REINSTATED = "video-reinstated",
    VIDEO_RULING_UNDONE = "video-ruling-undone",
    VIDEO_DELETED = "video-deleted",
    REPORT_DISMISSED = "report-dismissed",

    VOTES_STRUCK = "votes-struck",
    VOTES_RESTORED = "votes-restored",
    CLUSTER_DISMISSED = "cluster-dismissed",

    PANEL_CREATED = "panel-created",
    PANEL_CHANGED = "panel-changed",
    PANEL_CLOSED = "panel-closed",
    SCORE_GIVEN = "score-given",
    CONFLICT_DECLARED = "conflict-declared",

    PLAYER_SESSIONS_REVOKED = "player-sessions-revoked",
    PLAYER_EXPORTED = "player-exported",
    PLAYER_ERASED = "player-erased",
    EXPORT_MADE = "export-made",

    CONTEST_CHANGED = "contest-changed",
    BRAND_CHANGED = "brand-changed",

    WEBHOOK_CREATED = "webhook-created",
    WEBHOOK_CHANGED = "webhook-changed",
    WEBHOOK_DELETED = "webhook-deleted",
    WEBHOOK_TESTED = "webhook-tested",
    WEBHOOK_REDELIVERED = "webhook-redelivered",
    WEBHOOK_SWITCHED_OFF = "webhook-switched-off",
}

impl Action {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|action| action.0 == text);
        found.copied().ok_or_else(|| UnknownAction(text.to_owned()))
    }
}

/// What a deed was done to: a kind of thing, and which one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub kind: String,
    /// Empty where there is only one of its kind: the queue, the contest.
    pub id: String,
}

impl Subject {
    #[must_use]
    pub fn new(kind: &str, id: impl fmt::Display) -> Self {
        Self { kind: kind.to_owned(), id: id.to_string() }
    }

    /// What there is only one of.
    #[must_use]
    pub fn only(kind: &str) -> Self {
        Self::new(kind, "")
    }

    #[must_use]
    pub fn video(id: VideoId) -> Self {
        Self::new("video", id)
    }

    #[must_use]
    pub fn player(id: PlayerId) -> Self {
        Self::new("player", id)
    }

    #[must_use]
    pub fn queue() -> Self {
        Self::only("queue")
    }

    #[must_use]
    pub fn contest() -> Self {
        Self::only("contest")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_action_has_a_name_of_its_own_and_is_found_by_it() {
        let names: BTreeSet<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
        assert_eq!(names.len(), Action::ALL.len());
        for action in Action::ALL {
            assert_eq!(action.as_str().parse(), Ok(*action));
            assert!(
                action.as_str().chars().all(|c| c.is_ascii_lowercase() || c == '-'),
                "{action}"
            );
        }
        assert!("video-eaten".parse::<Action>().is_err());
    }
}
