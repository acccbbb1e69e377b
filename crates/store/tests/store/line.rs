use std::time::Duration;

use anb_store::Video;
use anb_testkit::{TestStore, on_each_database};

/// Sends every message that waits, as the relay does.
async fn queue_up(store: &TestStore) {
    for entry in store.take_outbox(10, Duration::from_secs(30)).await.unwrap() {
        store.outbox_sent(&entry).await.unwrap();
    }
    store.clock.advance(Duration::from_secs(1));
}

async fn ahead(store: &TestStore, videos: &[Video]) -> Vec<u64> {
    let mut ahead = Vec::new();
    for video in videos {
        ahead.push(store.ahead_of(video).await.unwrap());
    }
    ahead
}

on_each_database! {
    async fn videos_wait_in_the_order_in_which_they_were_queued(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let mut videos = Vec::new();
        for _ in 0..3 {
            videos.push(store.a_pending_video(&ana).await);
            queue_up(&store).await;
        }
        assert_eq!(ahead(&store, &videos).await, [0, 1, 2]);

        // One whose message is still to be sent comes after all of them.
        videos.push(store.a_pending_video(&ana).await);
        assert_eq!(ahead(&store, &videos).await, [0, 1, 2, 3]);

        // A worker takes the second one on: nobody waits for it any more.
        store.claimed(videos[1].id).await;
        assert_eq!(ahead(&store, &videos).await, [0, 0, 1, 2]);
    }

    async fn who_is_handed_back_queues_up_again(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let first = store.a_pending_video(&ana).await;
        queue_up(&store).await;
        let claim = store.claimed(first.id).await;
        let second = store.a_pending_video(&ana).await;
        queue_up(&store).await;
        store.hand_back(&claim, anb_store::HandBack::NewMessage).await.unwrap();
        queue_up(&store).await;
        assert_eq!(ahead(&store, &[first, second]).await, [1, 0]);
    }
}
