//! Points between two writes at which tests let the process die.
//!
//! With debug assertions and the action `return`
//! (`FAILPOINTS=worker::claimed=return`), whoever reaches the point stays
//! there until killed. Without them, as in a release, nothing of this is compiled
//! in.

/// The places where a crash would leave work half done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrashPoint {
    Claimed,
    Downloaded,
    Transcoded,
    /// The first of several files is in storage.
    Uploading,
    Uploaded,
    Published,
    Rejected,
    /// A try that went wrong is in the database, its message not yet settled.
    Failed,
    HandedBack,
    RelayTaken,
    RelaySent,
    /// The parts of an expired upload are gone, its row is not.
    PartsAborted,
    /// The row of an expired upload is gone, its object is not.
    UploadAbandoned,
    /// The objects of a dead attempt are gone, the row does not say so yet.
    AttemptEmptied,
    /// The objects of a tombstone are gone, the row does not say so yet.
    TombstoneEmptied,
}

impl CrashPoint {
    pub const ALL: [Self; 15] = [
        Self::Claimed,
        Self::Downloaded,
        Self::Transcoded,
        Self::Uploading,
        Self::Uploaded,
        Self::Published,
        Self::Rejected,
        Self::Failed,
        Self::HandedBack,
        Self::RelayTaken,
        Self::RelaySent,
        Self::PartsAborted,
        Self::UploadAbandoned,
        Self::AttemptEmptied,
        Self::TombstoneEmptied,
    ];

    /// Its name in the variable `FAILPOINTS`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Claimed => "worker::claimed",
            Self::Downloaded => "worker::downloaded",
            Self::Transcoded => "worker::transcoded",
            Self::Uploading => "worker::uploading",
            Self::Uploaded => "worker::uploaded",
            Self::Published => "worker::published",
            Self::Rejected => "worker::rejected",
            Self::Failed => "worker::failed",
            Self::HandedBack => "worker::handed_back",
            Self::RelayTaken => "relay::taken",
            Self::RelaySent => "relay::sent",
            Self::PartsAborted => "reconcile::parts_aborted",
            Self::UploadAbandoned => "reconcile::upload_abandoned",
            Self::AttemptEmptied => "reconcile::attempt_emptied",
            Self::TombstoneEmptied => "reconcile::tombstone_emptied",
        }
    }

    #[cfg(debug_assertions)]
    pub(crate) async fn reach(self) {
        if self.is_armed() {
            tracing::warn!(point = self.name(), "crash point reached");
            REACHED.notify_one();
            std::future::pending::<()>().await;
        }
    }

    #[cfg(not(debug_assertions))]
    #[expect(clippy::unused_async, reason = "the same signature as with fail points")]
    pub(crate) async fn reach(self) {}

    #[cfg(debug_assertions)]
    fn is_armed(self) -> bool {
        fail::fail_point!(self.name(), |_| true);
        false
    }
}

#[cfg(debug_assertions)]
static REACHED: tokio::sync::Notify = tokio::sync::Notify::const_new();

/// Waits until somebody is stuck at an armed point.
#[cfg(debug_assertions)]
pub async fn reached() {
    REACHED.notified().await;
}
