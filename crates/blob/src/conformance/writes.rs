//! Writes that fail, are given up, or meet each other.

use std::mem::ManuallyDrop;

use chrono::{DateTime, Utc};
use futures::future;

use super::{
    Harness,
    material::{
        KEY, LARGE, TYPE, assert_nothing_left, get, keys, noise, put, source, source_that_fails,
        source_that_stalls, stored, until_staged,
    },
};
use crate::{BlobError, BlobStore as _};

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
