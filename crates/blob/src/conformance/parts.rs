//! Uploads in parts.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::future;
use tokio::time::timeout;
use url::Url;

use super::{
    Harness,
    material::{
        KEY, LARGE, TYPE, assert_not_found, assert_nothing_left, get, keys, noise, source,
        source_that_fails, source_that_stalls,
    },
};
use crate::{
    BlobError, BlobStore as _, MAX_PARTS, MIN_PART_SIZE, PartInfo, PartUploads as _, UploadToken,
};

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
