use std::collections::BTreeSet;

use anb_store::RetryError;
use clap::Args;

use super::letters::{self, Letter, counted};
use crate::platform::Platform;

/// Moves every dead letter back into the queue, where it is delivered up to
/// three times more.
///
/// A video that has `failed` is not worked on again for the sake of an old
/// message: workers send it straight back to the dead letters. With
/// `--retry-failed` such videos get three new tries and a new message first, as
/// from `anb-video admin video retry`; the old message then does no harm.
#[derive(Debug, Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Examples:
  anb-video admin queue peek-dlq                  What is dead, and why
  anb-video admin queue redrive --retry-failed    Once the cause is removed"
)]
pub struct RedriveArgs {
    /// First give the failed videos among them three new tries
    #[arg(long)]
    retry_failed: bool,
}

/// What is known of the letters before they are moved.
struct Foreseen {
    /// Failed videos that were given new tries.
    retried: u64,
    /// Letters of videos that stay failed.
    failed: u64,
    /// Letters that are no job.
    poison: u64,
}

impl RedriveArgs {
    pub async fn execute(self, platform: &Platform) -> anyhow::Result<()> {
        let letters = letters::read(platform, usize::MAX).await?;
        let failed: BTreeSet<_> = letters
            .iter()
            .filter(|letter| letter.is_of_failed_video())
            .filter_map(Letter::video_id)
            .collect();
        let mut retried = 0;
        // The new tries come first: a message that finds its video still
        // failed would be dead again.
        for video in failed.iter().filter(|_| self.retry_failed) {
            match platform.store.retry_video(*video).await {
                Ok(_) => retried += 1,
                // Somebody else was faster.
                Err(RetryError::NotFailed(_) | RetryError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let moved = platform.dead_letters.redrive().await?;
        let count = |is: fn(&Letter) -> bool| letters.iter().filter(|l| is(l)).count() as u64;
        let foreseen = Foreseen {
            retried,
            failed: if self.retry_failed { 0 } else { count(Letter::is_of_failed_video) },
            poison: count(Letter::is_poison),
        };
        print!("{}", for_people(moved, &foreseen));
        Ok(())
    }
}

fn for_people(moved: u64, foreseen: &Foreseen) -> String {
    let mut lines = vec![format!("{} moved back into the queue.", counted(moved, "dead letter"))];
    if foreseen.retried > 0 {
        let videos = counted(foreseen.retried, "failed video");
        lines.push(format!("{videos} given three new tries."));
    }
    if foreseen.failed > 0 {
        lines.push(format!(
            "{} of failed videos and will be dead again. Give those videos new tries with \
             `anb-video admin queue redrive --retry-failed` or `anb-video admin video retry ID`.",
            are(foreseen.failed)
        ));
    }
    if foreseen.poison > 0 {
        lines.push(format!("{} no job of ours and will be dead again.", are(foreseen.poison)));
    }
    lines.join("\n") + "\n"
}

fn are(count: u64) -> String {
    format!("{count} {}", if count == 1 { "is" } else { "are" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_will_come_back_is_said() {
        let said = for_people(1, &Foreseen { retried: 0, failed: 0, poison: 0 });
        assert_eq!(said, "1 dead letter moved back into the queue.\n");
        let said = for_people(5, &Foreseen { retried: 0, failed: 2, poison: 1 });
        let lines: Vec<_> = said.lines().collect();
        assert_eq!(lines[0], "5 dead letters moved back into the queue.");
        assert!(lines[1].starts_with("2 are of failed videos"), "{said}");
        assert!(lines[1].contains("admin video retry ID"), "{said}");
        assert!(lines[2].starts_with("1 is no job"), "{said}");
        let said = for_people(2, &Foreseen { retried: 2, failed: 0, poison: 0 });
        assert!(said.ends_with("2 failed videos given three new tries.\n"), "{said}");
    }
}
