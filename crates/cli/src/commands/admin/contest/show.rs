use anb_config::Loaded;
use anb_contest::Saved;
use clap::Args;
use serde_json::{Value, json};

use super::open;
use crate::{
    saved::{shortened, who_and_when},
    table,
};

/// Prints which settings of the contest were saved while everything runs, in
/// the console or by `import`: what is in force, what the settings say, since
/// when and by whom.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin contest show
  anb-video admin contest show --json | jq '.settings[].key'")]
pub struct ShowArgs {
    /// Print JSON, with whole texts and drawings
    #[arg(long)]
    json: bool,
}

impl ShowArgs {
    pub async fn execute(self, loaded: &Loaded) -> anyhow::Result<()> {
        let contest = open(&loaded.settings).await?;
        let (number, saved) = (contest.latest().await?.number, contest.saved().await?);
        if self.json {
            let settings: Vec<_> = saved.iter().map(|saved| as_json(saved, loaded)).collect();
            let all = json!({ "version": number, "settings": settings });
            println!("{}", serde_json::to_string_pretty(&all)?);
        } else if saved.is_empty() {
            println!("Nothing is saved over the settings (version {number}).");
        } else {
            println!("Version {number} is in force.\n");
            let rows: Vec<_> = saved.iter().map(|saved| as_row(saved, loaded)).collect();
            print!("{}", table::columns(&["SETTING", "IN FORCE", "SETTINGS SAY", "SINCE"], &rows));
        }
        Ok(())
    }
}

fn as_json(saved: &Saved, loaded: &Loaded) -> Value {
    json!({
        "key": saved.key,
        "in_force": saved.in_force,
        "settings": saved.files,
        "origin": loaded.origin(&saved.key).to_string(),
        "since": {
            "version": saved.since.number,
            "saved_at": saved.since.saved_at,
            "saved_by": saved.since.saved_by_name,
        },
    })
}

fn as_row(saved: &Saved, loaded: &Loaded) -> Vec<String> {
    vec![
        saved.key.clone(),
        shortened(&saved.in_force),
        format!("{} ({})", shortened(&saved.files), loaded.origin(&saved.key)),
        who_and_when(&saved.since),
    ]
}
