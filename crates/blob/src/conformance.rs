//! What every store must do, run by each implementation's tests.
//!
//! A test file implements [`Harness`] for its store and hands a constructor to
//! [`blob_conformance!`](crate::blob_conformance), which makes one test of each
//! case.

use std::{collections::BTreeMap, mem::ManuallyDrop, path::Path, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::{StreamExt as _, TryStreamExt as _, future, stream};
use sha2::{Digest as _, Sha256};
use tokio::time::{Instant, sleep, timeout};
use url::Url;

use crate::{
    BlobError, BlobStore, ByteSource, Download, LinkOptions, MAX_PARTS, MIN_PART_SIZE, PartInfo,
    PartUploads as _, Stored, UploadToken, hex,
};

/// A fresh, empty store.
#[async_trait]
pub trait Harness: Send + Sync {
    /// The implementation under test.
    type Store: BlobStore;

    /// The store, always the same one.
    fn store(&self) -> &Self::Store;

    /// A folder of this machine for the files of the test.
    fn folder(&self) -> &Path;

    /// How many writes that have not ended it holds.
    async fn staged(&self) -> usize;

    /// Sends the bytes to the link of a part, as a browser does; returns
    /// whether they were taken.
    async fn send_part(&self, link: &Url, bytes: Bytes) -> bool;

    /// Whether whoever serves the links of this test looks at their
    /// signatures, as the real ones do.
    fn checks_signatures(&self) -> bool {
        true
    }
}

/// Makes a test of every case, for the [`Harness`] that `$harness` (an
/// expression, evaluated inside an async function for each test) gives.
#[macro_export]
macro_rules! blob_conformance {
    ($harness:expr) => {
        $crate::blob_conformance! { @cases $harness;
            bytes_come_back_as_they_went_in
            files_go_in_and_come_out
            a_range_gives_just_these_bytes
            a_second_write_replaces_the_first
            a_source_that_fails_leaves_nothing
            a_write_given_up_leaves_nothing
            a_write_given_up_at_any_moment_leaves_nothing
            a_failed_replacement_leaves_the_old_object
            two_writers_leave_one_whole_object
            what_a_killed_process_left_is_purged
            what_is_not_there_is_not_found
            a_deleted_object_is_gone
            deleting_the_neighbour_disturbs_no_write
            a_list_shows_what_is_below_its_prefix_and_no_more
            a_list_hides_writes_that_have_not_ended
            keys_that_lead_elsewhere_are_refused
            other_bytes_have_another_etag
            parts_in_any_order_become_one_object
            a_part_sent_again_replaces_the_first
            what_has_arrived_is_told_to_whoever_resumes
            parts_pass_through_us_too
            a_part_that_fails_leaves_the_one_before
            a_link_takes_its_part_and_no_other
            a_missing_part_is_not_passed_over
            there_is_no_object_before_all_is_joined
            an_upload_is_joined_once
            joining_given_up_can_be_done_again
            two_who_join_leave_one_whole_object
            an_upload_without_parts_is_an_empty_object
            what_was_given_up_takes_no_more_parts
            uploads_nobody_goes_on_with_are_purged
            a_token_opens_its_own_upload_only
        }
    };
    (@cases $harness:expr; $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let harness = $harness;
                $crate::conformance::$case(&harness).await;
            }
        )*
    };
}

const KEY: &str = "uploads/0190/original";
const TYPE: &str = "video/mp4";
/// More than one part of any store.
const LARGE: usize = 9 * 1024 * 1024 + 7;
/// How long traces may take to disappear behind the back of the caller.
const LAG: Duration = Duration::from_secs(10);

/// Bytes that do not repeat, the same for the same `seed`.
fn noise(seed: u64, size: usize) -> Bytes {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(&mut next).flatten().take(size).collect()
}

fn stored(bytes: &[u8]) -> Stored {
    Stored { size: bytes.len() as u64, sha256: hex::encode(&Sha256::digest(bytes)) }
}

/// The bytes as a network gives them, in pieces.
fn pieces(bytes: &Bytes) -> Vec<Result<Bytes, Box<dyn std::error::Error + Send + Sync>>> {
    bytes.chunks(60_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect()
}

fn source(bytes: &Bytes) -> ByteSource {
    stream::iter(pieces(bytes)).boxed()
}

fn source_that_fails(bytes: &Bytes) -> ByteSource {
    let cut = future::ready(Err("the client has gone".into()));
    source(bytes).chain(stream::once(cut)).boxed()
}

fn source_that_stalls(bytes: &Bytes) -> ByteSource {
    source(bytes).chain(stream::pending()).boxed()
}

async fn put<H: Harness>(h: &H, key: &str, bytes: &Bytes) {
    let written = h.store().put(key, TYPE, source(bytes)).await.expect("stored");
    assert_eq!(written, stored(bytes));
}

async fn read_whole(download: Download) -> Vec<u8> {
    let chunks: Vec<_> = download.stream.try_collect().await.expect("read");
    chunks.concat()
}

async fn get<H: Harness>(h: &H, key: &str) -> Vec<u8> {
    read_whole(h.store().get(key, None).await.expect("found")).await
}

async fn keys<H: Harness>(h: &H, prefix: &str) -> Vec<String> {
    let mut keys: Vec<_> =
        h.store().list(prefix).map_ok(|found| found.key).try_collect().await.expect("listed");
    keys.sort();
    keys
}

/// Neither an object nor anything staged is left, at once or soon.
async fn assert_nothing_left<H: Harness>(h: &H) {
    let deadline = Instant::now() + LAG;
    loop {
        let (objects, staged) = (keys(h, "").await, h.staged().await);
        if objects.is_empty() && staged == 0 {
            return;
        }
        assert!(Instant::now() < deadline, "{objects:?} and {staged} staged are left");
        sleep(Duration::from_millis(20)).await;
    }
}

/// Drives a write that does not end until it has staged something, and a while
/// longer.
async fn until_staged<H: Harness, T>(h: &H, write: &mut (impl Future<Output = T> + Unpin)) {
    let staged = async {
        while h.staged().await == 0 {
            sleep(Duration::from_millis(10)).await;
        }
    };
    let either = future::select(&mut *write, Box::pin(staged));
    match timeout(LAG, either).await.expect("it stages something") {
        future::Either::Left(_) => panic!("it cannot have ended"),
        future::Either::Right(_) => {}
    }
    assert!(timeout(Duration::from_millis(300), write).await.is_err(), "it cannot have ended");
}

fn assert_not_found<T>(outcome: Result<T, BlobError>) {
    match outcome {
        Err(BlobError::NotFound(key)) => assert_eq!(key, KEY),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was found"),
    }
}

pub async fn bytes_come_back_as_they_went_in<H: Harness>(h: &H) {
    for size in [0, 1, 70_000, LARGE] {
        let bytes = noise(size as u64, size);
        put(h, KEY, &bytes).await;

        let info = h.store().head(KEY).await.expect("found");
        assert_eq!((info.key.as_str(), info.size), (KEY, size as u64));
        let download = h.store().get(KEY, None).await.expect("found");
        assert_eq!((&download.info, &download.range), (&info, &(0..size as u64)));
        assert!(read_whole(download).await == bytes, "{size} bytes differ");
    }
    assert_eq!(h.staged().await, 0);
}

pub async fn files_go_in_and_come_out<H: Harness>(h: &H) {
    let [original, copy, missing] =
        ["original", "copy", "missing"].map(|name| h.folder().join(name));
    let bytes = noise(1, LARGE);
    tokio::fs::write(&original, &bytes).await.expect("a file");

    let put = h.store().put_file(KEY, TYPE, &original).await.expect("stored");
    let got = h.store().get_file(KEY, &copy).await.expect("copied");

    assert_eq!((&put, &got), (&stored(&bytes), &stored(&bytes)));
    assert!(tokio::fs::read(&copy).await.expect("a file") == bytes);

    let missing = h.store().put_file(KEY, TYPE, &missing).await;
    assert!(matches!(missing, Err(BlobError::Source(_))), "{missing:?}");
    assert_eq!(h.store().head(KEY).await.expect("the old one").size, LARGE as u64);
}

pub async fn a_range_gives_just_these_bytes<H: Harness>(h: &H) {
    let bytes = noise(2, 700_001);
    put(h, KEY, &bytes).await;

    for (asked, given) in [
        (0..1, 0..1),
        (0..700_001, 0..700_001),
        (299_999..300_005, 299_999..300_005),
        (700_000..700_001, 700_000..700_001),
        (600_000..u64::MAX, 600_000..700_001),
    ] {
        let download = h.store().get(KEY, Some(asked)).await.expect("satisfied");
        assert_eq!((download.info.size, &download.range), (700_001, &given));
        let [start, end] = [given.start, given.end].map(|at| usize::try_from(at).expect("small"));
        assert!(read_whole(download).await == bytes[start..end], "{given:?} differs");
    }
    let behind = h.store().get(KEY, Some(700_001..700_002)).await.map(|_| ());
    assert!(matches!(behind, Err(BlobError::RangeNotSatisfiable { size: 700_001 })), "{behind:?}");
}

pub async fn a_second_write_replaces_the_first<H: Harness>(h: &H) {
    put(h, KEY, &noise(1, 500_000)).await;
    put(h, KEY, &noise(2, 100)).await;

    assert_eq!(get(h, KEY).await, noise(2, 100));
}

pub async fn a_source_that_fails_leaves_nothing<H: Harness>(h: &H) {
    for size in [0, 1, LARGE] {
        let failed = h.store().put(KEY, TYPE, source_that_fails(&noise(1, size))).await;

        let Err(BlobError::Source(cause)) = failed else { panic!("{failed:?}") };
        assert_eq!(cause.to_string(), "the client has gone");
        assert_nothing_left(h).await;
    }
}

pub async fn a_write_given_up_leaves_nothing<H: Harness>(h: &H) {
    let mut put = h.store().put(KEY, TYPE, source_that_stalls(&noise(1, LARGE)));
    until_staged(h, &mut put).await;

    drop(put);

    assert_nothing_left(h).await;
}

/// Drops a write after every number of steps that it takes.
pub async fn a_write_given_up_at_any_moment_leaves_nothing<H: Harness>(h: &H) {
    let bytes = noise(1, 100_000);
    for steps in 0.. {
        let mut put = h.store().put(KEY, TYPE, source(&bytes));
        let mut polls = 0;
        let ended = future::poll_fn(|context| {
            if polls == steps {
                return std::task::Poll::Ready(None);
            }
            polls += 1;
            put.as_mut().poll(context).map(Some)
        })
        .await;
        drop(put);
        if let Some(outcome) = ended {
            assert_eq!(outcome.expect("stored"), stored(&bytes));
            return;
        }
        assert_nothing_left(h).await;
    }
}

pub async fn a_failed_replacement_leaves_the_old_object<H: Harness>(h: &H) {
    let old = noise(1, 1000);
    put(h, KEY, &old).await;

    let failed = h.store().put(KEY, TYPE, source_that_fails(&noise(2, LARGE))).await;

    assert!(matches!(failed, Err(BlobError::Source(_))), "{failed:?}");
    assert_eq!(get(h, KEY).await, old);
}

pub async fn two_writers_leave_one_whole_object<H: Harness>(h: &H) {
    let (one, other) = (noise(1, LARGE), noise(2, LARGE + 1));

    tokio::join!(put(h, KEY, &one), put(h, KEY, &other));

    let winner = get(h, KEY).await;
    assert!(winner == one || winner == other, "{} mixed bytes", winner.len());
    assert_eq!((keys(h, "").await, h.staged().await), (vec![KEY.to_owned()], 0));
}

pub async fn what_a_killed_process_left_is_purged<H: Harness>(h: &H) {
    let bytes = noise(1, LARGE);
    let mut killed = ManuallyDrop::new(h.store().put(KEY, TYPE, source_that_stalls(&bytes)));
    until_staged(h, &mut *killed).await;
    assert_eq!(h.staged().await, 1);
    put(h, "uploads/0191/original", &bytes).await;

    let purge = |older_than: DateTime<Utc>| h.store().purge_staged(older_than);
    assert_eq!(purge(DateTime::UNIX_EPOCH).await.expect("purged"), 0, "it is too young");
    assert_eq!(purge(DateTime::<Utc>::MAX_UTC).await.expect("purged"), 1);

    assert_eq!(h.staged().await, 0);
    assert_eq!(keys(h, "").await, ["uploads/0191/original"]);
}

pub async fn what_is_not_there_is_not_found<H: Harness>(h: &H) {
    let file = h.folder().join("copy");
    put(h, "uploads/0190/original/below", &noise(1, 10)).await;

    assert_not_found(h.store().head(KEY).await);
    assert_not_found(h.store().get(KEY, None).await.map(|_| ()));
    assert_not_found(h.store().get_file(KEY, &file).await);

    assert!(!file.exists(), "an empty file was left");
}

pub async fn a_deleted_object_is_gone<H: Harness>(h: &H) {
    put(h, KEY, &noise(1, 10)).await;

    h.store().delete(KEY).await.expect("deleted");
    h.store().delete(KEY).await.expect("deleting it twice is no error");

    assert_not_found(h.store().head(KEY).await);
    assert_nothing_left(h).await;
}

pub async fn deleting_the_neighbour_disturbs_no_write<H: Harness>(h: &H) {
    let bytes = noise(1, 1000);
    let neighbours = (0..4).map(|neighbour| {
        let (key, bytes) = (format!("processed/0190/1/{neighbour}"), &bytes);
        async move {
            for _ in 0..25 {
                put(h, &key, bytes).await;
                assert_eq!(get(h, &key).await, *bytes);
                h.store().delete(&key).await.expect("deleted");
            }
        }
    });
    future::join_all(neighbours).await;

    assert_nothing_left(h).await;
}

pub async fn a_list_shows_what_is_below_its_prefix_and_no_more<H: Harness>(h: &H) {
    let sizes = BTreeMap::from([
        ("processed/a/1/poster 480.jpg", 10),
        ("processed/a/1/video.mp4", 20),
        ("processed/a/10/video.mp4", 30),
        ("processed/ab/1/video.mp4", 40),
        ("uploads/a/original", 50),
    ]);
    for (key, size) in &sizes {
        put(h, key, &noise(1, *size)).await;
    }

    let shown = |prefix: &'static str| async move {
        let found: Vec<_> = h.store().list(prefix).try_collect().await.expect("listed");
        found.into_iter().map(|blob| (blob.key, blob.size)).collect::<BTreeMap<_, _>>()
    };
    for prefix in ["", "processed/", "processed/a/", "processed/a/1/", "nothing/here/"] {
        let expected: BTreeMap<_, _> = sizes
            .iter()
            .filter(|(key, _)| key.starts_with(prefix))
            .map(|(key, size)| ((*key).to_owned(), *size as u64))
            .collect();
        assert_eq!(shown(prefix).await, expected, "below {prefix:?}");
    }
    let half_a_name: Vec<_> = h.store().list("processed/a").collect().await;
    assert!(matches!(half_a_name[..], [Err(BlobError::InvalidKey(_))]), "{half_a_name:?}");
}

pub async fn a_list_hides_writes_that_have_not_ended<H: Harness>(h: &H) {
    let mut put = h.store().put(KEY, TYPE, source_that_stalls(&noise(1, LARGE)));
    until_staged(h, &mut put).await;

    assert_eq!(h.staged().await, 1);
    assert_eq!(keys(h, "").await, Vec::<String>::new());
    assert_eq!(keys(h, "uploads/0190/").await, Vec::<String>::new());
    assert_not_found(h.store().head(KEY).await);
}

pub async fn keys_that_lead_elsewhere_are_refused<H: Harness>(h: &H) {
    let long_part = "a".repeat(256);
    let long_key = "a/".repeat(512) + "a";
    let bad = [
        "",
        "/",
        "/etc/passwd",
        "..",
        "../secret",
        "uploads/../../secret",
        "uploads/..",
        "./a",
        "uploads/.",
        "uploads//a",
        "uploads/a/",
        "a#1",
        "uploads/a\0b",
        "a\nb",
        "a\\..\\b",
        "a\u{7f}",
        "..%2fsecret",
        ".staged/a",
        &long_part,
        &long_key,
    ];
    let options = LinkOptions {
        expires_in: Duration::from_mins(1),
        content_type: TYPE.to_owned(),
        download_as: None,
    };
    let file = h.folder().join("copy");
    let token = UploadToken("token".into());
    for key in bad {
        let store = h.store();
        let outcomes = [
            store.put(key, TYPE, source(&noise(1, 10))).await.err(),
            store.get(key, None).await.err(),
            store.get_file(key, &file).await.err(),
            store.head(key).await.err(),
            store.delete(key).await.err(),
            store.signed_link(key, &options).await.err(),
            store.begin_parts(key, TYPE).await.err(),
            store.part_link(key, &token, 1, 1, options.expires_in).await.err(),
            store.put_part(key, &token, 1, source(&noise(1, 10))).await.err(),
            store.parts(key, &token).await.err(),
            store.complete_parts(key, &token).await.err(),
            store.abort_parts(key, &token).await.err(),
        ];
        for outcome in outcomes {
            assert!(
                matches!(&outcome, Some(BlobError::InvalidKey(refused)) if refused == key),
                "{key:?}: {outcome:?}"
            );
        }
    }
    let listed: Vec<_> = h.store().list("../").collect().await;
    assert!(matches!(listed[..], [Err(BlobError::InvalidKey(_))]), "{listed:?}");
    assert_nothing_left(h).await;
}

pub async fn other_bytes_have_another_etag<H: Harness>(h: &H) {
    let etag = || async { h.store().head(KEY).await.expect("found").etag };
    put(h, KEY, &noise(1, 100)).await;
    let (first, again) = (etag().await, etag().await);
    put(h, KEY, &noise(2, 100)).await;
    let second = etag().await;

    assert_eq!(first, again);
    assert_ne!(first, second);
    let quoted = first.is_some_and(|etag| etag.starts_with('"') && etag.ends_with('"'));
    assert!(quoted, "an etag is quoted as in HTTP");
}

/// The least that a part may have unless it is the last.
const WHOLE_PART: usize = 5 << 20;
const _: () = assert!(WHOLE_PART as u64 == MIN_PART_SIZE);
const SOON: Duration = Duration::from_mins(10);

async fn begin<H: Harness>(h: &H) -> UploadToken {
    h.store().begin_parts(KEY, TYPE).await.expect("begun")
}

/// Sends a part to its link.
async fn send<H: Harness>(h: &H, token: &UploadToken, number: u32, bytes: &Bytes) {
    let size = bytes.len() as u64;
    let link = h.store().part_link(KEY, token, number, size, SOON).await.expect("a link");
    assert!(h.send_part(&link, bytes.clone()).await, "part {number} was refused");
}

async fn arrived<H: Harness>(h: &H, token: &UploadToken) -> Vec<(u32, u64)> {
    let parts = h.store().parts(KEY, token).await.expect("an upload");
    parts.into_iter().map(|part| (part.number, part.size)).collect()
}

pub async fn parts_in_any_order_become_one_object<H: Harness>(h: &H) {
    let parts = [noise(1, WHOLE_PART), noise(2, WHOLE_PART + 1), noise(3, 1000)];
    let token = begin(h).await;
    for index in [2, 0, 1] {
        send(h, &token, [1, 2, 3][index], &parts[index]).await;
    }

    h.store().complete_parts(KEY, &token).await.expect("joined");

    assert!(get(h, KEY).await == parts.concat(), "the bytes differ");
    assert_eq!((keys(h, "").await, h.staged().await), (vec![KEY.to_owned()], 0));
}

pub async fn a_part_sent_again_replaces_the_first<H: Harness>(h: &H) {
    let (part, last) = (noise(1, WHOLE_PART), noise(2, 1000));
    let token = begin(h).await;
    send(h, &token, 1, &noise(3, WHOLE_PART + 7)).await;
    send(h, &token, 2, &last).await;
    send(h, &token, 1, &part).await;

    assert_eq!(arrived(h, &token).await, [(1, part.len() as u64), (2, 1000)]);
    h.store().complete_parts(KEY, &token).await.expect("joined");

    assert!(get(h, KEY).await == [part, last].concat(), "the bytes differ");
}

pub async fn what_has_arrived_is_told_to_whoever_resumes<H: Harness>(h: &H) {
    let token = begin(h).await;
    assert_eq!(arrived(h, &token).await, []);

    for number in [10, 2, 1] {
        send(h, &token, number, &noise(u64::from(number), 100 + number as usize)).await;
    }

    assert_eq!(arrived(h, &token).await, [(1, 101), (2, 102), (10, 110)]);
}

pub async fn parts_pass_through_us_too<H: Harness>(h: &H) {
    let (one, two) = (noise(1, LARGE), noise(2, 10));
    let token = begin(h).await;
    for (number, bytes) in [(2, &two), (1, &one)] {
        let part = h.store().put_part(KEY, &token, number, source(bytes)).await.expect("stored");
        assert_eq!(part, PartInfo { number, size: bytes.len() as u64 });
    }

    h.store().complete_parts(KEY, &token).await.expect("joined");

    assert!(get(h, KEY).await == [one, two].concat(), "the bytes differ");
}

pub async fn a_part_that_fails_leaves_the_one_before<H: Harness>(h: &H) {
    let token = begin(h).await;
    send(h, &token, 1, &noise(1, 1000)).await;

    let failed = h.store().put_part(KEY, &token, 1, source_that_fails(&noise(2, 500_000))).await;
    let cut = h.store().put_part(KEY, &token, 2, source_that_stalls(&noise(2, 500_000)));
    assert!(timeout(Duration::from_millis(200), cut).await.is_err(), "it cannot have ended");

    assert!(matches!(failed, Err(BlobError::Source(_))), "{failed:?}");
    assert_eq!(arrived(h, &token).await, [(1, 1000)]);
    h.store().complete_parts(KEY, &token).await.expect("joined");
    assert_eq!(get(h, KEY).await, noise(1, 1000));
}

pub async fn a_link_takes_its_part_and_no_other<H: Harness>(h: &H) {
    let token = begin(h).await;
    for number in [0, MAX_PARTS + 1, u32::MAX] {
        let refused = h.store().part_link(KEY, &token, number, 1, SOON).await;
        assert!(matches!(refused, Err(BlobError::InvalidPart(n)) if n == number), "{refused:?}");
        let refused = h.store().put_part(KEY, &token, number, source(&noise(1, 1))).await;
        assert!(matches!(refused, Err(BlobError::InvalidPart(n)) if n == number), "{refused:?}");
    }
    let link = h.store().part_link(KEY, &token, 3, 1000, SOON).await.expect("a link");
    if h.checks_signatures() {
        for size in [0, 999, 1001] {
            assert!(!h.send_part(&link, noise(1, size)).await, "{size} bytes were taken");
        }
        let another: Url = link.as_str().replace("1000", "1001").parse().expect("a link");
        assert!(!h.send_part(&another, noise(1, 1001)).await, "a forgery was taken");
        assert_eq!(arrived(h, &token).await, []);
    }

    assert!(h.send_part(&link, noise(1, 1000)).await, "its part was refused");

    assert_eq!(arrived(h, &token).await, [(3, 1000)]);
}

pub async fn a_missing_part_is_not_passed_over<H: Harness>(h: &H) {
    let token = begin(h).await;
    for number in [1, 3] {
        send(h, &token, number, &noise(1, WHOLE_PART)).await;
    }

    let refused = h.store().complete_parts(KEY, &token).await;

    assert!(matches!(refused, Err(BlobError::MissingPart(2))), "{refused:?}");
    assert_not_found(h.store().head(KEY).await);
    send(h, &token, 2, &noise(1, WHOLE_PART)).await;
    h.store().complete_parts(KEY, &token).await.expect("joined");
    assert_eq!(h.store().head(KEY).await.expect("found").size, 3 * MIN_PART_SIZE);
}

pub async fn there_is_no_object_before_all_is_joined<H: Harness>(h: &H) {
    let token = begin(h).await;
    send(h, &token, 1, &noise(1, 1000)).await;

    assert_not_found(h.store().head(KEY).await);
    assert_eq!(keys(h, "").await, Vec::<String>::new());
    assert_eq!(h.staged().await, 1);
}

pub async fn an_upload_is_joined_once<H: Harness>(h: &H) {
    let token = begin(h).await;
    send(h, &token, 1, &noise(1, 1000)).await;
    h.store().complete_parts(KEY, &token).await.expect("joined");

    assert_not_found(h.store().complete_parts(KEY, &token).await);
    assert_not_found(h.store().parts(KEY, &token).await);
    assert_not_found(h.store().put_part(KEY, &token, 1, source(&noise(2, 10))).await);
    h.store().abort_parts(KEY, &token).await.expect("there is nothing to give up");

    assert_eq!(get(h, KEY).await, noise(1, 1000), "the object is still there");
}

/// Drops a join after every number of steps that it takes.
pub async fn joining_given_up_can_be_done_again<H: Harness>(h: &H) {
    let bytes = noise(1, 100_000);
    for steps in 0.. {
        let token = begin(h).await;
        send(h, &token, 1, &bytes).await;
        let mut join = h.store().complete_parts(KEY, &token);
        let mut polls = 0;
        let ended = future::poll_fn(|context| {
            if polls == steps {
                return std::task::Poll::Ready(None);
            }
            polls += 1;
            join.as_mut().poll(context).map(Some)
        })
        .await;
        drop(join);
        match h.store().complete_parts(KEY, &token).await {
            Ok(()) | Err(BlobError::NotFound(_)) => {}
            Err(error) => panic!("after {steps} steps: {error}"),
        }
        assert_eq!(get(h, KEY).await, bytes, "after {steps} steps");
        h.store().delete(KEY).await.expect("deleted");
        if let Some(outcome) = ended {
            outcome.expect("joined");
            return assert_nothing_left(h).await;
        }
    }
}

pub async fn two_who_join_leave_one_whole_object<H: Harness>(h: &H) {
    let parts = [noise(1, WHOLE_PART), noise(2, 1000)];
    let token = begin(h).await;
    send(h, &token, 1, &parts[0]).await;
    send(h, &token, 2, &parts[1]).await;

    let (one, other) =
        tokio::join!(h.store().complete_parts(KEY, &token), h.store().complete_parts(KEY, &token));

    assert!(one.is_ok() || other.is_ok(), "{one:?}, {other:?}");
    for outcome in [one, other] {
        assert!(matches!(outcome, Ok(()) | Err(BlobError::NotFound(_))), "{outcome:?}");
    }
    assert!(get(h, KEY).await == parts.concat(), "the bytes differ");
    assert_eq!((keys(h, "").await, h.staged().await), (vec![KEY.to_owned()], 0));
}

pub async fn an_upload_without_parts_is_an_empty_object<H: Harness>(h: &H) {
    let token = begin(h).await;

    h.store().complete_parts(KEY, &token).await.expect("joined");

    assert_eq!(get(h, KEY).await, b"");
}

pub async fn what_was_given_up_takes_no_more_parts<H: Harness>(h: &H) {
    let token = begin(h).await;
    send(h, &token, 1, &noise(1, 1000)).await;
    let link = h.store().part_link(KEY, &token, 2, 10, SOON).await.expect("a link");

    h.store().abort_parts(KEY, &token).await.expect("given up");
    h.store().abort_parts(KEY, &token).await.expect("giving it up twice is no error");

    assert!(!h.send_part(&link, noise(2, 10)).await, "a part was taken");
    assert_not_found(h.store().parts(KEY, &token).await);
    assert_not_found(h.store().complete_parts(KEY, &token).await);
    assert_nothing_left(h).await;
}

pub async fn uploads_nobody_goes_on_with_are_purged<H: Harness>(h: &H) {
    let (without_parts, with_parts) = (begin(h).await, begin(h).await);
    send(h, &with_parts, 1, &noise(1, 1000)).await;

    let purge = |older_than: DateTime<Utc>| h.store().purge_staged(older_than);
    assert_eq!(purge(DateTime::UNIX_EPOCH).await.expect("purged"), 0, "they are too young");
    assert_eq!(arrived(h, &with_parts).await, [(1, 1000)]);
    assert_eq!(purge(DateTime::<Utc>::MAX_UTC).await.expect("purged"), 2);

    for token in [without_parts, with_parts] {
        assert_not_found(h.store().parts(KEY, &token).await);
    }
    assert_nothing_left(h).await;
}

pub async fn a_token_opens_its_own_upload_only<H: Harness>(h: &H) {
    let (one, other) = (begin(h).await, begin(h).await);
    send(h, &one, 1, &noise(1, 10)).await;
    assert_eq!(arrived(h, &other).await, []);

    for made_up in ["", "..", "../..", "token", "x\u{0}y", "00000000-0000-4000-8000-000000000000"] {
        let made_up = UploadToken(made_up.to_owned());
        assert_not_found(h.store().parts(KEY, &made_up).await);
        assert_not_found(h.store().complete_parts(KEY, &made_up).await);
        h.store().abort_parts(KEY, &made_up).await.expect("there is nothing to give up");
    }
    assert_eq!(arrived(h, &one).await, [(1, 10)]);
}
