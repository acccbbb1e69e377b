//! An upload in parts: the client sends them to storage by itself, in whatever
//! order and as often as it must, and says when all are there.
//!
//! Each step runs in a task of its own: a client that goes away in the middle
//! does not leave it half done. What a killed process leaves, the next call or
//! the reconciler carries on with.

mod begin;
mod finish;
mod give_up;
mod plan;

use anb_blob::{BlobError, PartInfo, UploadToken};
use anb_domain::VideoId;
use anb_store::PartUpload;

pub use begin::{BeginError, NewFile, begin};
pub use finish::{FinishError, finish};
pub use give_up::{GiveUpError, give_up};
pub use plan::{Part, Plan};

use crate::state::AppState;

/// An upload that is open, in our rows and in storage.
#[derive(Debug, Clone)]
pub struct OpenUpload {
    pub row: PartUpload,
    pub token: UploadToken,
}

/// What storage has of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrived {
    Parts(Vec<PartInfo>),
    /// All were joined, but the row does not say so: whoever joined them has
    /// died, or is about to tell.
    Joined,
    /// It was given up.
    Nothing,
}

impl OpenUpload {
    /// `None` before storage has begun it.
    #[must_use]
    pub fn new(row: PartUpload) -> Option<Self> {
        let token = UploadToken(row.token.clone()?);
        Some(Self { row, token })
    }

    #[must_use]
    pub fn id(&self) -> VideoId {
        self.row.video
    }

    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan::of(&self.row)
    }

    /// Where its object goes.
    #[must_use]
    pub fn key(&self, app: &AppState) -> String {
        app.layout.original(self.id())
    }

    /// Asks storage what it has.
    pub async fn arrived(&self, app: &AppState) -> Result<Arrived, BlobError> {
        let key = self.key(app);
        match app.blobs.parts(&key, &self.token).await {
            Ok(parts) => return Ok(Arrived::Parts(parts)),
            Err(BlobError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
        match app.blobs.head(&key).await {
            Ok(_) => Ok(Arrived::Joined),
            Err(BlobError::NotFound(_)) => Ok(Arrived::Nothing),
            Err(error) => Err(error),
        }
    }
}
