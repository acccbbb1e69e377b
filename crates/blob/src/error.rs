//! From what object storage says to what our callers can act upon.

use std::{error::Error, io};

use crate::BlobError;

/// What went wrong with the object at `key`.
pub(crate) fn of_store(key: &str, error: object_store::Error) -> BlobError {
    let kind = io_kind(&error);
    if matches!(error, object_store::Error::NotFound { .. }) {
        return BlobError::NotFound(key.to_owned());
    }
    of_kind(key, kind, error.into())
}

/// What went wrong with a file of this machine that holds the object at `key`.
pub(crate) fn of_file(key: &str, error: io::Error) -> BlobError {
    of_kind(key, Some(error.kind()), error.into())
}

fn of_kind(
    key: &str,
    kind: Option<io::ErrorKind>,
    error: Box<dyn Error + Send + Sync>,
) -> BlobError {
    match kind {
        Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => {
            BlobError::NoSpace(key.to_owned())
        }
        // A part of the key is an object, so there is nothing below it.
        Some(io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory) => {
            BlobError::NotFound(key.to_owned())
        }
        _ => BlobError::Unavailable(error),
    }
}

/// The kind of the first I/O error among the causes of `error`.
pub(crate) fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    match error.downcast_ref::<io::Error>() {
        Some(error) => Some(error.kind()),
        None => io_kind(error.source()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_other_trouble() {
        let trouble = |kind: io::ErrorKind| object_store::Error::Generic {
            store: "test",
            source: Box::new(io::Error::from(kind)),
        };
        assert!(matches!(
            of_store("uploads/1", trouble(io::ErrorKind::StorageFull)),
            BlobError::NoSpace(key) if key == "uploads/1"
        ));
        assert!(matches!(
            of_store("uploads/1", trouble(io::ErrorKind::PermissionDenied)),
            BlobError::Unavailable(_)
        ));
    }
}
