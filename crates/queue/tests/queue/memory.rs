//! The queue within the process does what every queue must do.

use std::{sync::Arc, time::Duration};

use anb_domain::SystemIds;
use anb_queue::{MemoryQueue, conformance::Harness};
use anb_testkit::FakeClock;
use async_trait::async_trait;

/// Long enough that nothing becomes visible by itself during a test.
const VISIBILITY: Duration = Duration::from_mins(1);

struct Memory {
    queue: MemoryQueue,
    clock: Arc<FakeClock>,
}

fn memory() -> Memory {
    let clock = Arc::new(FakeClock::default());
    let queue = MemoryQueue::new(clock.clone(), Arc::new(SystemIds), VISIBILITY);
    Memory { queue, clock }
}

#[async_trait]
impl Harness for Memory {
    type Queue = MemoryQueue;

    fn queue(&self) -> &MemoryQueue {
        &self.queue
    }

    fn visibility(&self) -> Duration {
        VISIBILITY
    }

    fn patience(&self) -> Duration {
        Duration::ZERO
    }

    async fn send_raw(&self, body: &str) {
        self.queue.send_body(body, None);
    }

    async fn let_pass(&self, duration: Duration) {
        self.clock.advance(duration);
    }
}

anb_queue::queue_conformance!(memory());
