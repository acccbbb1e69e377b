use anb_ops::{Operations, Redriven};
use anb_store::Actor;
use clap::Args;

use super::counted;

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

impl RedriveArgs {
    pub async fn execute(self, operations: &Operations) -> anyhow::Result<()> {
        print!("{}", for_people(&operations.redrive(self.retry_failed, &Actor::terminal()).await?));
        Ok(())
    }
}

fn for_people(done: &Redriven) -> String {
    let moved = counted(done.moved, "dead letter");
    let mut lines = vec![format!("{moved} moved back into the queue.")];
    if done.retried > 0 {
        let videos = counted(done.retried, "failed video");
        lines.push(format!("{videos} given three new tries."));
    }
    if done.failed > 0 {
        lines.push(format!(
            "{} of failed videos and will be dead again. Give those videos new tries with \
             `anb-video admin queue redrive --retry-failed` or `anb-video admin video retry ID`.",
            are(done.failed)
        ));
    }
    if done.poison > 0 {
        lines.push(format!("{} no job of ours and will be dead again.", are(done.poison)));
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
        let said = for_people(&Redriven { moved: 1, ..Redriven::default() });
        assert_eq!(said, "1 dead letter moved back into the queue.\n");
        let said = for_people(&Redriven { moved: 5, retried: 0, failed: 2, poison: 1 });
        let lines: Vec<_> = said.lines().collect();
        assert_eq!(lines[0], "5 dead letters moved back into the queue.");
        assert!(lines[1].starts_with("2 are of failed videos"), "{said}");
        assert!(lines[1].contains("admin video retry ID"), "{said}");
        assert!(lines[2].starts_with("1 is no job"), "{said}");
        let said = for_people(&Redriven { moved: 2, retried: 2, ..Redriven::default() });
        assert!(said.ends_with("2 failed videos given three new tries.\n"), "{said}");
    }
}
