//! What has failed or was rejected, why, and another try.

use std::time::Duration;

use anb_domain::{VideoId, VideoStatus};
use anb_testkit::{TestStore, on_each_database};

use crate::support::TestConsole;

on_each_database! {
    async fn videos_are_found_by_state_city_and_words(store: TestStore) {
        let console = TestConsole::on(store).await;
        let failed = console.failed_video("Mate <b>").await;
        let rejected = console.rejected_video("Corto").await;
        let pending = console.pending_video("Todo bien").await;
        let olga = console.operator("Olga").await;

        let list = olga.get("/console/videos").await.ok();
        for video in [&failed, &rejected, &pending] {
            list.shows(&format!("href=\"/console/videos/{}\"", video.id));
        }
        list.shows("Mate &#60;b&#62;");
        list.shows("processing_failed");
        list.shows("1–3 of 3");
        let by_id = format!("q={}", rejected.id);
        for (query, found) in [
            ("status=failed", &failed),
            ("status=pending", &pending),
            ("q=corto", &rejected),
            (&*by_id, &rejected),
            ("q=ana+todo&city=bogot%C3%A1", &pending),
        ] {
            let list = olga.get(&format!("/console/videos?{query}")).await.ok();
            list.shows(&found.id.to_string());
            list.shows("1–1 of 1");
        }
        olga.get("/console/videos?city=Cali").await.ok().shows("No video matches.");
    }

    async fn videos_are_found_by_who_sees_them(store: TestStore) {
        let console = TestConsole::on(store).await;
        let ana = console.store.a_player("Ana").await;
        let shown = console.store.a_completed_video(&ana).await.id.to_string();
        let hidden = console.store.a_completed_video(&ana).await.id.to_string();
        let mut olga = console.operator("Olga").await;
        let fields = [("ruling", "unpublish"), ("video", hidden.as_str()), ("reason", "Not own")];
        olga.posts_and_follows("/console/moderation", &fields).await.ok().shows("Done: 1 video.");
        for (seen, found, other) in [("hidden", &hidden, &shown), ("public", &shown, &hidden)] {
            let list = olga.get(&format!("/console/videos?seen={seen}")).await.ok();
            list.shows(&format!("href=\"/console/videos/{found}\""));
            list.hides(other);
        }
        let all = olga.get("/console/videos?seen=nobody").await.ok();
        all.shows("1–2 of 2");
        all.shows("<span class=\"badge\">Hidden</span>");
    }

    async fn a_retry_makes_a_failed_video_pending_again(store: TestStore) {
        let console = TestConsole::on(store).await;
        let failed = console.failed_video("Mate").await;
        let mut olga = console.operator("Olga").await;
        let retry = format!("/console/videos/{}/retry", failed.id);

        let page = olga.posts_and_follows(&retry, &[]).await.ok();
        page.shows("The video is pending again, with three new tries.");
        page.hides(&format!("action=\"{retry}\""));
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
        olga.get("/console/videos?page=999999999999").await.ok().shows("No video matches.");
    }
}
