use std::{collections::HashSet, time::Duration};

use anb_domain::{Clock as _, VideoStatus};
use anb_testkit::{TestStore, on_each_database, original};

use crate::cut_off::cut_off_after;

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

    /// No message for a row that was rolled back, no row without its message.
    async fn wherever_it_is_cut_off_row_and_message_agree(store: TestStore) {
        let ana = store.a_player("Ana").await;
        // How far it gets in so many polls is the machine's affair.
        for polls in 1..=30 {
            let upload = store.an_upload(&ana).await;
            let work = store.complete_upload(upload, original("Mate"));
            let done = cut_off_after(polls, work).await.map(Result::unwrap);
            // Waits for the row, and so for the end of what was cut off.
            let again = store.complete_upload(upload, original("Mate")).await.unwrap();
            assert!(done.is_none() || again.is_none(), "completed once");
            let video = store.video(upload).await.unwrap().unwrap();
            assert_eq!(video.status, VideoStatus::Pending);
            let entries = store.take_outbox(10, LEASE).await.unwrap();
            let ids: Vec<_> = entries.iter().map(|entry| entry.video_id).collect();
            assert_eq!(ids, [upload], "one message, after {polls} polls");
            for entry in &entries {
                store.outbox_sent(entry).await.unwrap();
            }
        }
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
