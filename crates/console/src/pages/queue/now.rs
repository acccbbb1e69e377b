//! The part of the queue's page that follows what happens.

use std::time::Duration;

use anb_domain::{
    VideoStatus,
    retry::{Verdict, after_failed_try},
};
use anb_ops::humanly;
use anb_store::{AtWork, InLine, RecipeCount, Run, StoreError};
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};

use crate::{frame::Frame, fresh::Fresh, refusal::Refusal, state::AppState};

/// In line and at work, each; more are counted only.
const SHOWN: u64 = 50;
const RUNS: u64 = 5;

/// A message that is given back is noted within this time after its try.
const NOTED_WITHIN: TimeDelta = TimeDelta::seconds(1);

#[derive(Template)]
#[template(path = "queue/now.html")]
struct NowPart<'f> {
    frame: &'f Frame,
    now: &'f Now,
}

/// What the queue is at.
pub struct Now {
    running: Vec<AtWork>,
    waiting: Vec<Waiting>,
    /// In all.
    waiting_total: u64,
    running_total: u64,
    failed_total: u64,
    recipes: RecipeCount,
    runs: Vec<RunRow>,
}

/// All who look at it share it.
pub type Shared = Fresh<Now>;

struct Waiting {
    place: u64,
    in_line: InLine,
    age: String,
    delayed_until: Option<DateTime<Utc>>,
}

struct RunRow {
    run: Run,
    /// The message that says how it stands.
    state: &'static str,
    scope: &'static str,
}

/// As it was no longer than `max_age` ago.
pub(super) async fn html(
    app: &AppState,
    frame: &Frame,
    max_age: Duration,
) -> Result<String, Refusal> {
    let at = app.operations.clock.now();
    let now = app.queue.get(at, max_age, async || Now::read(app).await).await;
    let now = now.map_err(Refusal::internal)?;
    NowPart { frame, now: &now }.render().map_err(Refusal::internal)
}

impl Now {
    async fn read(app: &AppState) -> Result<Self, StoreError> {
        let store = &app.operations.store;
        let states = store.count_by_status().await?;
        let videos_in = |state| {
            states.iter().find(|(known, _)| *known == state).map_or(0, |(_, videos)| *videos)
        };
        let running = store.at_work(SHOWN).await?;
        let shown = running.len() as u64;
        let in_line = store.in_line(SHOWN).await?;
        let first_delay = Duration::from_secs(app.settings.worker.retry_delay_s);
        let now = app.operations.clock.now();
        let waiting = in_line.into_iter().zip(1..).map(|(in_line, place)| Waiting {
            place,
            age: humanly((now - in_line.since).to_std().unwrap_or_default()),
            delayed_until: delayed_until(&in_line, first_delay).filter(|until| *until > now),
            in_line,
        });
        Ok(Self {
            waiting: waiting.collect(),
            waiting_total: videos_in(VideoStatus::Pending),
            running_total: shown.max(videos_in(VideoStatus::Processing)),
            running,
            failed_total: videos_in(VideoStatus::Failed),
            recipes: store.recipe_count().await?,
            runs: store.runs(RUNS).await?.into_iter().map(RunRow::from).collect(),
        })
    }
}

/// Until when a video waits after a try that went wrong. Its message was given
/// back then; one that was sent since waits for nobody.
fn delayed_until(in_line: &InLine, first_delay: Duration) -> Option<DateTime<Utc>> {
    let (failed_at, queued_at) = (in_line.failed_at?, in_line.queued_at?);
    if (queued_at - failed_at).abs() > NOTED_WITHIN {
        return None;
    }
    match after_failed_try(in_line.tries, in_line.tries, first_delay) {
        Verdict::Again { after } => Some(failed_at + after),
        Verdict::AgainWithNewMessage | Verdict::GiveUp => None,
    }
}

impl From<Run> for RunRow {
    fn from(run: Run) -> Self {
        use anb_domain::{RunScope, RunState};
        let state = match run.state {
            _ if run.figures.open() == 0 && run.state != RunState::Stopped => "reprocess-ended",
            RunState::Going => "reprocess-going",
            RunState::Paused => "reprocess-paused",
            RunState::Stopped => "reprocess-stopped",
        };
        let scope = match run.scope {
            RunScope::All => "reprocess-scope-all",
            RunScope::Older => "reprocess-scope-older",
            RunScope::One => "reprocess-scope-one",
        };
        Self { run, state, scope }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Duration = Duration::from_secs(10);

    fn after_two_tries(queued_after_s: i64) -> InLine {
        let failed_at = DateTime::<Utc>::UNIX_EPOCH;
        InLine {
            video: "0197f3a2-8c1e-7c44-9d3b-5a2f1e0c7b66".parse().unwrap(),
            title: String::new(),
            tries: 2,
            since: failed_at,
            queued_at: Some(failed_at + TimeDelta::seconds(queued_after_s)),
            failed_at: Some(failed_at),
        }
    }

    #[test]
    fn a_try_that_went_wrong_is_followed_by_a_pause() {
        let until = delayed_until(&after_two_tries(0), FIRST);
        assert_eq!(until, Some(DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(40)));
    }

    #[test]
    fn a_message_that_was_sent_since_waits_for_nobody() {
        assert_eq!(delayed_until(&after_two_tries(100), FIRST), None);
    }
}
