//! Requests that are dropped in the middle, because their client goes away or
//! their time is up.

use std::{future::Future, task::Poll};

use anb_store::NewUpload;
use anb_testkit::{TestStore, on_each_database};
use futures::future::join_all;

/// Polls the work at most so many times, then drops it, as a request is
/// dropped whose client goes away. `None`: it was cut off.
pub async fn cut_off_after<T>(mut polls: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = std::pin::pin!(work);
    std::future::poll_fn(|cx| {
        polls -= 1;
        match work.as_mut().poll(cx) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if polls == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// More than there are connections.
const WRITERS: usize = 12;

on_each_database! {
    async fn who_comes_after_a_request_that_was_cut_off_is_not_part_of_it(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let other = store.of_another_process().await;
        for polls in 1..=20 {
            let mut uploads = Vec::new();
            for _ in 0..WRITERS {
                uploads.push(store.an_upload(&ana).await);
            }
            let expires_at = store.video(uploads[0]).await.unwrap().unwrap().created_at;
            let new = NewUpload { owner: ana.id, expires_at };
            cut_off_after(polls, store.begin_upload(new)).await;

            for abandoned in join_all(uploads.iter().map(|id| store.abandon_upload(*id))).await {
                abandoned.unwrap();
            }
            for upload in uploads {
                let seen = other.video(upload).await.unwrap();
                assert_eq!(seen, None, "written, but not for others; after {polls} polls");
            }
        }
    }
}
