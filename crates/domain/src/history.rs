//! What happens to a video in its life, as operators read it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::reprocess::{UnknownName, named};

/// One thing that has happened to a video. Written with the change itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happening {
    /// The upload arrived whole.
    Uploaded,
    /// Its message is in the queue.
    Sent,
    Claimed,
    Published,
    Rejected,
    /// For good, until an operator retries it.
    Failed,
    /// A try went wrong and another one follows; or its message was gone.
    Requeued,
    /// Its worker stopped; that try does not count.
    HandedBack,
    /// Its worker has vanished.
    Lost,
    Cancelled,
    Retried,
    Restored,
    /// It is to be made again with a new recipe.
    ReprocessWanted,
    /// The new result has replaced the old one.
    Reprocessed,
    /// It could not be made again; the old result stays.
    ReprocessKept,
    /// It was to be made again, and is not any more.
    ReprocessDropped,
    Deleted,
}

named!(Happening {
    Uploaded = "uploaded",
    Sent = "sent",
    Claimed = "claimed",
    Published = "published",
    Rejected = "rejected",
    Failed = "failed",
    Requeued = "requeued",
    HandedBack = "handed-back",
    Lost = "lost",
    Cancelled = "cancelled",
    Retried = "retried",
    Restored = "restored",
    ReprocessWanted = "reprocess-wanted",
    Reprocessed = "reprocessed",
    ReprocessKept = "reprocess-kept",
    ReprocessDropped = "reprocess-dropped",
    Deleted = "deleted",
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_the_round_trip() {
        for happening in Happening::ALL {
            assert_eq!(happening.as_str().parse(), Ok(*happening));
            let json = serde_json::to_string(happening).unwrap();
            assert_eq!(json, format!("\"{happening}\""));
        }
    }
}
