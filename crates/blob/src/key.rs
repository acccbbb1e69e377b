//! Which keys are allowed.

use object_store::path::Path;

use crate::BlobError;

/// Where writes that have not ended are kept, out of everybody's reach.
pub(crate) const STAGING: &str = ".staged";

/// Longest key, in bytes: what S3 takes
/// ([Naming objects](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html)).
const MAX_KEY: usize = 1024;
/// Longest part between two slashes, in bytes: what file systems take.
const MAX_PART: usize = 255;

/// The path of an object. A key is relative, has no empty part and no `.` or
/// `..`, and consists of printable ASCII characters that mean nothing to
/// shells, links or file systems: what [`Path`] would have to escape is refused.
pub(crate) fn path(key: &str) -> Result<Path, BlobError> {
    let path = Path::from(key);
    let allowed = path.as_ref() == key
        && !key.is_empty()
        && key.len() <= MAX_KEY
        && key.split('/').all(|part| part.len() <= MAX_PART)
        && key.split('/').next() != Some(STAGING);
    if allowed { Ok(path) } else { Err(BlobError::InvalidKey(key.to_owned())) }
}

/// The folder of a prefix, which is empty (everything) or ends with a slash.
pub(crate) fn folder(prefix: &str) -> Result<Option<Path>, BlobError> {
    if prefix.is_empty() {
        return Ok(None);
    }
    match prefix.strip_suffix('/') {
        Some(folder) => path(folder).map(Some),
        None => Err(BlobError::InvalidKey(prefix.to_owned())),
    }
}
