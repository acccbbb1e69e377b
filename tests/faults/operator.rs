//! An operator at a terminal while everything falls apart: stops tries, gives
//! failed videos new ones, has published videos made again, and writes down
//! what was answered.

use std::{
    process::Output,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use tokio::time::{sleep, timeout};

use crate::{
    clients::{MOST_WAITING, PATIENCE, World},
    evidence::{Which, Witness},
    stack::Stack,
};

/// One who sees everything, as in the console, and whose orders go the way of
/// all faults.
pub struct Operator {
    pub world: Arc<World>,
    pub stack: Arc<Stack>,
    pub witness: Arc<Witness>,
    rng: StdRng,
}

impl Operator {
    pub fn new(world: &Arc<World>, stack: &Arc<Stack>, witness: &Arc<Witness>, seed: u64) -> Self {
        Self {
            world: Arc::clone(world),
            stack: Arc::clone(stack),
            witness: Arc::clone(witness),
            rng: StdRng::seed_from_u64(!seed),
        }
    }

    /// Gives one order after the other until it is all over; the first as often
    /// as it takes.
    pub async fn live(mut self) {
        while !self.is_over() && self.reprocess_all().await.is_none() {
            self.pause().await;
        }
        while !self.is_over() {
            match self.rng.random_range(0..100) {
                0..40 => self.cancel().await,
                40..55 => self.retry().await,
                55..96 => self.reprocess().await,
                _ if self.has_ordered_enough() => {}
                _ => drop(self.reprocess_all().await),
            }
            self.pause().await;
        }
    }

    fn is_over(&self) -> bool {
        self.world.is_over.load(Ordering::Relaxed)
    }

    async fn pause(&mut self) {
        let pause = self.rng.random_range(200..1200);
        sleep(Duration::from_millis(pause)).await;
    }

    /// Stops a try, whether it is a video's first or makes it again.
    async fn cancel(&mut self) {
        let Some(video) = self.any(Which::Running).await else { return };
        self.world.ledger.open().stopped.asked.insert(video.clone());
        let told = self.order("cancellation", &["video", "cancel", &video]).await;
        let Some(told) = told else { return };
        let stopped = &mut self.world.ledger.open().stopped;
        let of_its_kind =
            if told.contains("is failed") { &mut stopped.failed } else { &mut stopped.kept };
        of_its_kind.insert(video);
    }

    /// A video that was stopped is as any other after this, answered or not.
    async fn retry(&mut self) {
        let Some(video) = self.any(Which::Failed).await else { return };
        {
            let mut books = self.world.ledger.open();
            books.stopped.failed.remove(&video);
            *books.retries.entry(video.clone()).or_default() += 1;
        }
        self.order("retry", &["video", "retry", &video]).await;
    }

    async fn reprocess(&mut self) {
        if self.has_ordered_enough() {
            return;
        }
        let Some(video) = self.any(Which::Published).await else { return };
        self.order("reprocessing", &["video", "reprocess", &video]).await;
    }

    async fn reprocess_all(&self) -> Option<String> {
        self.order("reprocessing of all", &["video", "reprocess", "--all"]).await
    }

    /// Uploads go first; so orders are given also while uploads wait, and hold
    /// up the next ones.
    fn has_ordered_enough(&self) -> bool {
        self.world.waiting.load(Ordering::Relaxed) >= 2 * MOST_WAITING
    }

    async fn any(&mut self, which: Which) -> Option<String> {
        self.witness.some(which).await?.choose(&mut self.rng).cloned()
    }

    /// What was answered, if it was done; otherwise nobody knows whether it was.
    async fn order(&self, what: &'static str, arguments: &[&str]) -> Option<String> {
        let command = self.stack.administration(arguments);
        let mut command = tokio::process::Command::from(command);
        let ended = timeout(PATIENCE, command.kill_on_drop(true).output()).await;
        let output: Option<Output> = ended.ok().map(|ended| ended.expect("anb-video starts"));
        let done = output.filter(|output| output.status.success());
        let how = if done.is_some() { "done" } else { "unanswered" };
        *self.world.ledger.open().answers.entry((what, how)).or_default() += 1;
        Some(String::from_utf8_lossy(&done?.stdout).into_owned())
    }
}
