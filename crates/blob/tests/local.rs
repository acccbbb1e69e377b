//! The store in a folder does what every store must do.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::{os::unix::fs::PermissionsExt as _, path::Path, sync::Arc};

use anb_blob::{LinkSigner, LocalStore, conformance::Harness};
use anb_domain::SystemClock;
use async_trait::async_trait;
use tempfile::TempDir;

struct Local {
    store: LocalStore,
    folder: TempDir,
}

fn open(dir: &Path) -> LocalStore {
    let base = "http://localhost:8000".parse().unwrap();
    LocalStore::open(dir, Arc::new(LinkSigner::new(base, b"key", Arc::new(SystemClock)))).unwrap()
}

fn local() -> Local {
    let folder = tempfile::tempdir().unwrap();
    Local { store: open(&folder.path().join("data/objects")), folder }
}

#[async_trait]
impl Harness for Local {
    type Store = LocalStore;

    fn store(&self) -> &LocalStore {
        &self.store
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    async fn staged(&self) -> usize {
        self.folder.path().join("data/objects/.staged").read_dir().unwrap().count()
    }
}

anb_blob::blob_conformance!(local());

#[test]
fn only_its_owner_may_enter_the_folder() {
    let local = local();
    for folder in ["data", "data/objects", "data/objects/.staged"] {
        let mode = local.folder.path().join(folder).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{folder}");
    }
}

#[tokio::test]
async fn the_last_object_takes_its_folders_with_it() {
    use anb_blob::BlobStore as _;

    let local = local();
    let bytes = || Box::pin(futures::stream::iter([Ok("bytes".into())]));
    for key in ["uploads/1/original", "uploads/2/original"] {
        local.store.put(key, "video/mp4", bytes()).await.unwrap();
    }

    local.store.delete("uploads/1/original").await.unwrap();

    let objects = local.folder.path().join("data/objects");
    assert!(!objects.join("uploads/1").exists());
    assert!(objects.join("uploads/2/original").exists());
}

#[tokio::test]
async fn objects_outlive_the_process() {
    use anb_blob::BlobStore as _;

    let local = local();
    let bytes = Box::pin(futures::stream::iter([Ok("bytes".into())]));
    local.store.put("uploads/1/original", "video/mp4", bytes).await.unwrap();
    let Local { store, folder } = local;
    drop(store);

    let again = open(&folder.path().join("data/objects"));

    assert_eq!(again.head("uploads/1/original").await.unwrap().size, 5);
}
