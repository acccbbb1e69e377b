//! Rows: players, videos, attempts, votes and the outbox, for SQLite and
//! PostgreSQL from one code base.
//!
//! Every edge of a video's life is one short transaction that compares
//! status, attempt and lease before it sets them; no transaction ever waits
//! for anything but the database.

mod db;
mod error;
mod key;
mod like;
mod page;
mod row;
mod step;

pub mod audit;
pub mod backlog;
pub mod cancel;
pub mod contest;
pub mod entity;
pub mod export;
pub mod figures;
pub mod find;
pub mod history;
pub mod jury;
pub mod lifecycle;
pub mod line;
pub mod migration;
pub mod moderation;
pub mod outbox;
pub mod parts;
pub mod people;
pub mod players;
pub mod public;
pub mod reconcile;
pub mod reprocess;
pub mod review;
pub mod second_factors;
pub mod sessions;
pub mod uploads;
pub mod videos;
pub mod votes;
pub mod webhooks;

use std::{sync::Arc, time::Duration};

use anb_domain::{Clock, IdSource};
use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

pub use audit::{Actor, AuditEntry, AuditFilter, Deed};
pub use backlog::{AtWork, InLine};
pub use cancel::{CancelError, Cancelled};
pub use contest::{CategoryUse, ContestVersion, SaveContestError};
pub use db::{Db, DbOptions, Limits, PoolState, TlsMode, TlsOptions};
pub use error::{StoreError, is_transient};
pub use export::{CastVote, Owner};
pub use figures::{FailureCount, Flow, Sample, Waits, Window, Worker, WorkersAtWork};
pub use find::{FoundVideo, VideoFilter};
pub use history::{EventDetail, VideoEvent};
pub use jury::{
    JurorPanel, JurorProgress, Panel, PanelError, PanelPlan, PanelProgress, SaveError, Sheet,
    SheetEntry, SheetIntent, VideoResult,
};
pub use lifecycle::{Claim, ClaimOutcome, HandBack, Outcome, PublishedResult, Spent, StepTiming};
pub use moderation::{Entry, NewReport, Report, ReportError, ReportedVideo, RuleError};
pub use outbox::OutboxEntry;
pub use page::Page;
pub use parts::{BeginPartsError, NewPartUpload, PartUpload};
pub use people::{ChangeRoleError, GivenVote};
pub use players::{CreatePlayerError, NewPlayer, Player};
pub use public::{
    Cursor, PlaceCount, PlayerStanding, PublicFilter, PublicVideo, RankedPlayer, RankingFilter,
    Sort,
};
pub use reconcile::{ExpiredLease, KnownVideo, WaitingVideo};
pub use reprocess::{RecipeCount, ReprocessError, Run, RunFigures, RunId};
pub use review::{FlaggedVideo, Judged, Reviewed, ReviewedVote, Ruling, VoteFlag};
pub use second_factors::{NewSecondFactor, SecondFactor};
pub use sessions::{ConsoleSession, NewConsoleSession};
pub use uploads::{NewUpload, UploadedOriginal};
pub use videos::{Attempt, DeleteVideoError, RetryError, Video};
pub use votes::{Ballot, VoteError, VoteTotal};
pub use webhooks::{
    Delivery, DeliveryState, Endpoint, EndpointId, LoggedDelivery, NewEndpoint, Send, Sent,
};

/// The repositories. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
}

impl Store {
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>) -> Self {
        Self { db, clock, ids }
    }

    /// The database beneath, for what shares it: the queue table, migrations.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The time in whole microseconds: what both databases keep of it.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(6)
    }
}

pub(crate) fn after(moment: DateTime<Utc>, pause: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(pause)
        .ok()
        .and_then(|pause| moment.checked_add_signed(pause))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

pub(crate) fn before(moment: DateTime<Utc>, pause: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(pause)
        .ok()
        .and_then(|pause| moment.checked_sub_signed(pause))
        .unwrap_or(DateTime::<Utc>::MIN_UTC)
}
