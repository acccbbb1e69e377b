//! A write that has not ended, and how every trace of it disappears.

use std::{
    fs, io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use anb_domain::{IdSource as _, SystemIds};
use object_store::{local::LocalFileSystem, path::Path as ObjectPath};

use crate::{BlobError, key::STAGING};

/// The files of one write. Dropped before [`Staged::keep`], it removes them,
/// and the object too if that had just come to its place: whoever gave up
/// must not find it later.
pub(crate) struct Staged {
    /// Where the bytes are gathered.
    pub path: ObjectPath,
    files: Option<Files>,
}

struct Files {
    /// While bytes arrive; the name is of `object_store`'s making.
    growing: PathBuf,
    whole: PathBuf,
    target: PathBuf,
    root: PathBuf,
    /// Of the whole file, once there is one.
    inode: Option<u64>,
}

impl Staged {
    pub fn new(store: &LocalFileSystem, root: &Path, target: &ObjectPath) -> Self {
        let name = SystemIds.unguessable().to_string();
        let staging = root.join(STAGING);
        let files = Files {
            growing: staging.join(format!("{name}#1")),
            whole: staging.join(&name),
            target: store.path_to_filesystem(target).unwrap_or_default(),
            root: root.to_owned(),
            inode: None,
        };
        Self { path: ObjectPath::from_iter([STAGING, &name]), files: Some(files) }
    }

    /// Remembers the whole file, by which its object is recognised.
    pub fn is_whole(&mut self) -> io::Result<()> {
        if let Some(files) = &mut self.files {
            files.inode = Some(fs::metadata(&files.whole)?.ino());
        }
        Ok(())
    }

    /// The object is in its place, and stays there.
    pub fn keep(mut self) {
        self.files = None;
    }

    /// Removes every trace, and returns when that is done.
    pub async fn undo(mut self) -> Result<(), BlobError> {
        let Some(files) = self.files.take() else { return Ok(()) };
        tokio::task::spawn_blocking(move || files.remove())
            .await
            .map_err(|error| BlobError::Unavailable(error.into()))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        let Some(files) = self.files.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(move || files.remove())),
            Err(_) => files.remove(),
        }
    }
}

impl Files {
    /// Follows the bytes from name to name: a step that was already under way
    /// when the write was given up has either happened before each removal, or
    /// cannot happen any more.
    fn remove(&self) {
        let removed =
            fs::remove_file(&self.growing).is_ok() || fs::remove_file(&self.whole).is_ok();
        let published = || fs::metadata(&self.target).map(|file| file.ino()).ok();
        // Runs on drop, with nobody to tell: what cannot be removed now, the
        // reconciler finds (purge_staged, sweep).
        if !removed && self.inode.is_some() && published() == self.inode {
            fs::remove_file(&self.target).ok();
        }
        remove_empty_folders(&self.root, &self.target);
    }
}

/// Removes the folders above `file`, as far as they are empty.
fn remove_empty_folders(root: &Path, file: &Path) {
    let above =
        file.ancestors().skip(1).take_while(|folder| folder.starts_with(root) && *folder != root);
    for folder in above {
        if fs::remove_dir(folder).is_err() {
            return;
        }
    }
}
