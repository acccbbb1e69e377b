//! A video on its way in: from the bytes of a form, or of parts, to a row that is
//! `pending`.

pub mod category;
mod draft;
mod form;
mod original;
pub mod parts;
mod sniff;
mod stream;

use anb_blob::BlobError;
use anb_store::StoreError;
use thiserror::Error;

use category::InvalidCategory;
pub use form::{UploadForm, accept};
pub use stream::{LONGEST, paced};

use crate::{
    extract::InvalidFields,
    limits::TooMany,
    problem::{Code, Problem, Sentence, answers},
    state::AppState,
};

/// The contest does not take videos, not yet or no longer.
#[derive(Debug, Error)]
#[error("submissions are closed")]
pub struct SubmissionsClosed;

impl From<SubmissionsClosed> for Problem {
    fn from(_: SubmissionsClosed) -> Self {
        Self::new(Code::SubmissionsClosed)
    }
}

/// Asked before an upload begins: one that has begun in time may end.
pub fn submissions_open(app: &AppState) -> Result<(), SubmissionsClosed> {
    let is_open = app.contest.now().submissions.is_open(app.now());
    if is_open { Ok(()) } else { Err(SubmissionsClosed) }
}

/// Why an upload is refused.
#[derive(Debug, Error)]
pub enum UploadError {
    #[error(transparent)]
    Closed(#[from] SubmissionsClosed),
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error("too many uploads at the same time")]
    Busy,
    #[error("the body is not declared as multipart/form-data")]
    MediaType,
    #[error("the form is incomplete or malformed: {0}")]
    Form(#[source] multer::Error),
    #[error("no bytes arrived for too long")]
    Stalled,
    #[error(transparent)]
    Fields(#[from] InvalidFields),
    #[error("the title is not valid")]
    Title(Sentence),
    #[error(transparent)]
    Category(#[from] InvalidCategory),
    #[error("the file is empty")]
    Empty,
    #[error("the file is no video")]
    NotAVideo,
    #[error("the file is larger than the limit")]
    TooLarge { limit: Sentence },
    /// The reconciler has given it up, or its player is gone.
    #[error("the upload is no longer open")]
    Expired,
    #[error("storage has {stored} bytes of {sent}")]
    Mismatch { sent: u64, stored: u64 },
    #[error(transparent)]
    Storage(BlobError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the task that finishes the upload was lost: {0}")]
    Task(#[from] tokio::task::JoinError),
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Closed(error) => error.into(),
            UploadError::TooMany(error) => error.into(),
            UploadError::Busy => {
                Self::new(Code::TooManyUploads).retry_after(std::time::Duration::from_secs(5))
            }
            UploadError::MediaType => Self::new(Code::UnsupportedMediaType),
            UploadError::Form(_) => Self::new(Code::MalformedForm),
            UploadError::Stalled => Self::new(Code::UploadStalled),
            UploadError::Fields(error) => error.into(),
            UploadError::Title(message) => Self::new(Code::InvalidTitle)
                .about(vec![crate::problem::FieldProblem::new("title", message)]),
            UploadError::Category(error) => error.into(),
            UploadError::Empty => Self::new(Code::EmptyFile),
            UploadError::NotAVideo => Self::new(Code::NotAVideo),
            UploadError::TooLarge { limit } => Self::new(Code::TooLarge).saying(limit),
            UploadError::Expired => Self::new(Code::UploadExpired),
            UploadError::Storage(error) => Self::new(Code::StorageUnavailable).because(error),
            error @ (UploadError::Mismatch { .. }
            | UploadError::Store(_)
            | UploadError::Task(_)) => Self::internal(error),
        }
    }
}

answers!(UploadError:
    SubmissionsClosed, CrossSite, TooManyRequests, InvalidTitle, InvalidCategory, EmptyFile, NotAVideo, TooLarge, MalformedForm, UploadStalled, UploadExpired,
    UnsupportedMediaType, ValidationFailed, TooManyUploads, StorageUnavailable, Internal);

/// The pause between two pieces was too long.
#[derive(Debug, Error)]
#[error("no bytes arrived for too long")]
pub struct Stalled;

/// Finds out what went wrong beneath the form: storage and the multipart
/// reader both hand through what the stream of bytes told them.
impl UploadError {
    fn of_form(error: multer::Error, limit: &Sentence) -> Self {
        match error {
            multer::Error::FieldSizeExceeded { field_name: Some(field), .. }
                if field == "title" =>
            {
                Self::Title(
                    anb_domain::InvalidText::TooLong { max: anb_domain::Title::MAX_CHARS }.into(),
                )
            }
            multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
                Self::TooLarge { limit: limit.clone() }
            }
            multer::Error::StreamReadFailed(cause) if cause.is::<Stalled>() => Self::Stalled,
            error => Self::Form(error),
        }
    }

    fn of_storage(error: BlobError, limit: &Sentence) -> Self {
        match error {
            BlobError::Source(source) => match source.downcast::<multer::Error>() {
                Ok(error) => Self::of_form(*error, limit),
                Err(source) => Self::Storage(BlobError::Source(source)),
            },
            error => Self::Storage(error),
        }
    }
}
