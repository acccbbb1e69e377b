//! What becomes of a message once its job has ended.

use std::time::Duration;

use anb_queue::{Delivery, JobQueue, QueueError};

use crate::outage::backoff;

/// Tries to tell the queue before its visibility timeout has to do it.
const TRIES: u32 = 4;

/// The last thing a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Done with for good.
    Delete,
    /// To be delivered again after so long; or, when it has been received
    /// three times, moved to the dead letters.
    Release(Duration),
    /// Somebody else holds it, or the visibility timeout brings it back.
    Leave,
}

impl Fate {
    /// Delivered again at once.
    pub(crate) const NOW: Self = Self::Release(Duration::ZERO);
}

/// Carries out `fate`. A queue that does not answer is no failure of the job:
/// the message comes back and finds the video settled.
pub(crate) async fn settle(queue: &dyn JobQueue, delivery: &Delivery, fate: Fate) {
    for tries in 0..TRIES {
        let result = match fate {
            Fate::Delete => queue.delete(&delivery.receipt).await,
            Fate::Release(after) => queue.release(&delivery.receipt, after).await,
            Fate::Leave => Ok(()),
        };
        match result {
            // A stale receipt: the message has a new holder, who will see.
            Ok(()) | Err(QueueError::StaleReceipt) => return,
            Err(error) if tries + 1 == TRIES => {
                tracing::warn!(%error, ?fate, "message left to its visibility timeout");
            }
            Err(_) => tokio::time::sleep(backoff(tries)).await,
        }
    }
}
