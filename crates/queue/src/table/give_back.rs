//! A receiver that goes away just while it takes messages.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use tokio::{runtime::Handle, sync::Notify, time::sleep};

/// Pauses before each try. The statement that takes the messages may still
/// run, on a connection nobody waits for, when the first one looks for them.
const TRIES: [Duration; 3] =
    [Duration::ZERO, Duration::from_millis(100), Duration::from_millis(900)];

/// Makes what was taken visible again at once, unless [`GiveBack::settle`]d.
/// Where it fails, the end of the visibility does the same later.
pub struct GiveBack(Option<Taking>);

struct Taking {
    db: DatabaseConnection,
    undo: Statement,
    bell: Arc<Notify>,
}

impl GiveBack {
    pub fn new(db: &DatabaseConnection, undo: Statement, bell: &Arc<Notify>) -> Self {
        Self(Some(Taking { db: db.clone(), undo, bell: bell.clone() }))
    }

    /// The messages have reached their receiver.
    pub fn settle(mut self) {
        self.0 = None;
    }
}

impl Drop for GiveBack {
    fn drop(&mut self) {
        if let (Some(taking), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(taking.undo());
        }
    }
}

impl Taking {
    async fn undo(self) {
        for pause in TRIES {
            sleep(pause).await;
            match self.db.execute_raw(self.undo.clone()).await {
                Ok(done) if done.rows_affected() > 0 => return self.bell.notify_waiters(),
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "taken messages stay hidden for a while"),
            }
        }
    }
}
