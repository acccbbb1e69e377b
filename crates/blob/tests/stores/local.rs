//! The store in a folder does what every store must do.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::{os::unix::fs::PermissionsExt as _, path::Path, sync::Arc};

use anb_blob::{
    BlobError, BlobStore as _, ByteSource, LinkSigner, LocalStore, PartQuery, PartUploads as _,
    UploadToken, WrongSize, conformance::Harness, exactly,
};
use anb_domain::SystemClock;
use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use tempfile::TempDir;
use url::Url;

struct Local {
    store: LocalStore,
    folder: TempDir,
}

fn signer() -> LinkSigner {
    let base = "http://localhost:8000".parse().unwrap();
    LinkSigner::new(base, b"key", Arc::new(SystemClock))
}

fn open(dir: &Path) -> LocalStore {
    LocalStore::open(dir, Arc::new(signer())).unwrap()
}

fn source(bytes: &'static [u8]) -> ByteSource {
    stream::iter([Ok(Bytes::from_static(bytes))]).boxed()
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

    /// What the web service does behind such a link.
    async fn send_part(&self, link: &Url, bytes: Bytes) -> bool {
        let path: Vec<_> = link.path_segments().unwrap().collect();
        let ["media", "parts", token, number] = path[..] else { panic!("{link}") };
        let query: PartQuery = serde_urlencoded::from_str(link.query().unwrap()).unwrap();
        let Ok(part) = signer().verify_part(token, number.parse().unwrap(), &query) else {
            return false;
        };
        let source = exactly(part.size, stream::iter([Ok(bytes)]).boxed());
        self.store.put_part(&part.key, &part.token, part.number, source).await.is_ok()
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
    let local = local();
    for key in ["uploads/1/original", "uploads/2/original"] {
        local.store.put(key, "video/mp4", source(b"bytes")).await.unwrap();
    }

    local.store.delete("uploads/1/original").await.unwrap();

    let objects = local.folder.path().join("data/objects");
    assert!(!objects.join("uploads/1").exists());
    assert!(objects.join("uploads/2/original").exists());
}

#[tokio::test]
async fn objects_outlive_the_process() {
    let local = local();
    local.store.put("uploads/1/original", "video/mp4", source(b"bytes")).await.unwrap();
    let Local { store, folder } = local;
    drop(store);

    let again = open(&folder.path().join("data/objects"));

    assert_eq!(again.head("uploads/1/original").await.unwrap().size, 5);
}

const KEY: &str = "uploads/1/original";

async fn with_parts(local: &Local) -> UploadToken {
    let token = local.store.begin_parts(KEY, "video/mp4").await.unwrap();
    for (number, bytes) in [(1, b"one ".as_slice()), (2, b"two")] {
        local.store.put_part(KEY, &token, number, source(bytes)).await.unwrap();
    }
    token
}

/// The folder in which an upload gathers its parts; there is only one.
fn gathered(local: &Local) -> std::path::PathBuf {
    let staged = local.folder.path().join("data/objects/.staged");
    let folders: Vec<_> = staged.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    let [folder] = &folders[..] else { panic!("{folders:?}") };
    folder.clone()
}

#[tokio::test]
async fn parts_outlive_the_process() {
    let local = local();
    let token = with_parts(&local).await;
    let again = open(&local.folder.path().join("data/objects"));

    again.put_part(KEY, &token, 3, source(b" three")).await.unwrap();
    again.complete_parts(KEY, &token).await.unwrap();

    let object = local.folder.path().join("data/objects").join(KEY);
    assert_eq!(std::fs::read_to_string(object).unwrap(), "one two three");
}

/// As if killed between the two: the object is there, the parts are as well.
#[tokio::test]
async fn killed_before_the_parts_went_it_is_joined_again() {
    let local = local();
    let token = with_parts(&local).await;
    local.store.put(KEY, "video/mp4", source(b"one two")).await.unwrap();

    local.store.complete_parts(KEY, &token).await.unwrap();

    let object = local.folder.path().join("data/objects").join(KEY);
    assert_eq!(std::fs::read_to_string(object).unwrap(), "one two");
    assert_eq!(local.staged().await, 0);
}

/// As if killed among the removals: what is left must never be joined.
#[tokio::test]
async fn killed_while_the_parts_go_their_rest_is_no_upload() {
    let local = local();
    let token = with_parts(&local).await;
    local.store.put(KEY, "video/mp4", source(b"one two")).await.unwrap();
    let folder = gathered(&local);
    std::fs::rename(&folder, folder.with_extension("over")).unwrap();
    std::fs::remove_file(folder.with_extension("over").join("2")).unwrap();

    let again = local.store.complete_parts(KEY, &token).await;

    assert!(matches!(again, Err(BlobError::NotFound(_))), "{again:?}");
    let object = local.folder.path().join("data/objects").join(KEY);
    assert_eq!(std::fs::read_to_string(object).unwrap(), "one two");
    let purged = local.store.purge_staged(chrono::DateTime::<chrono::Utc>::MAX_UTC).await;
    assert_eq!((purged.unwrap(), local.staged().await), (1, 0));
}

/// Two clients complete one upload; the first is told that it is done, the
/// second goes away just as it has put the same bytes there once more.
#[tokio::test]
async fn who_gives_up_joining_takes_nothing_from_another() {
    let local = local();
    let object = local.folder.path().join("data/objects").join(KEY);
    for steps in 0.. {
        let token = with_parts(&local).await;
        let mut second = local.store.complete_parts(KEY, &token);
        let mut polls = 0;
        let ended = std::future::poll_fn(|context| {
            if polls == steps {
                return std::task::Poll::Ready(false);
            }
            polls += 1;
            second.as_mut().poll(context).map(|_| true)
        })
        .await;
        let was_there = object.exists();
        drop(second);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        assert!(!was_there || object.exists(), "after {steps} steps it was gone again");
        local.store.abort_parts(KEY, &token).await.unwrap();
        local.store.delete(KEY).await.unwrap();
        if ended {
            return;
        }
    }
}

#[tokio::test]
async fn a_part_that_was_growing_when_we_were_killed_is_none() {
    let local = local();
    let token = with_parts(&local).await;
    std::fs::write(gathered(&local).join("3.0190-growing"), "half of").unwrap();

    assert_eq!(local.store.parts(KEY, &token).await.unwrap().len(), 2);
    local.store.complete_parts(KEY, &token).await.unwrap();

    let object = local.folder.path().join("data/objects").join(KEY);
    assert_eq!(std::fs::read_to_string(object).unwrap(), "one two");
}

#[tokio::test]
async fn an_upload_is_as_old_as_its_newest_piece() {
    use std::time::{Duration, SystemTime};

    let local = local();
    with_parts(&local).await;
    let folder = gathered(&local);
    let [old, new] =
        [1_000_000, 2_000_000].map(|s| SystemTime::UNIX_EPOCH + Duration::from_secs(s));
    for (name, written) in [("1", old), ("2", new), ("", old)] {
        std::fs::File::open(folder.join(name)).unwrap().set_modified(written).unwrap();
    }

    let purge = |older_than: SystemTime| local.store.purge_staged(older_than.into());
    assert_eq!(purge(new).await.unwrap(), 0, "a part is as young as that");
    assert_eq!(purge(new + Duration::from_secs(1)).await.unwrap(), 1);
}

#[tokio::test]
async fn a_source_of_another_size_is_refused() {
    use futures::TryStreamExt as _;

    let read = |promised| exactly(promised, source(b"five5")).try_collect::<Vec<_>>();
    assert_eq!(read(5).await.unwrap().concat(), b"five5");
    for promised in [0, 4, 6] {
        let refused = read(promised).await.unwrap_err();
        assert_eq!(refused.downcast_ref::<WrongSize>(), Some(&WrongSize { promised }));
    }
}
