//! What has failed or was rejected, why, and another try.

use std::time::Duration;

use anb_domain::{VideoId, VideoStatus};
use anb_testkit::{TestStore, on_each_database};

use crate::support::TestConsole;

on_each_database! {
    async fn each_video_in_trouble_tells_why(store: TestStore) {
        let console = TestConsole::on(store).await;
        let failed = console.failed_video("Mate <b>").await;
        let rejected = console.rejected_video("Corto").await;
        let pending = console.pending_video("Todo bien").await;
        let olga = console.operator("Olga").await;

        let list = olga.get("/console/videos").await.ok();
        for (video, code) in [(&failed, "processing_failed"), (&rejected, "too_short")] {
            list.shows(&video.id.to_string());
            list.shows(code);
        }
        list.shows("Mate &#60;b&#62;");
        list.shows("moov atom &#60;lost&#62;");
        list.shows("The video lasts 3.5 s and the minimum is 20 s.");
        list.shows("1–2 of 2");
        list.hides(&pending.id.to_string());
        // Trying again cannot help against a rule.
        list.shows(&format!("action=\"/console/videos/{}/retry\"", failed.id));
        list.hides(&format!("action=\"/console/videos/{}/retry\"", rejected.id));

        let failed_only = olga.get("/console/videos?status=failed").await.ok();
        failed_only.shows(&failed.id.to_string());
        failed_only.hides(&rejected.id.to_string());
        let rejected_only = olga.get("/console/videos/?status=rejected").await.ok();
        rejected_only.hides(&failed.id.to_string());
        // Only these two states are listed, whatever is asked for.
        olga.get("/console/videos?status=pending").await.ok().hides(&pending.id.to_string());
    }

    async fn a_retry_makes_a_failed_video_pending_again(store: TestStore) {
        let console = TestConsole::on(store).await;
        let failed = console.failed_video("Mate").await;
        let mut olga = console.operator("Olga").await;
        let retry = format!("/console/videos/{}/retry", failed.id);

        let list = olga.posts_and_follows(&retry, &[]).await.ok();
        list.shows("The video is pending again, with three new tries.");
        list.hides(&failed.id.to_string());
        let video = console.store.video(failed.id).await.unwrap().unwrap();
        assert_eq!((video.status, video.tries, video.failure), (VideoStatus::Pending, 0, None));
        assert_eq!(console.to_be_sent().await, [failed.id]);
        let woken = console.outbox_wake.notified();
        tokio::time::timeout(Duration::from_secs(1), woken).await.expect("the relay is woken");

        let again = olga.posts_and_follows(&retry, &[]).await.ok();
        again.shows("The video is no longer failed");
        assert!(console.to_be_sent().await.is_empty(), "one message is enough");
    }

    async fn only_failed_videos_can_be_retried(store: TestStore) {
        let console = TestConsole::on(store).await;
        let rejected = console.rejected_video("Corto").await;
        let mut olga = console.operator("Olga").await;
        let retry = format!("/console/videos/{}/retry", rejected.id);
        olga.posts_and_follows(&retry, &[]).await.ok().shows("there was nothing to retry");
        assert_eq!(console.status_of(rejected.id).await, VideoStatus::Rejected);

        for unknown in ["0197f3a2-8c1e-7c44-9d3b-5a2f1e0c7b66", "no-id"] {
            let answer = olga.posts(&format!("/console/videos/{unknown}/retry"), &[]).await;
            assert_eq!(answer.status, 404, "{unknown}");
        }
    }

    async fn a_long_list_has_pages(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut ids: Vec<VideoId> = Vec::new();
        for number in 1..=27 {
            ids.push(console.failed_video(&format!("Jugada {number}")).await.id);
        }
        let olga = console.operator("Olga").await;
        let first = olga.get("/console/videos?status=failed").await.ok();
        first.shows("1–25 of 27");
        first.shows("href=\"/console/videos?status=failed&#38;page=2\"");
        let second = olga.get("/console/videos?status=failed&page=2").await.ok();
        second.shows("26–27 of 27");
        // The oldest come last.
        second.shows(&ids[0].to_string());
        second.shows("href=\"/console/videos?status=failed&#38;page=1\"");
        second.hides("page=3");
        olga.get("/console/videos?page=999999999999").await.ok().shows("There is no video here.");
    }
}
