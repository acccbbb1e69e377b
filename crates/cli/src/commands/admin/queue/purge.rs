use std::io::{IsTerminal as _, Write as _, stdin, stdout};

use anyhow::{Context as _, bail};
use clap::Args;

use super::counted;
use crate::platform::Platform;

/// Removes every dead letter for good.
///
/// Videos are not touched: before anything is removed, those that have not
/// ended although their message is dead get another message, or end as
/// `failed`. A failed video can be retried without its letter.
#[derive(Debug, Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Examples:
  anb-video admin queue purge
  anb-video admin queue purge --yes      Without asking, as scripts need it"
)]
pub struct PurgeArgs {
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

impl PurgeArgs {
    pub async fn execute(self, platform: &Platform) -> anyhow::Result<()> {
        let dead = platform.queue.stats().await?.dead;
        if dead == 0 {
            println!("There are no dead letters.");
            return Ok(());
        }
        if !self.yes && !confirmed(dead)? {
            println!("Nothing was removed.");
            return Ok(());
        }
        let mended = platform
            .reconciler()
            .quick()
            .await
            .context("nothing was removed: the videos could not be looked after first")?;
        if !mended.is_empty() {
            println!("{mended}");
        }
        let removed = platform.dead_letters.purge().await?;
        println!("{} removed.", counted(removed, "dead letter"));
        Ok(())
    }
}

/// Asks at the terminal.
fn confirmed(dead: u64) -> anyhow::Result<bool> {
    if !stdin().is_terminal() {
        bail!("there is no terminal to ask at; use --yes to remove the dead letters");
    }
    print!("Remove {} for good? [y/N] ", counted(dead, "dead letter"));
    stdout().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(is_yes(&answer))
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        assert!(["y\n", "Y\n", "yes\n", " YES \n"].into_iter().all(is_yes));
        assert!(["", "\n", "n\n", "no\n", "yesterday\n"].into_iter().all(|no| !is_yes(no)));
    }
}
