//! Faults that tests ask for in the environment. Without debug
//! assertions, as in a release, nothing of this is compiled in, and the variables
//! mean nothing.
//!
//! - `FAULTS_DIE_AT=worker::claimed:2`: the process dies, as by `kill -9`, when
//!   it reaches this fail point for the second time.
//! - `FAULTS_CLOCK=FILE`: this process's clock is ahead by as many
//!   milliseconds as the file says, read anew each time.

use std::sync::Arc;

use anb_domain::{Clock, SystemClock};

/// Arms the fail point that the environment names.
pub fn arm() {
    #[cfg(debug_assertions)]
    armed::arm();
}

/// The clock that everything in this process goes by.
pub fn clock() -> Arc<dyn Clock> {
    #[cfg(debug_assertions)]
    if let Some(clock) = armed::ShiftedClock::from_environment() {
        return Arc::new(clock);
    }
    Arc::new(SystemClock)
}

#[cfg(debug_assertions)]
mod armed {
    use std::{
        env, fs,
        path::PathBuf,
        sync::atomic::{AtomicU32, Ordering},
    };

    use anb_domain::{Clock, SystemClock};
    use chrono::{DateTime, TimeDelta, Utc};
    use rustix::process::{Signal, getpid, kill_process};

    const DIE_AT: &str = "FAULTS_DIE_AT";
    const CLOCK: &str = "FAULTS_CLOCK";

    pub(super) fn arm() {
        let Ok(order) = env::var(DIE_AT) else { return };
        let counted = order.rsplit_once(':').and_then(|(point, n)| Some((point, n.parse().ok()?)));
        let (point, times) = counted.unwrap_or((&order, 1));
        let left = AtomicU32::new(times);
        fail::cfg_callback(point, move || {
            if left.fetch_sub(1, Ordering::Relaxed) == 1 {
                die();
            }
        })
        .expect("a callback can always be set");
    }

    /// No destructor, no flush, no goodbye.
    fn die() {
        kill_process(getpid(), Signal::KILL).expect("a process may kill itself");
    }

    /// The machine's clock, and what the file adds to it.
    pub(super) struct ShiftedClock {
        file: PathBuf,
    }

    impl ShiftedClock {
        pub(super) fn from_environment() -> Option<Self> {
            Some(Self { file: env::var_os(CLOCK)?.into() })
        }

        fn ahead(&self) -> TimeDelta {
            let text = fs::read_to_string(&self.file).unwrap_or_default();
            TimeDelta::milliseconds(text.trim().parse().unwrap_or_default())
        }
    }

    impl Clock for ShiftedClock {
        fn now(&self) -> DateTime<Utc> {
            SystemClock.now() + self.ahead()
        }
    }
}
