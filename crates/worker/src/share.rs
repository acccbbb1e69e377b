//! How many threads a job gets.

use anb_media::Threads;

/// A lone job gets every core, for the shortest wait. Under backlog each job
/// that runs or is about to gets its share, for the most clips per hour.
///
/// `busy` counts the running jobs, the asking one included; `waiting` the
/// messages that a free slot could take now.
pub(crate) fn threads(cores: usize, slots: usize, busy: usize, waiting: u64) -> Threads {
    let waiting = usize::try_from(waiting).unwrap_or(usize::MAX);
    match busy.saturating_add(waiting).min(slots) {
        0 | 1 => Threads::All,
        jobs => Threads::Limited((cores / jobs).max(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_job_gets_all_cores() {
        assert_eq!(threads(4, 4, 1, 0), Threads::All);
    }

    #[test]
    fn a_single_slot_never_shares() {
        assert_eq!(threads(4, 1, 1, 100), Threads::All);
    }

    #[test]
    fn under_backlog_each_job_gets_its_share() {
        assert_eq!(threads(4, 4, 1, 100), Threads::Limited(1));
        assert_eq!(threads(4, 4, 2, 0), Threads::Limited(2));
        assert_eq!(threads(8, 2, 1, 1), Threads::Limited(4));
    }

    #[test]
    fn nobody_is_left_without_a_thread() {
        assert_eq!(threads(2, 16, 16, 100), Threads::Limited(1));
    }
}
