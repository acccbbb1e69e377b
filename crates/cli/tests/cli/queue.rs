//! What operators do with the queue and its dead letters.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use anb_domain::{Clock as _, Failure, FailureCode, SystemClock, SystemIds, VideoStatus};
use anb_queue::{Job, JobQueue as _, MAX_RECEIVES, TableQueue, TableQueueOptions, migrate};
use anb_store::Video;
use anb_testkit::{TestStore, on_each_database};
use serde_json::Value;
use tempfile::TempDir;

/// A showcase with a queue in a table, and an operator at its terminal.
struct Showcase {
    store: TestStore,
    queue: TableQueue,
    folder: TempDir,
}

/// What a command did.
struct Ran {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Showcase {
    async fn on(store: TestStore) -> Self {
        // The commands go by the real clock.
        store.clock.set(SystemClock.now());
        let db = store.db().writer().clone();
        migrate(&db).await.unwrap();
        let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
        let queue = TableQueue::new(db, clock, ids, TableQueueOptions::default());
        Self { store, queue, folder: tempfile::tempdir().unwrap() }
    }

    async fn pending_video(&self) -> Video {
        let owner = match self.store.player_by_email(&"ana@example.com".parse().unwrap()).await {
            Ok(Some(ana)) => ana,
            _ => self.store.a_player("Ana").await,
        };
        let video = self.store.a_pending_video(&owner).await;
        self.queue.send(&Job::new(video.id)).await.unwrap();
        for entry in self.store.take_outbox(10, Duration::from_secs(30)).await.unwrap() {
            self.store.outbox_sent(&entry).await.unwrap();
        }
        video
    }

    async fn failed_video(&self) -> Video {
        let video = self.pending_video().await;
        let failure = Failure::new(FailureCode::ProcessingFailed);
        assert!(self.store.fail_pending(video.id, &failure).await.unwrap());
        video
    }

    /// Has everything in the queue received until it is dead.
    async fn all_die(&self) {
        for _ in 0..MAX_RECEIVES {
            for taken in self.queue.receive(100, Duration::ZERO).await.unwrap() {
                self.queue.release(&taken.receipt, Duration::ZERO).await.unwrap();
            }
        }
    }

    async fn status_of(&self, video: &Video) -> VideoStatus {
        self.store.video(video.id).await.unwrap().unwrap().status
    }

    async fn depths(&self) -> (u64, u64) {
        let stats = self.queue.stats().await.unwrap();
        (stats.visible, stats.dead)
    }

    /// Runs `anb-video admin queue …`, with nobody to ask.
    fn runs(&self, line: &str) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_anb-video"))
            .args(["admin", "queue"])
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .env_clear()
            .env("DATABASE_URL", self.store.url())
            .env("SECRET_KEY", "tunafish sandwiches on a wednesday")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Ran {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn says(&self, line: &str) -> String {
        let ran = self.runs(line);
        assert_eq!(ran.status, 0, "{line}: {}", ran.stderr);
        ran.stdout
    }

    fn says_in_json(&self, line: &str) -> Value {
        serde_json::from_str(&self.says(&format!("{line} --json"))).unwrap()
    }
}

on_each_database! {
    async fn the_status_tells_how_full_the_queue_is(store: TestStore) {
        let showcase = Showcase::on(store).await;
        assert_eq!(showcase.says_in_json("status")["oldest_age_s"], Value::Null);
        showcase.failed_video().await;
        showcase.all_die().await;
        showcase.pending_video().await;
        showcase.pending_video().await;
        showcase.queue.receive(1, Duration::ZERO).await.unwrap();

        let status = showcase.says_in_json("status");

        assert_eq!([&status["waiting"], &status["in_flight"], &status["dead"]], [1, 1, 1]);
        assert!(status["oldest_age_s"].is_u64(), "{status}");
        let said = showcase.says("status");
        assert!(said.contains("dead letters  1\n"), "{said}");
    }

    async fn a_dead_letter_is_shown_beside_its_video(store: TestStore) {
        let showcase = Showcase::on(store).await;
        let failed = showcase.failed_video().await;
        showcase.queue.send_body("no JSON at all", None).await.unwrap();
        showcase.all_die().await;

        let said = showcase.says("peek-dlq");
        let id = failed.id.to_string();
        let line = said.lines().find(|line| line.contains(&id)).unwrap();
        assert!(line.contains("failed") && line.ends_with("processing_failed"), "{said}");
        assert!(said.contains("no job") && said.ends_with("2 of 2 dead letters\n"), "{said}");

        let shown = showcase.says_in_json("peek-dlq");
        assert_eq!(shown[0]["video_id"], id);
        assert_eq!(shown[0]["failure"], "processing_failed");
        assert_eq!(shown[1]["body"], "no JSON at all");
        assert_eq!(shown[1]["video_id"], Value::Null);
        assert_eq!(showcase.depths().await, (0, 2), "they stay");
    }

    async fn redriving_says_which_letters_will_come_back(store: TestStore) {
        let showcase = Showcase::on(store).await;
        let failed = showcase.failed_video().await;
        let waiting = showcase.pending_video().await;
        showcase.all_die().await;

        let said = showcase.says("redrive");

        assert!(said.starts_with("2 dead letters moved back into the queue.\n1 is of"), "{said}");
        assert!(said.contains("--retry-failed"), "{said}");
        assert_eq!(showcase.depths().await, (2, 0));
        assert_eq!(showcase.status_of(&failed).await, VideoStatus::Failed);
        assert_eq!(showcase.status_of(&waiting).await, VideoStatus::Pending);
    }

    async fn failed_videos_can_be_given_new_tries_at_once(store: TestStore) {
        let showcase = Showcase::on(store).await;
        let failed = showcase.failed_video().await;
        showcase.all_die().await;

        let said = showcase.says("redrive --retry-failed");

        assert_eq!(
            said,
            "1 dead letter moved back into the queue.\n1 failed video given three new tries.\n"
        );
        assert_eq!(showcase.status_of(&failed).await, VideoStatus::Pending);
        assert_eq!(showcase.depths().await, (1, 0));
        let (unsent, _) = showcase.store.outbox_backlog().await.unwrap();
        assert_eq!(unsent, 1, "it has a message of its own");
        assert_eq!(
            showcase.says("redrive --retry-failed"),
            "0 dead letters moved back into the queue.\n"
        );
    }

    async fn nothing_is_purged_unless_somebody_says_yes(store: TestStore) {
        let showcase = Showcase::on(store).await;
        assert_eq!(showcase.says("purge"), "There are no dead letters.\n");
        showcase.failed_video().await;
        showcase.all_die().await;

        let refused = showcase.runs("purge");
        assert_eq!(refused.status, 1);
        assert!(refused.stderr.contains("--yes"), "{}", refused.stderr);
        assert_eq!(showcase.depths().await, (0, 1));

        assert_eq!(showcase.says("purge --yes"), "1 dead letter removed.\n");
        assert_eq!(showcase.depths().await, (0, 0));
    }

    async fn a_video_that_still_waits_keeps_a_message_when_its_letter_is_purged(store: TestStore) {
        let showcase = Showcase::on(store).await;
        let waiting = showcase.pending_video().await;
        showcase.all_die().await;

        let said = showcase.says("purge --yes");

        assert!(said.contains("1 dead letter removed."), "{said}");
        assert_eq!(showcase.status_of(&waiting).await, VideoStatus::Pending);
        let (unsent, _) = showcase.store.outbox_backlog().await.unwrap();
        assert_eq!(unsent, 1, "{said}");
    }
}
