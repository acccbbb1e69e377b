//! The whole life of one video.

use std::time::Duration;

use anb_domain::{Failure, FailureCode, Role};
use anb_store::{HandBack, Spent, StepTiming};
use anb_testkit::{TestStore, on_each_database};
use sea_orm::ConnectionTrait as _;

use crate::support::TestConsole;

fn spent() -> Spent {
    let step = StepTiming {
        step: "download".into(),
        duration_ms: 1240,
        cpu_ms: Some(340),
        size_bytes: Some(3_000_000),
    };
    let log_tail = Some("[error] moov atom <lost>".into());
    Spent { steps: vec![step], task_ms: None, log_tail }
}

on_each_database! {
    async fn events_and_tries_are_one_line_of_time(store: TestStore) {
        let console = TestConsole::on(store).await;
        let video = console.pending_video("Mate <b>").await.id;
        let claim = console.store.claimed(video).await;
        let failure = Failure::new(FailureCode::TimedOut).with_detail("no progress for 60 s");
        console.store.clock.advance(Duration::from_secs(1));
        console.store.fail(&claim, &failure, spent()).await.unwrap();
        let olga = console.operator("Olga").await;

        let page = olga.get(&format!("/console/videos/{video}")).await.ok();
        page.shows("<h1>Mate &#60;b&#62;</h1>");
        for told in [
            "Uploaded",
            "Attempt 1",
            "<code>w1</code>",
            "<code>download</code></td><td>1.2 s</td><td>340 ms</td><td>3.0 MB",
            "<code>timed_out</code>",
            "no progress for 60 s",
            "[error] moov atom &#60;lost&#62;",
            "We could not process the video after several tries.",
        ] {
            page.shows(told);
        }
        page.shows(&format!("action=\"/console/videos/{video}/retry\""));
        page.hides(&format!("action=\"/console/videos/{video}/cancel\""));
        let told: Vec<_> = ["Uploaded", "Attempt 1", "Failed</b>"]
            .map(|told| page.text.find(told).unwrap())
            .into();
        assert!(told.is_sorted(), "{told:?}");
    }

    async fn original_and_result_are_side_by_side(store: TestStore) {
        let console = TestConsole::on(store).await;
        let ana = console.store.a_player("Ana").await;
        let video = console.store.a_completed_video(&ana).await;
        let olga = console.operator("Olga").await;

        let page = olga.get(&format!("/console/videos/{}", video.id)).await.ok();
        let original = format!("http://localhost:8000/media/uploads/{}/original?", video.id);
        let result = format!("http://localhost:8000/media/processed/{}/1/video.mp4?", video.id);
        page.shows(&format!("src=\"{original}"));
        page.shows(&format!("src=\"{result}"));
        page.shows(&format!("href=\"http://localhost:8000/videos/{}\"", video.id));
        page.shows(&format!("href=\"/console/videos/{}/votes\"", video.id));
        page.shows(&format!("href=\"/console/players/{}\"", ana.id));
        let policy = page.header("content-security-policy");
        assert!(policy.contains("media-src 'self' blob: http://localhost:8000"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        let other = olga.get("/console/videos").await.ok();
        assert!(!other.header("content-security-policy").contains("localhost"));
    }

    async fn what_no_browser_plays_is_offered_for_download(store: TestStore) {
        let console = TestConsole::on(store).await;
        let video = console.pending_video("Mate").await.id;
        let db = console.store.db().writer();
        db.execute_unprepared("UPDATE videos SET content_type = 'video/quicktime'").await.unwrap();
        let olga = console.operator("Olga").await;
        let page = olga.get(&format!("/console/videos/{video}")).await.ok();
        page.shows("Browsers rarely play video/quicktime.");
        page.hides("<video");
        page.shows("Download the original");
    }

    async fn a_video_from_before_events_tells_what_it_remembers(store: TestStore) {
        let console = TestConsole::on(store).await;
        let ana = console.store.a_player("Ana").await;
        let video = console.store.a_completed_video(&ana).await;
        let db = console.store.db().writer();
        db.execute_unprepared("DELETE FROM video_events").await.unwrap();
        let olga = console.operator("Olga").await;
        let page = olga.get(&format!("/console/videos/{}", video.id)).await.ok();
        for told in ["Uploaded</b>", "Attempt 1</b>", "Published</b>"] {
            page.shows(told);
        }
    }

    async fn the_page_follows_what_happens(store: TestStore) {
        let console = TestConsole::on(store).await;
        let video = console.pending_video("Mate").await.id;
        let olga = console.operator("Olga").await;
        let path = format!("/console/videos/{video}/events");
        let mut stream = olga.request(reqwest::Method::GET, &path).send().await.unwrap();
        assert_eq!(stream.headers()["content-type"], "text/event-stream");
        let claim = console.store.claimed(video).await;
        console.store.requeue(&claim, &Failure::new(FailureCode::TimedOut), spent(), HandBack::SameMessage)
            .await
            .unwrap();

        let mut told = String::new();
        let end = tokio::time::Instant::now() + Duration::from_mins(1);
        let awaited = ["event: now", "event: media", "[error] moov atom &#60;lost&#62;"];
        while !awaited.iter().all(|part| told.contains(part)) {
            let chunk = tokio::time::timeout_at(end, stream.chunk()).await.expect("in time");
            told.push_str(&String::from_utf8_lossy(&chunk.unwrap().expect("it goes on")));
        }
    }

    async fn streams_end_with_the_right_to_see_them(store: TestStore) {
        let console = TestConsole::on(store).await;
        let video = console.pending_video("Mate").await.id;
        let olga = console.operator("Olga").await;
        let mut streams = Vec::new();
        for path in [format!("/console/videos/{video}/events"), "/console/queue/events".into()] {
            streams.push(olga.request(reqwest::Method::GET, &path).send().await.unwrap());
        }
        let email = "olga@example.com".parse().unwrap();
        console.store.grant_role(&email, Role::Player).await.unwrap().unwrap();
        for stream in streams {
            let rest = tokio::time::timeout(Duration::from_mins(1), stream.text()).await;
            assert!(rest.expect("it ends").unwrap().contains("event: now"));
        }
    }

    async fn what_is_no_video_is_not_found(store: TestStore) {
        let console = TestConsole::on(store).await;
        let olga = console.operator("Olga").await;
        for unknown in ["0197f3a2-8c1e-7c44-9d3b-5a2f1e0c7b66", "no-id"] {
            assert_eq!(olga.get(&format!("/console/videos/{unknown}")).await.status, 404);
        }
    }
}
