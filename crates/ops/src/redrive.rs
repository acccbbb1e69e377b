//! Dead letters get another chance.

use std::collections::BTreeSet;

use anb_domain::{Action, Subject};
use anb_store::{Actor, Deed};
use serde_json::json;

use crate::{Letter, OperationError, Operations};

/// What has become of the dead letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Redriven {
    /// Letters that are in the queue again.
    pub moved: u64,
    /// Failed videos that were given new tries.
    pub retried: u64,
    /// Letters of videos that stay failed: they will be dead again.
    pub failed: u64,
    /// Letters that are no job: they too.
    pub poison: u64,
}

impl Operations {
    /// Moves every dead letter back into the queue. A worker sends the letter
    /// of a failed video straight back; with `retry_failed` such videos get
    /// three new tries and a new message first.
    pub async fn redrive(
        &self,
        retry_failed: bool,
        by: &Actor,
    ) -> Result<Redriven, OperationError> {
        let letters = self.letters(usize::MAX).await?;
        // The new tries come first: a message that finds its video still
        // failed would be dead again.
        let retried = if retry_failed { self.retry_all(&letters, by).await? } else { 0 };
        // Queue and log share no transaction: it is noted before it is done.
        let deed = Deed::new(Action::DEAD_LETTERS_REDRIVEN, Subject::queue());
        let deed = deed.after(json!({ "letters": letters.len(), "retried": retried }));
        self.store.record(by, deed).await?;
        let moved = self.dead_letters.redrive().await?;
        let count = |is: fn(&Letter) -> bool| letters.iter().filter(|l| is(l)).count() as u64;
        Ok(Redriven {
            moved,
            retried,
            failed: if retry_failed { 0 } else { count(Letter::is_of_failed_video) },
            poison: count(Letter::is_poison),
        })
    }

    /// Gives new tries to the failed videos among these letters' videos.
    async fn retry_all(&self, letters: &[Letter], by: &Actor) -> Result<u64, OperationError> {
        let failed = letters.iter().filter(|letter| letter.is_of_failed_video());
        let failed: BTreeSet<_> = failed.filter_map(Letter::video_id).collect();
        Ok(self.retry_many(failed, by).await?.retried)
    }
}
