//! The key that signs access tokens and links.

use std::{
    fmt::Write as _,
    fs::{self, DirBuilder},
    io::{self, Write as _},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use crate::Settings;

/// Fewest characters of a key: HS256 wants 256 bits
/// ([RFC 7518 §3.2](https://www.rfc-editor.org/rfc/rfc7518#section-3.2)).
const MIN_CHARACTERS: usize = 32;

/// Random bytes of a key that we make.
const RANDOM_BYTES: usize = 32;

const FILE_NAME: &str = "secret_key";

/// Why there is no key.
#[derive(Debug, Error)]
pub enum SecretKeyError {
    /// Two tasks with keys of their own would refuse each other's tokens.
    #[error(
        "auth.secret_key is not set: with a database other than SQLite every process needs the \
         same SECRET_KEY; make one with `openssl rand -hex 32` and set it in the environment"
    )]
    Missing,
    #[error("the key in {} is too weak; remove the file and a new one is made", .0.display())]
    WeakFile(PathBuf),
    #[error("cannot keep a secret key in {}: {cause}", path.display())]
    Io { path: PathBuf, cause: io::Error },
    #[error("the machine gives no random bytes: {0}")]
    NoRandomness(getrandom::Error),
}

impl Settings {
    /// Whether the database is SQLite: one machine, whose processes share
    /// `data_dir`.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        let url = self.database.url.as_ref();
        url.is_none_or(|url| url.expose_secret().starts_with("sqlite:"))
    }

    /// Makes `data_dir`, readable by nobody else, if it is not there.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn create_data_dir(&self) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.data_dir)
    }

    /// Checks that a key is set where none may be made.
    ///
    /// # Errors
    /// [`SecretKeyError::Missing`].
    pub fn require_secret_key(&self) -> Result<(), SecretKeyError> {
        if self.auth.secret_key.is_some() || self.is_embedded() {
            return Ok(());
        }
        Err(SecretKeyError::Missing)
    }

    /// The key that signs tokens and links: the one that was set, or the one
    /// that the embedded default keeps in `data_dir/secret_key`, made at the
    /// first start.
    ///
    /// # Errors
    /// There is none and none may be made, or its file cannot be used.
    pub fn secret_key(&self) -> Result<SecretString, SecretKeyError> {
        self.require_secret_key()?;
        if let Some(key) = &self.auth.secret_key {
            return Ok(key.clone());
        }
        let path = self.data_dir.join(FILE_NAME);
        let failed = |cause| SecretKeyError::Io { path: path.clone(), cause };
        if !path.exists() {
            self.create_data_dir().map_err(failed)?;
            write_new(&path, &random_key().map_err(SecretKeyError::NoRandomness)?)
                .map_err(failed)?;
        }
        let key = fs::read_to_string(&path).map_err(failed)?.trim().to_owned();
        if weakness(&key).is_some() {
            return Err(SecretKeyError::WeakFile(path));
        }
        Ok(key.into())
    }
}

/// What is wrong with a key, if anything.
pub(crate) fn weakness(key: &str) -> Option<String> {
    let length = key.chars().count();
    if length < MIN_CHARACTERS {
        return Some(format!("has {length} characters and needs at least {MIN_CHARACTERS}"));
    }
    (period(key.as_bytes()) < MIN_CHARACTERS || is_monotonous(key))
        .then(|| "repeats itself: make a random one with `openssl rand -hex 32`".to_owned())
}

/// The length of the piece of which a text is the repetition.
fn period(text: &[u8]) -> usize {
    let repeats = |period: &usize| text.iter().zip(&text[*period..]).all(|(a, b)| a == b);
    (1..text.len()).find(repeats).unwrap_or(text.len())
}

/// 32 random hexadecimal digits have fewer than eight different ones once in
/// ten million.
fn is_monotonous(key: &str) -> bool {
    key.chars().collect::<std::collections::BTreeSet<_>>().len() < 8
}

fn random_key() -> Result<String, getrandom::Error> {
    let mut bytes = [0; RANDOM_BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// Writes a file of mode 0600 in one step. If another process was faster, its
/// file stays.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{text}")?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(refused) if refused.error.kind() != io::ErrorKind::AlreadyExists => Err(refused.error),
        _ => Ok(()),
    }
}
