use std::time::Duration;

use anb_config::{CostSettings, Settings};
use anb_domain::{Language, VideoId, VideoStatus};
use anb_store::{Actor, Attempt, Cancelled, Store, Video};
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use serde_json::json;

use super::reprocess::ReprocessArgs;
use crate::{locale, platform::open_current_store, table};

#[derive(Debug, Subcommand)]
pub enum VideoCommand {
    List(ListArgs),
    Show(ShowArgs),
    Retry(RetryArgs),
    Cancel(CancelArgs),
    Reprocess(ReprocessArgs),
}

/// Lists videos, newest first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin video list
  anb-video admin video list --status failed
  anb-video admin video list --limit 500 --json")]
pub struct ListArgs {
    /// Only videos in this state
    #[arg(long)]
    status: Option<VideoStatus>,
    #[arg(long, default_value_t = 50)]
    limit: u64,
    #[arg(long, default_value_t = 0)]
    skip: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Shows a video, its attempts, what each step took, and what a thousand clips
/// like it cost (settings: section cost).
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin video show 0197f3a2-8c1e-7c44-9d3b-5a2f1e0c7b66")]
pub struct ShowArgs {
    id: VideoId,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Gives a failed video three new tries.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin video retry 0197f3a2-8c1e-7c44-9d3b-5a2f1e0c7b66")]
pub struct RetryArgs {
    id: VideoId,
}

/// Stops the try that runs. The video is failed then, and may be retried; one
/// that was being made again keeps its old result.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin video cancel 0197f3a2-8c1e-7c44-9d3b-5a2f1e0c7b66")]
pub struct CancelArgs {
    id: VideoId,
}

impl VideoCommand {
    pub async fn execute(self, settings: &Settings) -> anyhow::Result<()> {
        let store = open_current_store(settings).await?;
        let language = locale::language(settings.showcase.default_language);
        match self {
            Self::List(args) => args.execute(&store).await,
            Self::Show(args) => args.execute(&store, language, &settings.cost).await,
            Self::Retry(args) => args.execute(&store).await,
            Self::Cancel(args) => args.execute(&store).await,
            Self::Reprocess(args) => args.execute(&store).await,
        }
    }
}

impl ListArgs {
    async fn execute(self, store: &Store) -> anyhow::Result<()> {
        let page = store.videos(self.status, self.limit, self.skip).await?;
        if self.json {
            let videos: Vec<_> = page.items.iter().map(as_json).collect();
            println!("{}", serde_json::to_string_pretty(&videos)?);
        } else {
            let rows: Vec<_> = page.items.iter().map(as_row).collect();
            print!("{}", table::columns(&["ID", "STATUS", "TRIES", "VOTES", "TITLE"], &rows));
            println!("{} of {}", page.items.len(), page.total);
        }
        Ok(())
    }
}

impl ShowArgs {
    async fn execute(
        self,
        store: &Store,
        language: Language,
        prices: &CostSettings,
    ) -> anyhow::Result<()> {
        let Some(video) = store.video(self.id).await? else {
            bail!("there is no video {}", self.id);
        };
        let attempts = store.attempts(self.id).await?;
        if self.json {
            let mut shown = as_json(&video);
            shown["attempts"] = attempts.iter().map(attempt_as_json).collect();
            shown["cost"] = Cost::of(&attempts, prices).as_json();
            println!("{}", serde_json::to_string_pretty(&shown)?);
        } else {
            let cost = Cost::of(&attempts, prices);
            print!("{}", for_people(&video, &attempts, &cost, language));
        }
        Ok(())
    }
}

impl RetryArgs {
    async fn execute(self, store: &Store) -> anyhow::Result<()> {
        let video =
            store.retry_video(self.id, &Actor::terminal()).await.context("cannot retry it")?;
        println!("{} is {} again; a worker takes it next.", video.id, video.status);
        Ok(())
    }
}

impl CancelArgs {
    async fn execute(self, store: &Store) -> anyhow::Result<()> {
        let attempts = store.attempts(self.id).await?;
        let Some(running) = attempts.iter().find(|attempt| attempt.finished_at.is_none()) else {
            bail!("nobody works on {}", self.id);
        };
        let end = store.cancel_attempt(self.id, running.no, &Actor::terminal()).await?;
        match end {
            Cancelled::Failed => println!("{} is failed; it may be retried.", self.id),
            Cancelled::KeptOld => println!("{} keeps its old result.", self.id),
        }
        Ok(())
    }
}

fn as_row(video: &Video) -> Vec<String> {
    vec![
        video.id.to_string(),
        video.status.to_string(),
        video.tries.to_string(),
        video.votes.to_string(),
        video.title.clone(),
    ]
}

fn as_json(video: &Video) -> serde_json::Value {
    json!({
        "id": video.id,
        "owner": video.owner,
        "title": video.title,
        "status": video.status,
        "attempt": video.attempt,
        "tries": video.tries,
        "progress": video.progress,
        "size_bytes": video.size_bytes,
        "sha256": video.sha256,
        "content_type": video.content_type,
        "failure": video.failure,
        "duration_s": video.duration_s,
        "votes": video.votes,
        "created_at": video.created_at,
        "uploaded_at": video.uploaded_at,
        "processed_at": video.processed_at,
        "deleted_at": video.deleted_at,
        "recipe": video.recipe,
    })
}

fn attempt_as_json(attempt: &Attempt) -> serde_json::Value {
    json!({
        "no": attempt.no,
        "worker": attempt.worker,
        "started_at": attempt.started_at,
        "heartbeat_at": attempt.heartbeat_at,
        "lease_until": attempt.lease_until,
        "finished_at": attempt.finished_at,
        "outcome": attempt.outcome,
        "failure": attempt.failure,
        "progress": attempt.progress,
        "steps": attempt.steps,
        "busy_s": attempt.busy().as_secs_f64(),
        "task_s": attempt.task_time().as_secs_f64(),
        "reprocess": attempt.reprocess,
        "replaced_at": attempt.replaced_at,
        "log_tail": attempt.log_tail,
    })
}

/// What a video has cost so far, failed tries included.
struct Cost {
    /// For how long it was worked on.
    busy: Duration,
    /// The same in the time of a task that worked on nothing else meanwhile.
    task: Duration,
    usd_per_1000_clips: f64,
}

impl Cost {
    fn of(attempts: &[Attempt], prices: &CostSettings) -> Self {
        let task = attempts.iter().map(Attempt::task_time).sum();
        Self {
            busy: attempts.iter().map(Attempt::busy).sum(),
            task,
            usd_per_1000_clips: prices.task().per_thousand_clips(prices.prices(), task),
        }
    }

    fn as_json(&self) -> serde_json::Value {
        json!({
            "busy_s": self.busy.as_secs_f64(),
            "task_s": self.task.as_secs_f64(),
            "usd_per_1000_clips": self.usd_per_1000_clips,
        })
    }

    fn for_people(&self) -> String {
        format!(
            "{:.1} s of work, {:.1} s of a task, ${:.2} per 1000 clips",
            self.busy.as_secs_f64(),
            self.task.as_secs_f64(),
            self.usd_per_1000_clips
        )
    }
}

fn for_people(video: &Video, attempts: &[Attempt], cost: &Cost, language: Language) -> String {
    let mut rows = vec![
        ["title", &video.title].map(str::to_owned).to_vec(),
        vec!["status".into(), video.status.to_string()],
        vec!["votes".into(), video.votes.to_string()],
        vec!["owner".into(), video.owner.to_string()],
        vec!["cost".into(), cost.for_people()],
    ];
    if let Some(failure) = &video.failure {
        rows.push(vec!["failure".into(), failure.code.to_string()]);
        rows.push(vec!["the player sees".into(), failure.sentence(language)]);
        rows.extend(failure.detail.iter().map(|detail| vec!["detail".into(), detail.clone()]));
    }
    let facts = table::columns(&["video", &video.id.to_string()], &rows);
    let header = ["ATTEMPT", "WORKER", "STARTED", "OUTCOME", "STEPS"];
    let attempts: Vec<_> = attempts.iter().map(attempt_as_row).collect();
    format!("{facts}\n{}", table::columns(&header, &attempts))
}

fn attempt_as_row(attempt: &Attempt) -> Vec<String> {
    let running = || format!("running, {} %", attempt.progress);
    let code = attempt.failure.as_ref().map(|failure| format!(" ({})", failure.code));
    let steps = attempt.steps.iter().map(|step| format!("{} {} ms", step.step, step.duration_ms));
    vec![
        attempt.no.to_string(),
        attempt.worker.clone(),
        attempt.started_at.format("%F %T").to_string(),
        attempt.outcome.map_or_else(running, |o| o.to_string()) + code.as_deref().unwrap_or(""),
        steps.collect::<Vec<_>>().join(", "),
    ]
}
