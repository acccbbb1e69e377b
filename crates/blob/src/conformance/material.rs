//! What the cases work with: bytes, sources that break, and looks at what is left.

use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, future, stream};
use sha2::{Digest as _, Sha256};
use tokio::time::{Instant, sleep, timeout};

use super::Harness;
use crate::{BlobError, BlobStore as _, ByteSource, Download, Stored, hex};

pub(super) const KEY: &str = "uploads/0190/original";
pub(super) const TYPE: &str = "video/mp4";
/// More than one part of any store.
pub(super) const LARGE: usize = 9 * 1024 * 1024 + 7;
/// How long traces may take to disappear behind the back of the caller.
pub(super) const LAG: Duration = Duration::from_secs(10);

/// Bytes that do not repeat, the same for the same `seed`.
pub(super) fn noise(seed: u64, size: usize) -> Bytes {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(&mut next).flatten().take(size).collect()
}

pub(super) fn stored(bytes: &[u8]) -> Stored {
    Stored { size: bytes.len() as u64, sha256: hex::encode(&Sha256::digest(bytes)) }
}

/// The bytes as a network gives them, in pieces.
pub(super) fn pieces(
    bytes: &Bytes,
) -> Vec<Result<Bytes, Box<dyn std::error::Error + Send + Sync>>> {
    bytes.chunks(60_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect()
}

pub(super) fn source(bytes: &Bytes) -> ByteSource {
    stream::iter(pieces(bytes)).boxed()
}

pub(super) fn source_that_fails(bytes: &Bytes) -> ByteSource {
    let cut = future::ready(Err("the client has gone".into()));
    source(bytes).chain(stream::once(cut)).boxed()
}

pub(super) fn source_that_stalls(bytes: &Bytes) -> ByteSource {
    source(bytes).chain(stream::pending()).boxed()
}

pub(super) async fn put<H: Harness>(h: &H, key: &str, bytes: &Bytes) {
    let written = h.store().put(key, TYPE, source(bytes)).await.expect("stored");
    assert_eq!(written, stored(bytes));
}

pub(super) async fn read_whole(download: Download) -> Vec<u8> {
    let chunks: Vec<_> = download.stream.try_collect().await.expect("read");
    chunks.concat()
}

pub(super) async fn get<H: Harness>(h: &H, key: &str) -> Vec<u8> {
    read_whole(h.store().get(key, None).await.expect("found")).await
}

pub(super) async fn keys<H: Harness>(h: &H, prefix: &str) -> Vec<String> {
    let mut keys: Vec<_> =
        h.store().list(prefix).map_ok(|found| found.key).try_collect().await.expect("listed");
    keys.sort();
    keys
}

/// Neither an object nor anything staged is left, at once or soon.
pub(super) async fn assert_nothing_left<H: Harness>(h: &H) {
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
pub(super) async fn until_staged<H: Harness, T>(
    h: &H,
    write: &mut (impl Future<Output = T> + Unpin),
) {
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

pub(super) fn assert_not_found<T>(outcome: Result<T, BlobError>) {
    match outcome {
        Err(BlobError::NotFound(key)) => assert_eq!(key, KEY),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was found"),
    }
}
