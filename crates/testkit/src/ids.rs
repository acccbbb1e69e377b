//! Ids that are the same in every run.

use std::sync::atomic::{AtomicU64, Ordering};

use anb_domain::IdSource;
use uuid::Uuid;

/// Counts: `…-000000000001`, `…-000000000002`. Ids of the two kinds begin
/// differently.
#[derive(Debug, Default)]
pub struct SequentialIds(AtomicU64);

impl SequentialIds {
    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

impl IdSource for SequentialIds {
    fn sortable(&self) -> Uuid {
        Uuid::from_u64_pair(0x0000_0000_0000_7000, 0x8000_0000_0000_0000 | self.next())
    }

    fn unguessable(&self) -> Uuid {
        Uuid::from_u64_pair(0xffff_ffff_ffff_4fff, 0x8000_0000_0000_0000 | self.next())
    }
}
