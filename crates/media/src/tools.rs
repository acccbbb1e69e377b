//! Our use of the two programs, and what their endings mean.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use anb_config::MediaSettings;
use anb_domain::{Failure, FailureCode};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    LogTail, MediaError,
    runner::{Ended, Job, Patience, RunError, Runner},
    sandbox::Limits,
};

/// ffmpeg's own way to say that most of the input could not be decoded.
const TOO_MANY_ERRORS: i32 = 69;

/// ffmpeg and ffprobe, found and limited.
#[derive(Debug)]
pub struct Tools {
    pub ffmpeg: PathBuf,
    pub ffprobe: PathBuf,
    pub runner: Runner,
    /// Which build of ffmpeg this is, told without starting it: another one has
    /// another size, or was made at another time.
    pub build: String,
}

impl Tools {
    /// Finds both programs.
    ///
    /// # Errors
    /// When one is not there.
    pub fn find(settings: &MediaSettings) -> Result<Self, MediaError> {
        let find = |program: &Path| {
            locate(program).ok_or_else(|| {
                let detail = format!("{} not found; apt-get install ffmpeg", program.display());
                MediaError::Failed(Failure::new(FailureCode::Internal).with_detail(detail))
            })
        };
        let ffmpeg = find(&settings.ffmpeg)?;
        Ok(Self {
            build: build_of(&ffmpeg)?,
            ffmpeg,
            ffprobe: find(&settings.ffprobe)?,
            runner: Runner { limits: Limits::from(settings) },
        })
    }

    /// The first line of `ffmpeg -version`.
    ///
    /// # Errors
    /// When ffmpeg does not run.
    pub async fn version(&self, patience: &Patience) -> Result<String, MediaError> {
        let answer = self.ask(vec!["-version".into()], patience).await?;
        Ok(answer.lines().next().unwrap_or_default().to_owned())
    }

    /// What ffmpeg prints about itself.
    ///
    /// # Errors
    /// When ffmpeg does not run.
    pub async fn ask(
        &self,
        arguments: Vec<String>,
        patience: &Patience,
    ) -> Result<String, MediaError> {
        let folder = std::env::temp_dir();
        let job = Job { program: &self.ffmpeg, arguments, folder, on_time: None };
        let ended = self.runner.run(job, patience).await?;
        if !ended.status.success() {
            return Err(failed(FailureCode::ProcessingFailed, ended.detail()));
        }
        Ok(String::from_utf8_lossy(&ended.stdout).into_owned())
    }
}

fn build_of(program: &Path) -> io::Result<String> {
    let found = fs::metadata(program)?;
    let made = found.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{} bytes of {} s", found.len(), made.as_secs()))
}

/// The patience that the settings have with one clip, from now on.
#[must_use]
pub fn patience(settings: &MediaSettings, cancel: &CancellationToken, log: &LogTail) -> Patience {
    Patience {
        deadline: Instant::now() + Duration::from_secs(settings.timeout_s),
        stall: Duration::from_secs(settings.stall_timeout_s),
        cancel: cancel.clone(),
        log: log.clone(),
    }
}

/// The absolute path of a program.
#[must_use]
pub fn locate(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return std::path::absolute(program).ok().filter(|path| path.is_file());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// What ffmpeg's ending says about the clip, or about us.
///
/// # Errors
/// Unless it ended well.
pub fn judge(ended: &Ended) -> Result<(), MediaError> {
    let said = |text: &str| ended.complaints.contains(text);
    if said("No space left on device") {
        return Err(failed(FailureCode::OutOfSpace, ended.detail()));
    }
    if ended.status.success() {
        return Ok(());
    }
    if ended.was_killed() {
        return Err(failed(FailureCode::ProcessingFailed, ended.detail()));
    }
    let undecodable = ended.status.code() == Some(TOO_MANY_ERRORS)
        || said("Invalid data found when processing input")
        || said("Error while decoding stream")
        || said("Output file is empty")
        || said("Cannot determine format of input stream")
        || said("partial file");
    if undecodable {
        return Err(rejected(FailureCode::Unreadable, ended.detail()));
    }
    Err(failed(FailureCode::ProcessingFailed, ended.detail()))
}

pub fn failed(code: FailureCode, detail: impl Into<String>) -> MediaError {
    MediaError::Failed(Failure::new(code).with_detail(detail))
}

pub fn rejected(code: FailureCode, detail: impl Into<String>) -> MediaError {
    MediaError::Rejected(Failure::new(code).with_detail(detail))
}

impl From<RunError> for MediaError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Cancelled => Self::Cancelled,
            RunError::TimedOut | RunError::Stalled(_) => {
                failed(FailureCode::TimedOut, error.to_string())
            }
            RunError::Start { .. } | RunError::Follow(_) => {
                failed(FailureCode::Internal, error.to_string())
            }
        }
    }
}

impl From<io::Error> for MediaError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                failed(FailureCode::OutOfSpace, error.to_string())
            }
            _ => failed(FailureCode::Internal, error.to_string()),
        }
    }
}
