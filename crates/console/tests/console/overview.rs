//! How videos and queue are doing, at a glance.

use std::time::Duration;

use anb_queue::JobQueue as _;
use anb_testkit::{TestStore, on_each_database};

use crate::support::{Answer, TestConsole};

/// The figure on the tile with this name.
#[track_caller]
fn figure(page: &Answer, name: &str) -> String {
    let of_videos = |text: &str| Some(text.rsplit_once("<b>")?.1.split_once("</b>")?.0.to_owned());
    let of_queue = |text: &str| Some(text.split_once("<dd>")?.1.split_once("</dd>")?.0.to_owned());
    let video = page.text.split_once(&format!("<span>{name}</span>"));
    let queue = page.text.split_once(&format!("<dt>{name}</dt>"));
    video
        .and_then(|(before, _)| of_videos(before))
        .or_else(|| queue.and_then(|(_, after)| of_queue(after)))
        .unwrap_or_else(|| panic!("{name} is missing in\n{}", page.text))
}

on_each_database! {
    async fn every_figure_is_there(store: TestStore) {
        let console = TestConsole::on(store).await;
        console.failed_video("Mate").await;
        console.pending_video("Triple").await;
        console.all_messages_die().await;
        console.rejected_video("Corto").await;
        console.pending_video("Tapón").await;
        console.queue.receive(1, Duration::ZERO).await.unwrap();
        let ana = console.store.player_by_email(&"ana@example.com".parse().unwrap()).await;
        console.store.an_upload(&ana.unwrap().unwrap()).await;
        console.store.clock.advance(Duration::from_mins(7));

        let olga = console.operator("Olga").await;
        let page = olga.get("/console").await.ok();
        let shown = |name| figure(&page, name);
        let videos = ["Uploading", "Pending", "Processing", "Published", "Rejected", "Failed"];
        assert_eq!(videos.map(shown), ["1", "2", "0", "0", "1", "1"]);
        let queue = ["Waiting", "In flight", "Delayed", "Not sent yet", "Oldest", "Dead letters"];
        // The receive was for two minutes: both messages wait again.
        assert_eq!(queue.map(shown), ["2", "0", "0", "0", "7 min", "2"]);
        page.shows("<b>1 failed video</b>");
        page.shows("<b>2 dead letters</b>");
        page.shows("12:07:00 UTC");
    }

    async fn calm_is_said_to_be_calm(store: TestStore) {
        let console = TestConsole::on(store).await;
        console.rejected_video("Corto").await;
        let olga = console.operator("Olga").await;
        let page = olga.get("/console/").await.ok();
        page.shows("All is well: no failed videos and no dead letters.");
        assert_eq!(figure(&page, "Dead letters"), "0");
        assert_eq!(figure(&page, "In flight"), "0");
    }
}
