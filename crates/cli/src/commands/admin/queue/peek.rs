use anb_ops::{About, Letter, Operations};
use clap::Args;
use serde_json::json;

use super::counted;
use crate::table;

/// Shows dead letters and what has become of their videos; they stay.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin queue peek-dlq
  anb-video admin queue peek-dlq --limit 1000 --json")]
pub struct PeekArgs {
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// Print JSON, with the letters' bodies
    #[arg(long)]
    json: bool,
}

impl PeekArgs {
    pub async fn execute(self, operations: &Operations) -> anyhow::Result<()> {
        let letters = operations.letters(self.limit).await?;
        if self.json {
            let shown: Vec<_> = letters.iter().map(as_json).collect();
            println!("{}", serde_json::to_string_pretty(&shown)?);
            return Ok(());
        }
        let rows: Vec<_> = letters.iter().map(as_row).collect();
        print!("{}", table::columns(&["MESSAGE", "VIDEO", "SENT", "STATUS", "REASON"], &rows));
        let (shown, all) = (letters.len() as u64, operations.queue.stats().await?.dead);
        // A worker may be looking at the others just now.
        println!("{shown} of {}", counted(all.max(shown), "dead letter"));
        Ok(())
    }
}

fn as_json(letter: &Letter) -> serde_json::Value {
    let poison = match &letter.about {
        About::Poison(why) => Some(why),
        About::Unknown(_) | About::Video(_) => None,
    };
    json!({
        "message_id": letter.letter.message_id,
        "sent_at": letter.letter.sent_at,
        "body": letter.letter.body,
        "video_id": letter.video_id(),
        "status": letter.status(),
        "failure": letter.failure(),
        "poison": poison,
    })
}

fn as_row(letter: &Letter) -> Vec<String> {
    let status = match &letter.about {
        About::Poison(_) => "no job".to_owned(),
        About::Unknown(_) => "no such video".to_owned(),
        About::Video(video) => video.status.to_string(),
    };
    let dash = || "-".to_owned();
    let reason = match &letter.about {
        About::Poison(why) => why.clone(),
        _ => letter.failure().map_or_else(dash, |code| code.to_string()),
    };
    vec![
        letter.letter.message_id.clone(),
        letter.video_id().map_or_else(dash, |id| id.to_string()),
        letter.letter.sent_at.format("%F %T").to_string(),
        status,
        reason,
    ]
}
