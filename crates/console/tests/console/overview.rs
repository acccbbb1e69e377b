//! How videos, queue and workers are doing, at a glance and over time.

mod live;
mod on_ecs;
mod over_time;

use std::time::Duration;

use anb_queue::JobQueue as _;
use anb_store::Worker;
use anb_testkit::{TestStore, on_each_database};

use crate::support::{Answer, Browser, TestConsole};

/// The figure on the tile with this name.
#[track_caller]
pub fn figure(page: &Answer, name: &str) -> String {
    let of_videos = |text: &str| Some(text.rsplit_once("<b>")?.1.split_once("</b>")?.0.to_owned());
    let of_tile = |text: &str| Some(text.split_once("<dd>")?.1.split_once("</dd>")?.0.to_owned());
    let video = page.text.split_once(&format!("<span>{name}</span>"));
    let tile = page.text.split_once(&format!("<dt>{name}</dt>"));
    video
        .and_then(|(before, _)| of_videos(before))
        .or_else(|| tile.and_then(|(_, after)| of_tile(after)))
        .unwrap_or_else(|| panic!("{name} is missing in\n{}", page.text))
}

/// What the tile with this name says of the span before.
#[track_caller]
pub fn change(page: &Answer, name: &str) -> String {
    let (_, tile) = page.text.split_once(&format!("<dt>{name}</dt>")).unwrap();
    let (tile, _) = tile.split_once("</div>").unwrap();
    let change = tile.split_once(r#"<dd class="change">"#).and_then(|(_, c)| c.split_once("</dd>"));
    change.map(|(change, _)| change.to_owned()).unwrap_or_default()
}

/// A worker with four slots.
pub fn worker(number: u128, busy: u32) -> Worker {
    Worker {
        id: sea_orm::prelude::Uuid::from_u128(number),
        name: format!("box-{number}"),
        host: format!("task-{number}"),
        version: "0.1.0".into(),
        slots: 4,
        busy,
        started_at: "2026-05-01T11:00:00Z".parse().unwrap(),
    }
}

impl Browser<'_> {
    pub async fn overview(&self, span: &str) -> Answer {
        self.get(&format!("/console?span={span}")).await.ok()
    }
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
        let queue =
            ["Waiting", "In flight", "Delayed", "Not sent yet", "Oldest message", "Dead letters"];
        // The receive was for two minutes: both messages wait again.
        assert_eq!(queue.map(shown), ["2", "0", "0", "0", "7 min", "2"]);
        page.shows("<b>1 failed video</b>");
        page.shows("<b>2 dead letters</b>");
        page.shows("12:07:00 UTC");
    }

    async fn calm_is_said_to_be_calm(store: TestStore) {
        let console = TestConsole::on(store).await;
        console.rejected_video("Corto").await;
        console.store.worker_lives(&worker(1, 0)).await.unwrap();
        let olga = console.operator("Olga").await;
        let page = olga.get("/console/").await.ok();
        page.shows("All is well: workers at work, no failed videos and no dead letters.");
        assert_eq!(figure(&page, "Dead letters"), "0");
        assert_eq!(figure(&page, "In flight"), "0");
    }

    async fn what_needs_somebody_says_where_it_is_mended(store: TestStore) {
        let console = TestConsole::on(store).await;
        console.store.worker_lives(&worker(1, 0)).await.unwrap();
        console.failed_video("Mate").await;
        console.all_messages_die().await;
        console.pending_video("Triple").await;
        let olga = console.operator("Olga").await;

        console.store.clock.advance(Duration::from_secs(15 * 60 - 1));
        olga.get("/console").await.ok().hides("The oldest message is");
        console.store.clock.advance(Duration::from_secs(1));
        let page = olga.get("/console").await.ok();

        page.shows("<b>The oldest message is 15 min old.</b> <a href=\"/console/queue\">");
        page.shows("<b>1 failed video</b> <a href=\"/console/videos?status=failed\">");
        page.shows("<b>1 dead letter</b> <a href=\"/console/dead-letters\">");
        page.shows("No worker has been seen since 1 May 2026, 12:00 UTC: videos wait.");
        page.shows("<a href=\"#live-workers\">");
        page.hides("All is well");
    }

    async fn workers_are_counted_with_their_slots(store: TestStore) {
        let console = TestConsole::on(store).await;
        let olga = console.operator("Olga").await;
        let tiles = ["Worker tasks", "Slots busy", "Slots"];
        let shown = |page: &Answer| tiles.map(|name| figure(page, name));
        let page = olga.get("/console").await.ok();
        assert_eq!(shown(&page), ["0", "0", "0"]);
        page.shows("No worker has been seen: videos wait.");

        console.store.worker_lives(&worker(1, 3)).await.unwrap();
        console.store.worker_lives(&worker(2, 1)).await.unwrap();
        let page = olga.get("/console").await.ok();
        assert_eq!(shown(&page), ["2", "4", "8"]);
        page.shows("<code>box-1</code>");
        page.shows("<code>task-2</code>");
        page.hides("No worker has been seen");

        console.store.clock.advance(Duration::from_secs(31));
        assert_eq!(shown(&olga.get("/console").await.ok()), ["0", "0", "0"], "they are quiet");
    }

    async fn it_is_said_in_spanish_too(store: TestStore) {
        let console = TestConsole::on(store).await;
        console.failed_video("Mate").await;
        let mut olga = console.operator("Olga").await;
        olga.language = "es";
        let page = olga.overview("week").await;
        page.shows("<b>1 vídeo fallido</b>");
        page.shows("No se ha visto ningún worker: los vídeos esperan.");
        page.shows("ffmpeg terminó con un error");
        assert_eq!(figure(&page, "Llegadas por minuto"), "0");
        page.shows("Todas las horas son UTC.");
    }
}
