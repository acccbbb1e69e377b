//! What waits, what runs, and what operators do about it.

use anb_domain::{AttemptNo, JobState, RunState, VideoStatus};
use anb_store::{Actor, AuditFilter};
use anb_testkit::{TestStore, on_each_database};

use crate::support::TestConsole;

on_each_database! {
    async fn what_waits_and_what_runs_is_shown(store: TestStore) {
        let console = TestConsole::on(store).await;
        let running = console.pending_video("Mate <b>").await;
        let claim = console.store.claimed(running.id).await;
        console.store.note_progress(&claim, 40).await.unwrap();
        let waiting = console.pending_video("Triple").await;
        let olga = console.operator("Olga").await;

        let page = olga.get("/console/queue").await.ok();
        page.shows("Mate &#60;b&#62;");
        page.shows("<code>w1</code>");
        page.shows("value=\"40\"");
        page.shows(&format!("action=\"/console/videos/{}/cancel\"", running.id));
        page.shows(&format!("id=\"waiting-{}\"", waiting.id));
        page.shows("data-live=\"/console/queue/events\"");
    }

    async fn the_page_is_of_use_without_the_queue(store: TestStore) {
        let console = TestConsole::without_queue(store).await;
        let olga = console.operator("Olga").await;
        olga.get("/console/queue").await.ok().shows("Nothing waits.");
    }

    async fn many_are_retried_in_one_go_and_the_rest_is_told(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut ids = Vec::new();
        for title in ["Uno", "Dos", "Tres"] {
            ids.push(console.failed_video(title).await.id);
        }
        let mut olga = console.operator("Olga").await;
        console.store.retry_video(ids[2], &Actor::terminal()).await.unwrap();

        let ticked = ids.iter().map(ToString::to_string).collect::<Vec<_>>();
        let fields: Vec<_> = ticked.iter().map(|id| ("video", &**id)).collect();
        let page = olga.posts_and_follows("/console/queue/retry", &fields).await.ok();
        page.shows("Given three new tries: 2 videos. No longer failed: 1.");
        for id in &ids {
            assert_eq!(console.status_of(*id).await, VideoStatus::Pending);
        }
        let log = console.store.audit(&AuditFilter::default(), 50).await.unwrap();
        let by_olga = log.iter().filter(|entry| entry.action == "video-retried");
        let by_olga = by_olga.filter(|entry| entry.actor.name == "Olga Ruiz");
        assert_eq!(by_olga.count(), 2);

        let none = olga.posts_and_follows("/console/queue/retry", &[]).await.ok();
        none.shows("You have selected no video.");
    }

    async fn all_that_failed_are_retried(store: TestStore) {
        let console = TestConsole::on(store).await;
        let failed = [console.failed_video("Uno").await.id, console.failed_video("Dos").await.id];
        let mut olga = console.operator("Olga").await;
        let all = [("all", "yes")];
        let page = olga.posts_and_follows("/console/queue/retry", &all).await.ok();
        page.shows("Given three new tries: 2 videos.");
        for id in failed {
            assert_eq!(console.status_of(id).await, VideoStatus::Pending);
        }
    }

    async fn a_try_that_runs_is_stopped(store: TestStore) {
        let console = TestConsole::on(store).await;
        let video = console.pending_video("Mate").await.id;
        console.store.claimed(video).await;
        let mut olga = console.operator("Olga").await;
        let cancel = format!("/console/videos/{video}/cancel");

        let other = olga.posts_and_follows(&cancel, &[("attempt", "2")]).await.ok();
        other.shows("That try had ended already.");
        let page = olga.posts_and_follows(&cancel, &[("attempt", "1")]).await.ok();
        page.shows("The try was stopped. The video is failed and may be retried.");
        page.shows("<code>cancelled</code>");
        page.shows("Olga Ruiz");
        assert_eq!(console.status_of(video).await, VideoStatus::Failed);
    }

    async fn a_showcase_is_made_again(store: TestStore) {
        let console = TestConsole::on(store).await;
        let ana = console.store.a_player("Ana").await;
        let video = console.store.a_completed_video(&ana).await.id;
        console.store.announce_recipe("new").await.unwrap();
        let mut olga = console.operator("Olga").await;
        let page = olga.get("/console/queue").await.ok();
        page.shows("1 published video, 1 made with another recipe.");

        let older = [("scope", "older")];
        let page = olga.posts_and_follows("/console/reprocess", &older).await.ok();
        page.shows("1 video will be made again.");
        page.shows("going on");
        olga.posts_and_follows("/console/reprocess", &older).await.ok().shows("nothing to make");
        let run = console.store.runs(1).await.unwrap().remove(0).id;
        let change = format!("/console/reprocess/{run}");
        olga.posts_and_follows(&change, &[("to", "paused")]).await.ok().shows("paused");
        olga.posts_and_follows(&change, &[("to", "stopped")]).await.ok().shows("stopped");
        let again = olga.posts_and_follows(&change, &[("to", "going")]).await.ok();
        again.shows("Somebody was faster");
        let run = console.store.run(run).await.unwrap().unwrap();
        assert_eq!((run.state, run.figures.dropped), (RunState::Stopped, 1));

        let one = format!("/console/videos/{video}/reprocess");
        let page = olga.posts_and_follows(&one, &[]).await.ok();
        page.shows("The video will be made again; it stays published meanwhile.");
        olga.posts_and_follows(&one, &[]).await.ok().shows("is being made already");
        let (state, _) = console.store.reprocessing_of(video).await.unwrap().unwrap();
        assert_eq!(state, JobState::Wanted);
        assert_eq!(console.store.video(video).await.unwrap().unwrap().attempt, AttemptNo(1));
    }
}
