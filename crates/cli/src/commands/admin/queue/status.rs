use std::time::Duration;

use anb_queue::QueueStats;
use clap::Args;
use serde_json::json;

use crate::{platform::Platform, table};

/// Shows how full the queue is.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin queue status
  anb-video admin queue status --json")]
pub struct StatusArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl StatusArgs {
    pub async fn execute(self, platform: &Platform) -> anyhow::Result<()> {
        let stats = platform.queue.stats().await?;
        let oldest_age = oldest_age(platform, &stats).await?;
        let (unsent, _) = platform.store.outbox_backlog().await?;
        if self.json {
            let shown = json!({
                "waiting": stats.visible,
                "in_flight": stats.in_flight,
                "delayed": stats.delayed,
                "dead": stats.dead,
                "unsent": unsent,
                "oldest_age_s": oldest_age.map(|age| age.as_secs()),
            });
            println!("{}", serde_json::to_string_pretty(&shown)?);
        } else {
            print!("{}", for_people(&stats, unsent, oldest_age));
        }
        Ok(())
    }
}

/// What the queue tells, or else how long the oldest video that waits for its
/// message has done so: SQS tells its metrics only.
async fn oldest_age(platform: &Platform, stats: &QueueStats) -> anyhow::Result<Option<Duration>> {
    if stats.oldest_age.is_some() || stats.is_empty() {
        return Ok(stats.oldest_age);
    }
    let now = platform.clock.now();
    let oldest = platform.store.waiting_videos(now, 1).await?.into_iter().next();
    Ok(oldest.map(|video| (now - video.queued_at).to_std().unwrap_or_default()))
}

fn for_people(stats: &QueueStats, unsent: u64, oldest_age: Option<Duration>) -> String {
    let oldest = oldest_age.map_or_else(|| "-".to_owned(), |age| humanly(age.as_secs()));
    let rows = [
        ("in flight", stats.in_flight.to_string()),
        ("delayed", stats.delayed.to_string()),
        ("dead letters", stats.dead.to_string()),
        ("not sent yet", unsent.to_string()),
        ("oldest", oldest),
    ];
    let rows: Vec<_> = rows.map(|(name, value)| vec![name.to_owned(), value]).into();
    table::columns(&["waiting", &stats.visible.to_string()], &rows)
}

/// `42 s`, `3 min`, `5 h`, `2 d`: the largest unit that makes it two or more.
fn humanly(seconds: u64) -> String {
    let units = [(86_400, "d"), (3600, "h"), (60, "min")];
    let unit = units.into_iter().find(|(length, _)| seconds >= 2 * length);
    let (length, name) = unit.unwrap_or((1, "s"));
    format!("{} {name}", seconds / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_units_that_fit() {
        let ages = [0, 59, 119, 120, 7_199, 7_200, 172_800].map(humanly);
        assert_eq!(ages, ["0 s", "59 s", "119 s", "2 min", "119 min", "2 h", "2 d"]);
    }

    #[test]
    fn people_read_one_figure_a_line() {
        let stats = QueueStats { visible: 3, in_flight: 1, dead: 2, ..QueueStats::default() };
        assert_eq!(
            for_people(&stats, 4, Some(Duration::from_secs(200))),
            "waiting       3\nin flight     1\ndelayed       0\ndead letters  2\n\
             not sent yet  4\noldest        3 min\n"
        );
        assert!(for_people(&stats, 0, None).ends_with("oldest        -\n"));
    }
}
