//! The votes on a page, which are decided about together.

use anb_store::ReviewedVote;
use serde::Deserialize;

use super::short;
use crate::paging::{Pager, Paging};

/// Votes on one page.
const PER_PAGE: u64 = 100;

/// Which of the votes an address asks for.
#[derive(Deserialize)]
pub struct Wanted {
    page: Option<u64>,
}

impl Wanted {
    pub const FIRST: Self = Self { page: None };

    pub fn paging(&self) -> Paging {
        Paging::new(self.page, PER_PAGE)
    }
}

pub struct Table {
    pub rows: Vec<Row>,
    /// Whether each vote says for which video it is.
    pub with_video: bool,
    pub pager: Pager,
    /// What is wrong with a decision, and the reason that was typed.
    pub fault: Option<&'static str>,
    pub reason: String,
}

pub struct Row {
    pub vote: ReviewedVote,
    /// By which a form names it.
    pub key: String,
    pub network: String,
    pub device: String,
}

impl Table {
    /// The votes of a page, out of `total`.
    pub fn of(votes: Vec<ReviewedVote>, total: u64, paging: Paging) -> Self {
        Self {
            pager: paging.pager(votes.len(), total, |page| format!("?page={page}")),
            rows: votes.into_iter().map(Row::from).collect(),
            with_video: false,
            fault: None,
            reason: String::new(),
        }
    }

    /// Shown again, with what is missing and what was typed.
    pub fn ask_again(&mut self, fault: &'static str, reason: String) {
        self.fault = Some(fault);
        self.reason = reason;
    }
}

impl From<ReviewedVote> for Row {
    fn from(vote: ReviewedVote) -> Self {
        Self {
            key: format!("{}.{}", vote.video.0.simple(), vote.voter.0.simple()),
            network: short(vote.network.as_ref()),
            device: short(vote.device.as_ref()),
            vote,
        }
    }
}
