use anb_ops::{Operations, QueueStatus, humanly};
use clap::Args;
use serde_json::json;

use crate::table;

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
    pub async fn execute(self, operations: &Operations) -> anyhow::Result<()> {
        let queue = operations.queue_status().await?;
        let stats = &queue.stats;
        if self.json {
            let shown = json!({
                "waiting": stats.visible,
                "in_flight": stats.in_flight,
                "delayed": stats.delayed,
                "dead": stats.dead,
                "unsent": queue.unsent,
                "oldest_age_s": queue.oldest_age.map(|age| age.as_secs()),
            });
            println!("{}", serde_json::to_string_pretty(&shown)?);
        } else {
            print!("{}", for_people(&queue));
        }
        Ok(())
    }
}

fn for_people(queue: &QueueStatus) -> String {
    let QueueStatus { stats, unsent, oldest_age } = queue;
    let rows = [
        ("in flight", stats.in_flight.to_string()),
        ("delayed", stats.delayed.to_string()),
        ("dead letters", stats.dead.to_string()),
        ("not sent yet", unsent.to_string()),
        ("oldest", oldest_age.map_or_else(|| "-".to_owned(), humanly)),
    ];
    let rows: Vec<_> = rows.map(|(name, value)| vec![name.to_owned(), value]).into();
    table::columns(&["waiting", &stats.visible.to_string()], &rows)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use anb_queue::QueueStats;

    use super::*;

    #[test]
    fn people_read_one_figure_a_line() {
        let status = QueueStatus {
            stats: QueueStats { visible: 3, in_flight: 1, dead: 2, ..QueueStats::default() },
            unsent: 4,
            oldest_age: Some(Duration::from_secs(200)),
        };
        assert_eq!(
            for_people(&status),
            "waiting       3\nin flight     1\ndelayed       0\ndead letters  2\n\
             not sent yet  4\noldest        3 min\n"
        );
        let status = QueueStatus { oldest_age: None, ..status };
        assert!(for_people(&status).ends_with("oldest        -\n"));
    }
}
