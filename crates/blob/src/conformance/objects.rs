//! Objects as a whole: written, read, replaced, deleted.

use super::{
    Harness,
    material::{
        KEY, LARGE, TYPE, assert_not_found, assert_nothing_left, get, noise, put, read_whole,
        stored,
    },
};
use crate::{BlobError, BlobStore as _};

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
