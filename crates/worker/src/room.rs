//! Room in the work folder. A job begun without it fails late, and its try is
//! lost; a message not received is taken by a worker that has room.

use std::{path::PathBuf, time::Duration};

use crate::{WorkerContext, host::FreeSpace};

/// Between two looks at a folder that is too full.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_secs(2);

const MB: u64 = 1_000_000;

/// What a job needs where the settings do not say: the largest upload of the
/// default rules twice, and some.
const DEFAULT_MB: u64 = 300;

/// Watches the free space in the file system of the work folder.
pub(crate) struct Room {
    folder: PathBuf,
    free_space: FreeSpace,
    /// Bytes that one job may need.
    for_one: u64,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Enough,
    /// For some jobs, but not for one in every slot.
    Scarce,
    /// Not even for one.
    None,
}

impl Room {
    pub(crate) fn of(context: &WorkerContext) -> Self {
        let for_one = context.settings.min_free_mb.unwrap_or(DEFAULT_MB).saturating_mul(MB);
        Self {
            folder: context.work_dir.clone(),
            free_space: context.host.free_space.clone(),
            for_one,
            state: State::Enough,
        }
    }

    /// How many of `wanted` more jobs fit in beside those that run, which may
    /// still need all of theirs.
    pub(crate) fn admit(&mut self, wanted: usize, running: usize) -> usize {
        if self.for_one == 0 {
            return wanted;
        }
        let free = match (self.free_space)(&self.folder) {
            Ok(free) => free,
            Err(error) => {
                // The job itself will tell, if something is wrong.
                tracing::warn!(%error, "free space of the work folder not known");
                return wanted;
            }
        };
        let fits = usize::try_from(free / self.for_one).unwrap_or(usize::MAX);
        let admitted = fits.saturating_sub(running).min(wanted);
        self.note(free, if fits == 0 { State::None } else { scarce(admitted < wanted) });
        admitted
    }

    /// Told when it changes, not at every look. That jobs have to wait for each
    /// other comes and goes with them: it is told once.
    fn note(&mut self, free_bytes: u64, state: State) {
        let needed_bytes = self.for_one;
        match (self.state, state) {
            (State::Enough | State::Scarce, State::None) => {
                tracing::warn!(free_bytes, needed_bytes, "work folder too full for another job");
            }
            (State::None, State::Enough | State::Scarce) => {
                tracing::info!(free_bytes, needed_bytes, "work folder has room again");
            }
            (State::Enough, State::Scarce) => {
                tracing::info!(free_bytes, needed_bytes, "work folder too small for all slots");
            }
            (State::Scarce, State::Enough) => return,
            _ => {}
        }
        self.state = state;
    }
}

fn scarce(is_scarce: bool) -> State {
    if is_scarce { State::Scarce } else { State::Enough }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{
            Arc,
            atomic::{AtomicU64, Ordering},
        },
    };

    use super::*;

    fn room(free: &Arc<AtomicU64>) -> Room {
        let free = Arc::clone(free);
        Room {
            folder: PathBuf::new(),
            free_space: Arc::new(move |_| Ok(free.load(Ordering::Relaxed))),
            for_one: 300 * MB,
            state: State::Enough,
        }
    }

    #[test]
    fn each_job_needs_room_and_running_ones_keep_theirs() {
        let free = Arc::new(AtomicU64::new(1000 * MB));
        let mut room = room(&free);
        assert_eq!(room.admit(8, 0), 3);
        assert_eq!(room.admit(8, 2), 1);
        assert_eq!(room.admit(8, 3), 0);
        assert_eq!(room.admit(1, 0), 1);
    }

    #[test]
    fn a_full_folder_admits_nobody_until_there_is_room_again() {
        let free = Arc::new(AtomicU64::new(299 * MB));
        let mut room = room(&free);
        assert_eq!(room.admit(4, 0), 0);
        assert!(room.state == State::None);
        free.store(300 * MB, Ordering::Relaxed);
        assert_eq!(room.admit(4, 0), 1);
    }

    #[test]
    fn nothing_needed_and_nothing_known_admit_everybody() {
        let mut room = room(&Arc::default());
        room.free_space = Arc::new(|_| Err(io::Error::other("no such file system")));
        assert_eq!(room.admit(4, 9), 4);
        room.free_space = Arc::new(|_| Ok(0));
        room.for_one = 0;
        assert_eq!(room.admit(4, 9), 4);
    }
}
