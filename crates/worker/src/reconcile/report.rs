//! What a round has mended.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Counts of what was mended, and of what nobody can mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Unfinished uploads given up, row and object.
    pub uploads_expired: u64,
    /// Staged bytes of writes that never ended, removed.
    pub staged_removed: u64,
    /// Attempts whose worker vanished, ended.
    pub attempts_lost: u64,
    /// Messages that had gone missing or were dead, sent again.
    pub messages_sent_again: u64,
    /// Videos without a try left, failed.
    pub videos_failed: u64,
    /// Ended attempts whose objects were removed.
    pub attempts_purged: u64,
    /// Deleted videos whose objects were removed.
    pub tombstones_purged: u64,
    /// Objects without a row, removed.
    pub strays_removed: u64,
    /// Published videos whose objects were gone, to be made again.
    pub videos_restored: u64,
    /// Videos whose original is gone from storage.
    pub originals_missing: u64,
    /// Published videos that are gone from storage, and their originals too.
    pub results_missing: u64,
    /// Suspicions about votes that are new, or open again.
    pub votes_flagged: u64,
    /// Hashes of networks and devices that were kept long enough.
    pub footprints_forgotten: u64,
}

impl Report {
    /// Every count with what it counts.
    fn lines(&self) -> [(u64, &'static str); 13] {
        [
            (self.uploads_expired, "expired uploads given up"),
            (self.staged_removed, "staged writes removed"),
            (self.attempts_lost, "lost attempts ended"),
            (self.messages_sent_again, "messages sent again"),
            (self.videos_failed, "videos failed"),
            (self.attempts_purged, "ended attempts purged"),
            (self.tombstones_purged, "deleted videos purged"),
            (self.strays_removed, "stray objects removed"),
            (self.videos_restored, "videos restored"),
            (self.originals_missing, "originals missing"),
            (self.results_missing, "published videos missing"),
            (self.votes_flagged, "suspicions about votes"),
            (self.footprints_forgotten, "footprints of votes forgotten"),
        ]
    }

    /// Whether there was nothing to mend and nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Writes it to the log as fields.
    pub(crate) fn log(&self, message: &'static str) {
        tracing::info!(
            uploads_expired = self.uploads_expired,
            staged_removed = self.staged_removed,
            attempts_lost = self.attempts_lost,
            messages_sent_again = self.messages_sent_again,
            videos_failed = self.videos_failed,
            attempts_purged = self.attempts_purged,
            tombstones_purged = self.tombstones_purged,
            strays_removed = self.strays_removed,
            videos_restored = self.videos_restored,
            originals_missing = self.originals_missing,
            results_missing = self.results_missing,
            votes_flagged = self.votes_flagged,
            footprints_forgotten = self.footprints_forgotten,
            "{message}"
        );
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing to mend");
        }
        let mut separator = "";
        for (count, what) in self.lines().into_iter().filter(|(count, _)| *count > 0) {
            write!(f, "{separator}{count} {what}")?;
            separator = ", ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_what_was_mended() {
        assert_eq!(Report::default().to_string(), "nothing to mend");
        let report = Report { attempts_lost: 1, strays_removed: 3, ..Report::default() };
        assert_eq!(report.to_string(), "1 lost attempts ended, 3 stray objects removed");
    }
}
