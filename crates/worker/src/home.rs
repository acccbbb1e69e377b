//! A worker's folder, and the proof that its worker lives: a lock that the
//! system lets go of when the process ends, however it ends.
//!
//! `work_dir/<worker>/lock` is held for the worker's life;
//! `work_dir/<worker>/<attempt>/` is the private folder of one job.

use std::{
    fs::{self, DirBuilder, File},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use anb_domain::{AttemptId, IdSource};

use crate::{WorkerContext, WorkerError};

const LOCK: &str = "lock";
/// A folder that is being set up. No worker is called like this: names do not
/// begin with a dot.
const NEW: &str = ".new-";
/// A folder that is being removed.
const GONE: &str = ".gone-";

/// The folder of a living worker.
pub(crate) struct Home {
    work_dir: PathBuf,
    name: String,
    _lock: File,
}

/// The folder of a worker that has died. While this is held, no other worker
/// takes over from it.
pub(crate) struct Ruin {
    work_dir: PathBuf,
    pub(crate) name: String,
    _lock: File,
}

impl Home {
    pub(crate) async fn open(context: &WorkerContext) -> Result<Self, WorkerError> {
        let work_dir = context.work_dir.clone();
        let name = worker_name(context.settings.name.as_deref(), context.ids.as_ref());
        blocking(move || Self::create(&work_dir, name))
            .await
            .map_err(|source| WorkerError::WorkFolder { folder: context.work_dir.clone(), source })
    }

    /// Makes the folder and takes its lock. It gets its name only once it is
    /// locked, so that nobody mistakes it for a dead worker's.
    fn create(work_dir: &Path, name: String) -> io::Result<Self> {
        fs::create_dir_all(work_dir)?;
        let draft = work_dir.join(format!("{NEW}{name}"));
        private_folder(&draft)?;
        let lock = File::create(draft.join(LOCK))?;
        lock.lock()?;
        fs::rename(&draft, work_dir.join(&name))?;
        Ok(Self { work_dir: work_dir.to_owned(), name, _lock: lock })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// An empty folder for one job.
    pub(crate) async fn job_folder(&self, attempt: AttemptId) -> io::Result<PathBuf> {
        let folder = self.work_dir.join(&self.name).join(attempt.to_string());
        let made = folder.clone();
        blocking(move || private_folder(&made)).await?;
        Ok(folder)
    }

    /// The folders beside this one whose workers are dead.
    pub(crate) async fn ruins(&self) -> io::Result<Vec<Ruin>> {
        let work_dir = self.work_dir.clone();
        let own = self.name.clone();
        blocking(move || find_ruins(&work_dir, &own)).await
    }

    /// Removes the folder; the lock goes with its last holder.
    pub(crate) async fn close(&self) -> io::Result<()> {
        let (work_dir, name) = (self.work_dir.clone(), self.name.clone());
        blocking(move || raze(&work_dir, &name)).await
    }
}

impl Ruin {
    pub(crate) async fn clear(self) -> io::Result<()> {
        blocking(move || raze(&self.work_dir, &self.name)).await
    }
}

fn find_ruins(work_dir: &Path, own: &str) -> io::Result<Vec<Ruin>> {
    let mut ruins = Vec::new();
    for entry in fs::read_dir(work_dir)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with(GONE) {
            let _ = fs::remove_dir_all(entry.path());
            continue;
        }
        if name == own || name.starts_with(NEW) {
            continue;
        }
        // Without a lock file it is not a worker's folder: hands off.
        let Ok(lock) = File::open(entry.path().join(LOCK)) else { continue };
        if lock.try_lock().is_ok() {
            ruins.push(Ruin { work_dir: work_dir.to_owned(), name, _lock: lock });
        }
    }
    Ok(ruins)
}

/// Removes a worker's folder. The new name first: a removal that is cut short
/// must not leave a folder that looks like a worker's.
fn raze(work_dir: &Path, name: &str) -> io::Result<()> {
    let gone = work_dir.join(format!("{GONE}{name}"));
    match fs::rename(work_dir.join(name), &gone) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => fs::remove_dir_all(gone),
    }
}

fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

/// `chosen`, or host and process, and always something random: two machines
/// configured alike, and two containers where every process is number 1, must
/// never take each other's leases.
fn worker_name(chosen: Option<&str>, ids: &dyn IdSource) -> String {
    let base = chosen.map_or_else(|| format!("{}-{}", host(), std::process::id()), safe);
    let (random, ..) = ids.unguessable().as_fields();
    format!("{base}-{random:08x}")
}

/// What the machine is called.
pub(crate) fn host() -> String {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    safe(host.trim())
}

/// Fit to be the name of a folder.
fn safe(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' })
        .take(64)
        .collect();
    if name.is_empty() { "worker".to_owned() } else { name }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use anb_domain::SystemIds;

    use super::*;

    fn home(work_dir: &Path) -> Home {
        Home::create(work_dir, worker_name(Some("a"), &SystemIds)).unwrap()
    }

    #[tokio::test]
    async fn a_living_worker_is_left_alone_and_a_dead_one_found() {
        let work_dir = tempfile::tempdir().unwrap();
        let (us, other) = (home(work_dir.path()), home(work_dir.path()));
        assert!(us.ruins().await.unwrap().is_empty());

        let name = other.name().to_owned();
        drop(other);
        let ruins = us.ruins().await.unwrap();
        assert_eq!(ruins.iter().map(|ruin| &ruin.name).collect::<Vec<_>>(), [&name]);
        assert!(us.ruins().await.unwrap().is_empty(), "only one worker takes over");

        for ruin in ruins {
            ruin.clear().await.unwrap();
        }
        assert!(!work_dir.path().join(name).exists());
    }

    #[tokio::test]
    async fn folders_of_others_are_never_touched() {
        let work_dir = tempfile::tempdir().unwrap();
        fs::create_dir(work_dir.path().join("photos")).unwrap();
        assert!(home(work_dir.path()).ruins().await.unwrap().is_empty());
        assert!(work_dir.path().join("photos").exists());
    }

    #[test]
    fn names_are_unique_and_fit_for_a_folder() {
        let name = worker_name(Some("../Ana's box"), &SystemIds);
        assert!(name.starts_with("---Ana-s-box-"), "{name}");
        assert_ne!(name, worker_name(Some("../Ana's box"), &SystemIds));
        assert!(worker_name(None, &SystemIds).contains(&format!("-{}-", std::process::id())));
    }
}
