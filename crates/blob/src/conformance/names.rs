//! Keys: which there are, and which there cannot be.

use std::{collections::BTreeMap, time::Duration};

use futures::{StreamExt as _, TryStreamExt as _};

use super::{
    Harness,
    material::{
        KEY, LARGE, TYPE, assert_not_found, assert_nothing_left, keys, noise, put, source,
        source_that_stalls, until_staged,
    },
};
use crate::{BlobError, BlobStore as _, LinkOptions, PartUploads as _, UploadToken};

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
