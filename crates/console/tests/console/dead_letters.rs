//! Messages that were received three times in vain, and another chance.

use anb_domain::VideoStatus;
use anb_queue::{JobQueue as _, QueueStats};
use anb_testkit::{TestStore, on_each_database};

use crate::support::TestConsole;

async fn stats(console: &TestConsole) -> QueueStats {
    console.queue.stats().await.unwrap()
}

on_each_database! {
    async fn each_letter_is_shown_with_what_became_of_its_video(store: TestStore) {
        let console = TestConsole::on(store).await;
        let failed = console.failed_video("Mate").await;
        console.all_messages_die().await;
        let olga = console.operator("Olga").await;

        let list = olga.get("/console/dead-letters").await.ok();
        list.shows(&failed.id.to_string());
        list.shows("Mate");
        list.shows("We could not process the video after several tries.");
        list.shows("1 of 1");
        assert_eq!(stats(&console).await.dead, 1, "looking moves nothing");
    }

    async fn a_redrive_empties_the_dead_letters(store: TestStore) {
        let console = TestConsole::on(store).await;
        let failed = console.failed_video("Mate").await;
        let waiting = console.pending_video("Triple").await;
        console.all_messages_die().await;
        assert_eq!(stats(&console).await.dead, 2);
        let mut olga = console.operator("Olga").await;

        let form = [("retry_failed", "yes")];
        let list = olga.posts_and_follows("/console/dead-letters/redrive", &form).await.ok();
        list.shows("Back in the queue: 2 messages. Given three new tries: 1 video.");
        list.shows("There are none.");
        let QueueStats { visible, dead, .. } = stats(&console).await;
        assert_eq!((visible, dead), (2, 0));
        assert_eq!(console.status_of(failed.id).await, VideoStatus::Pending);
        assert_eq!(console.status_of(waiting.id).await, VideoStatus::Pending);
        assert_eq!(console.to_be_sent().await, [failed.id]);
    }

    async fn failed_videos_stay_failed_when_the_box_is_not_ticked(store: TestStore) {
        let console = TestConsole::on(store).await;
        let failed = console.failed_video("Mate").await;
        console.all_messages_die().await;
        let mut olga = console.operator("Olga").await;
        let list = olga.posts_and_follows("/console/dead-letters/redrive", &[]).await.ok();
        list.shows("Back in the queue: 1 message. Will be dead letters again: 1 message.");
        assert_eq!(console.status_of(failed.id).await, VideoStatus::Failed);
        assert!(console.to_be_sent().await.is_empty());
    }
}

#[tokio::test]
async fn a_queue_that_is_out_is_told_of_without_its_secrets() {
    let console = TestConsole::without_queue(TestStore::sqlite().await).await;
    let mut olga = console.operator("Olga").await;
    let list = olga.get("/console/dead-letters").await;
    let redrive = olga.posts("/console/dead-letters/redrive", &[]).await;
    for answer in [list, redrive] {
        assert_eq!(answer.status, 503);
        assert_eq!(answer.header("retry-after"), "5");
        answer.shows("Queue unavailable");
        answer.hides("10.1.2.3");
    }
    let overview = olga.get("/console").await.ok();
    overview.shows("The queue does not answer");
    overview.shows("Videos");
}
