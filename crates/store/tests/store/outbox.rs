use std::{collections::HashSet, time::Duration};

use anb_domain::Clock as _;
use anb_testkit::{TestStore, on_each_database, original};

const LEASE: Duration = Duration::from_secs(30);

on_each_database! {
    async fn an_entry_is_sent_and_gone(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let upload = store.an_upload(&ana).await;
        let mut clip = original("Mate");
        clip.traceparent = Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".into());
        store.complete_upload(upload, clip.clone()).await.unwrap();

        let [entry] = &store.take_outbox(10, LEASE).await.unwrap()[..] else { panic!() };
        assert_eq!((entry.video_id, entry.tries), (upload, 0));
        assert_eq!(entry.traceparent, clip.traceparent);
        assert_eq!(store.take_outbox(10, LEASE).await.unwrap(), [], "it is on loan");
        assert_eq!(store.outbox_backlog().await.unwrap().0, 1);

        store.outbox_sent(entry).await.unwrap();
        assert_eq!(store.outbox_backlog().await.unwrap(), (0, None));
        store.clock.advance(LEASE);
        assert_eq!(store.take_outbox(10, LEASE).await.unwrap(), []);
    }

    async fn what_could_not_be_sent_is_due_again_later(store: TestStore) {
        let ana = store.a_player("Ana").await;
        store.a_pending_video(&ana).await;
        let [entry] = &store.take_outbox(10, LEASE).await.unwrap()[..] else { panic!() };
        store.outbox_unsent(entry, Duration::from_secs(5)).await.unwrap();
        assert_eq!(store.take_outbox(10, LEASE).await.unwrap(), []);
        store.clock.advance(Duration::from_secs(5));
        let [again] = &store.take_outbox(10, LEASE).await.unwrap()[..] else { panic!() };
        assert_eq!((again.id, again.tries), (entry.id, 1));
        assert_eq!(again.created_at, entry.created_at);
    }

    async fn what_a_dead_process_had_taken_is_taken_again(store: TestStore) {
        let ana = store.a_player("Ana").await;
        store.a_pending_video(&ana).await;
        let taken = store.take_outbox(10, LEASE).await.unwrap();
        store.clock.advance(LEASE);
        assert_eq!(store.take_outbox(10, LEASE).await.unwrap(), taken);
    }

    async fn several_senders_share_the_entries(store: TestStore) {
        let ana = store.a_player("Ana").await;
        for _ in 0..30 {
            store.a_pending_video(&ana).await;
        }
        let other = store.of_another_process().await;
        let senders = (0..6).map(|n| {
            let store = if n % 2 == 0 { (*store).clone() } else { other.clone() };
            tokio::spawn(async move {
                let mut sent = Vec::new();
                // A sender that finds nothing may have met another one's lock.
                while store.outbox_backlog().await.unwrap().0 > 0 {
                    for entry in store.take_outbox(4, LEASE).await.unwrap() {
                        store.outbox_sent(&entry).await.unwrap();
                        sent.push(entry.id);
                    }
                }
                sent
            })
        });
        let sent: Vec<_> = futures::future::join_all(senders)
            .await
            .into_iter()
            .flat_map(Result::unwrap)
            .collect();
        assert_eq!(sent.len(), 30, "each is sent once");
        assert_eq!(sent.iter().collect::<HashSet<_>>().len(), 30);
    }

    async fn a_message_that_overtakes_its_own_note_is_not_lost(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_pending_video(&ana).await;
        let [entry] = &store.take_outbox(10, LEASE).await.unwrap()[..] else { panic!() };
        // The queue has the message and a worker has it done before the sender
        // writes down that it was sent.
        store.claimed(video.id).await;
        store.outbox_sent(entry).await.unwrap();
        let claimed = store.video(video.id).await.unwrap().unwrap();
        assert_eq!(claimed.status, anb_domain::VideoStatus::Processing);
        assert_eq!(store.waiting_videos(store.clock.now() + LEASE, 10).await.unwrap(), []);
    }
}
