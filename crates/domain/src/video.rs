//! The life of a video: its states, and the only ways between them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Where a video stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VideoStatus {
    /// Bytes are still arriving; nothing has been promised to the player.
    Uploading,
    /// Accepted; waits for a worker.
    Pending,
    /// A worker holds a lease on it.
    Processing,
    /// Published.
    Completed,
    /// The clip breaks a rule; only another upload helps.
    Rejected,
    /// Processing went wrong three times; an operator may retry.
    Failed,
    /// A tombstone; its objects are purged.
    Deleted,
}

/// What happens to a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transition {
    /// The upload arrived whole and was verified.
    Complete,
    /// A worker takes it on. Also the way by which a worker takes over from
    /// one whose lease has run out.
    Claim,
    /// The result is in place and becomes visible.
    Publish,
    /// The content breaks a rule.
    Reject,
    /// A try went wrong, was handed back or lost, and another one is due.
    Requeue,
    /// The last try went wrong.
    Fail,
    /// An operator stops the try that runs.
    Cancel,
    /// An operator gives it three more tries.
    Retry,
    /// It was made again, and the new result takes the place of the old one,
    /// which was public until then (see [`crate::reprocess`]).
    Replace,
    /// The published objects are gone from storage: make them again.
    Restore,
    /// The owner or an operator removes it.
    Delete,
}

/// The state does not allow what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a video that is {from} cannot {transition}")]
pub struct IllegalTransition {
    pub from: VideoStatus,
    pub transition: Transition,
}

/// The text names no status.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown video status {0:?}")]
pub struct UnknownStatus(String);

impl VideoStatus {
    /// Every status, in the order in which a video may reach them.
    pub const ALL: [Self; 7] = [
        Self::Uploading,
        Self::Pending,
        Self::Processing,
        Self::Completed,
        Self::Rejected,
        Self::Failed,
        Self::Deleted,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uploading => "uploading",
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Deleted => "deleted",
        }
    }

    /// Whether the pipeline has nothing more to do.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Rejected | Self::Failed | Self::Deleted)
    }

    /// The state after `transition`.
    ///
    /// # Errors
    /// [`IllegalTransition`] where the diagram in docs/architecture.md has no
    /// such edge.
    pub fn after(self, transition: Transition) -> Result<Self, IllegalTransition> {
        use Transition as T;
        use VideoStatus as S;
        match (self, transition) {
            (S::Uploading, T::Complete)
            | (S::Processing, T::Requeue)
            | (S::Failed, T::Retry)
            | (S::Completed, T::Restore) => Ok(S::Pending),
            (S::Pending | S::Processing, T::Claim) => Ok(S::Processing),
            (S::Processing, T::Publish) | (S::Completed, T::Replace) => Ok(S::Completed),
            (S::Processing, T::Reject) => Ok(S::Rejected),
            // A pending video fails when the queue gave up on its message
            // before any worker could claim it.
            (S::Pending | S::Processing, T::Fail) | (S::Processing, T::Cancel) => Ok(S::Failed),
            (from, T::Delete) if from != S::Deleted => Ok(S::Deleted),
            (from, transition) => Err(IllegalTransition { from, transition }),
        }
    }
}

impl fmt::Display for VideoStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for VideoStatus {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| UnknownStatus(text.to_owned()))
    }
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Complete => "complete its upload",
            Self::Claim => "be claimed",
            Self::Publish => "be published",
            Self::Reject => "be rejected",
            Self::Requeue => "go back to the queue",
            Self::Fail => "fail",
            Self::Cancel => "be cancelled",
            Self::Retry => "be retried",
            Self::Replace => "have its result replaced",
            Self::Restore => "be restored",
            Self::Delete => "be deleted",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Transition as T, VideoStatus as S};

    const TRANSITIONS: [T; 11] = [
        T::Complete,
        T::Claim,
        T::Publish,
        T::Reject,
        T::Requeue,
        T::Fail,
        T::Cancel,
        T::Retry,
        T::Replace,
        T::Restore,
        T::Delete,
    ];

    #[test]
    fn the_whole_diagram() {
        let edges: Vec<String> = S::ALL
            .into_iter()
            .flat_map(|from| TRANSITIONS.map(|transition| (from, transition)))
            .filter_map(|(from, transition)| {
                let to = from.after(transition).ok()?;
                Some(format!("{from} --{transition:?}--> {to}\n"))
            })
            .collect();
        assert_eq!(
            edges.concat(),
            "uploading --Complete--> pending\n\
             uploading --Delete--> deleted\n\
             pending --Claim--> processing\n\
             pending --Fail--> failed\n\
             pending --Delete--> deleted\n\
             processing --Claim--> processing\n\
             processing --Publish--> completed\n\
             processing --Reject--> rejected\n\
             processing --Requeue--> pending\n\
             processing --Fail--> failed\n\
             processing --Cancel--> failed\n\
             processing --Delete--> deleted\n\
             completed --Replace--> completed\n\
             completed --Restore--> pending\n\
             completed --Delete--> deleted\n\
             rejected --Delete--> deleted\n\
             failed --Retry--> pending\n\
             failed --Delete--> deleted\n"
        );
    }

    #[test]
    fn a_refused_step_says_why() {
        let refusal = S::Completed.after(T::Claim).unwrap_err();
        assert_eq!(refusal.to_string(), "a video that is completed cannot be claimed");
    }

    #[test]
    fn names_survive_the_round_trip() {
        for status in S::ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
        }
        assert!("done".parse::<S>().is_err());
    }
}
