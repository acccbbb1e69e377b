//! What leaves the platform as a file: rankings, votes, videos, the audit log.
//!
//! A file is a stream of pieces, each made when it is asked for, from one page
//! of rows: an export is as large in memory as a page, whatever the table. What
//! fails on the way is an error of the stream, so that nobody takes half a file
//! for a whole one.

mod audit;
mod file;
mod rankings;
mod request;
mod videos;
mod votes;

use std::sync::Arc;

use anb_auth::Pseudonyms;
use anb_domain::{
    Action, Clock, IdSource, Subject, VideoId, jury::JuryWeight, vote_review::VoteKey,
};
use anb_store::{Actor, AuditFilter, Deed, RankedPlayer, RankingFilter, Store, StoreError};
use bytes::Bytes;
use futures::{
    StreamExt as _, TryStreamExt as _,
    stream::{self, BoxStream},
};
use secrecy::SecretString;
use serde_json::{Value, json};
use thiserror::Error;

use file::File;
pub use request::{ExportFormat, ExportRequest, ExportedKind, UnknownExport};

/// Rows that are read at once.
const PAGE: u64 = 200;

#[derive(Debug, Error)]
pub enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a row cannot be written as CSV")]
    Csv(#[from] csv::Error),
    #[error("a row cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// A file as it is made.
pub struct Export {
    /// `votes-20260501T120000Z.csv`
    pub name: String,
    pub content_type: &'static str,
    /// Ends with an error where the file is not whole.
    pub pieces: BoxStream<'static, Result<Bytes, ExportError>>,
}

/// Makes exports. Cheap to clone.
#[derive(Clone)]
pub struct Exporter {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdSource>,
    /// Under which voters get their pseudonyms.
    pub secret: SecretString,
}

impl Exporter {
    /// Begins an export, and notes it in the audit log before the first byte
    /// leaves.
    pub async fn begin(
        &self,
        actor: &Actor,
        request: &ExportRequest,
    ) -> Result<Export, ExportError> {
        let rows = self.total(request.kind).await?;
        let making = Making {
            source: self.source(request).await?,
            file: File::new(request, columns(request.kind)),
            store: self.store.clone(),
            is_whole: false,
        };
        let mut pieces = stream::try_unfold(making, Making::next).boxed();
        // What fails at once is told before there is anything to cut.
        let first = pieces.try_next().await?;
        let made = Subject::new("export", request.kind);
        let deed = Deed::new(Action::EXPORT_MADE, made).after(request.as_json(rows));
        self.store.record(actor, deed).await?;
        let now = self.clock.now().format("%Y%m%dT%H%M%SZ");
        Ok(Export {
            name: format!("{}-{now}.{}", request.kind, request.format),
            content_type: request.format.content_type(),
            pieces: stream::iter(first.map(Ok)).chain(pieces).boxed(),
        })
    }

    async fn source(&self, request: &ExportRequest) -> Result<Source, ExportError> {
        Ok(match request.kind {
            ExportedKind::Rankings => {
                Source::Rankings(self.ranking(request.weight).await?.into_iter())
            }
            ExportedKind::Votes => Source::Votes(None, self.pseudonyms(request)),
            ExportedKind::Videos => Source::Videos(None),
            ExportedKind::Audit => Source::Audit(AuditFilter::default()),
        })
    }

    /// All of it at one moment: places shift with every vote, and between two
    /// pages somebody would be listed twice, or not at all.
    async fn ranking(&self, weight: JuryWeight) -> Result<Vec<RankedPlayer>, StoreError> {
        let everybody = RankingFilter::default();
        match self.store.final_ranking(&everybody, weight).await? {
            Some(ranking) => Ok(ranking),
            None => self.store.ranked(&everybody, 0, u64::MAX).await,
        }
    }

    /// The same word gives the same pseudonyms; without one they are this
    /// export's own, and say nothing about those in any other.
    fn pseudonyms(&self, request: &ExportRequest) -> Pseudonyms {
        let own = || self.ids.sortable().to_string();
        let word = request.word.clone().unwrap_or_else(own);
        Pseudonyms::new(&self.secret, &format!("export:{word}"))
    }

    async fn total(&self, kind: ExportedKind) -> Result<u64, StoreError> {
        match kind {
            ExportedKind::Rankings => self.store.ranked_total(&RankingFilter::default()).await,
            ExportedKind::Votes => self.store.votes_total().await,
            ExportedKind::Videos => self.store.videos_total().await,
            ExportedKind::Audit => self.store.audit_total().await,
        }
    }
}

/// The names of what rows of this kind hold.
#[must_use]
pub fn columns(kind: ExportedKind) -> &'static [&'static str] {
    match kind {
        ExportedKind::Rankings => &rankings::COLUMNS,
        ExportedKind::Votes => &votes::COLUMNS,
        ExportedKind::Videos => &videos::COLUMNS,
        ExportedKind::Audit => &audit::COLUMNS,
    }
}

/// What stands under each column.
type Row = Vec<Value>;

/// Where rows come from, and how far they have been read.
enum Source {
    Rankings(std::vec::IntoIter<RankedPlayer>),
    Votes(Option<VoteKey>, Pseudonyms),
    Videos(Option<VideoId>),
    Audit(AuditFilter),
}

impl Source {
    /// The next rows; fewer than [`PAGE`], and it was the last page.
    async fn next(&mut self, store: &Store) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Rankings(players) => Ok(rankings::page(players)),
            Self::Votes(last, pseudonyms) => votes::page(store, last, pseudonyms).await,
            Self::Videos(last) => videos::page(store, last).await,
            Self::Audit(filter) => audit::page(store, filter).await,
        }
    }
}

/// An export on its way.
struct Making {
    source: Source,
    file: File,
    store: Store,
    is_whole: bool,
}

impl Making {
    /// The next piece, from one page of rows.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, ExportError> {
        if self.is_whole {
            return Ok(None);
        }
        let rows = self.source.next(&self.store).await?;
        self.is_whole = (rows.len() as u64) < PAGE;
        let piece = self.file.piece(&rows, self.is_whole)?;
        Ok(Some((piece, self)))
    }
}

/// A moment as both formats write it.
fn moment(at: chrono::DateTime<chrono::Utc>) -> Value {
    json!(at)
}
