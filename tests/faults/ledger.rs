//! What the platform has promised its clients.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What is known about something that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Yes,
    No,
    /// The answer never came: both may be, and it is never asked for again.
    Either,
}

/// An upload with its answer.
#[derive(Debug, Clone)]
pub struct Accepted {
    #[expect(dead_code, reason = "told when its promise is broken")]
    pub title: String,
    pub deleted: Known,
}

/// Videos whose try the operator has asked to stop.
#[derive(Debug, Default)]
pub struct Stopped {
    /// Answered or not.
    pub asked: HashSet<String>,
    /// Failed for it, as was answered, and not retried since.
    pub failed: HashSet<String>,
    /// Were being made again, and keep what they had, as was answered.
    pub kept: HashSet<String>,
}

/// All promises.
#[derive(Debug, Default)]
pub struct Books {
    /// SHA-256 of every clip that was sent, by its title, answered or not.
    pub sent: HashMap<String, String>,
    /// Uploads that got their answer, by id.
    pub accepted: HashMap<String, Accepted>,
    /// Uploads in parts that were given up, by the id of their video.
    pub given_up: HashSet<String>,
    /// Votes that were cast or withdrawn, by video and player.
    pub votes: HashMap<(String, String), Known>,
    pub stopped: Stopped,
    /// How often an operator has asked for three tries more, by video.
    pub retries: HashMap<String, usize>,
    /// Answers by what was asked and how it went.
    pub answers: HashMap<(&'static str, &'static str), u32>,
    /// What an answer itself has shown to be broken.
    pub broken: Vec<String>,
}

/// Shared by all clients.
#[derive(Default)]
pub struct Ledger(Mutex<Books>);

impl Ledger {
    pub fn open(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether an accepted upload can be gone: somebody has asked for that.
    pub fn may_be_deleted(&self, video: &str) -> bool {
        self.open().accepted.get(video).is_some_and(|accepted| accepted.deleted != Known::No)
    }
}
