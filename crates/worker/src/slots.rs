//! Job slots: as many jobs at a time as the machine has use for, and an
//! orderly end.

use std::{convert::Infallible, future::pending, sync::Arc, time::Duration};

use anb_media::Threads;
use anb_queue::Delivery;
use tokio::{
    sync::Semaphore,
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Shutdown, WorkerContext,
    busy::Busy,
    ecs::{Protection, Task},
    home::{self, Home},
    job, measure,
    outage::Outage,
    room::{self, Room},
    share,
};

/// Most messages of one receive: what SQS allows
/// ([ReceiveMessage, MaxNumberOfMessages](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html)).
const MAX_BATCH: usize = 10;

/// How long cancelled jobs may take to hand themselves back. With the default
/// drain timeout it stays below the 30 s that container platforms wait.
const HAND_BACK_TIMEOUT: Duration = Duration::from_secs(8);

/// A running worker.
pub(crate) struct Worker {
    pub(crate) context: WorkerContext,
    pub(crate) home: Home,
    /// Cancels the running jobs, which then hand themselves back.
    pub(crate) cut: CancellationToken,
    /// No new jobs.
    stop: CancellationToken,
    slots: usize,
    cores: usize,
    free: Arc<Semaphore>,
    busy: Arc<Busy>,
    task: Task,
}

impl Worker {
    pub(crate) fn new(context: WorkerContext, home: Home, task: Task) -> Self {
        let cores = task.cores(context.host.cores);
        let slots = context.settings.slots.unwrap_or(cores).max(1);
        warn_of_a_short_drain(&context, &task);
        Self {
            context,
            home,
            cut: CancellationToken::new(),
            stop: CancellationToken::new(),
            slots,
            cores,
            free: Arc::new(Semaphore::new(slots)),
            busy: Busy::new(),
            task,
        }
    }

    pub(crate) fn name(&self) -> &str {
        self.home.name()
    }

    pub(crate) fn slots(&self) -> usize {
        self.slots
    }

    pub(crate) fn cores(&self) -> usize {
        self.cores
    }

    /// Jobs that run.
    pub(crate) fn running(&self) -> usize {
        self.busy.running()
    }

    /// Where it runs: the task on ECS, or the machine.
    pub(crate) fn place(&self) -> String {
        self.task.id().map_or_else(home::host, str::to_owned)
    }

    pub(crate) fn heartbeat(&self) -> Duration {
        Duration::from_secs(self.context.settings.heartbeat_s.max(1))
    }

    fn drain_timeout(&self) -> Duration {
        self.task.drain_timeout(wished_drain(&self.context))
    }

    /// Whether no new work may begin.
    pub(crate) fn stops(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Cancelled as soon as no new work may begin.
    pub(crate) fn stopping(&self) -> &CancellationToken {
        &self.stop
    }

    /// The threads of a job that is about to transcode.
    pub(crate) async fn threads(&self) -> Threads {
        let busy = self.slots - self.free.available_permits();
        share::threads(self.cores, self.slots, busy, self.waiting(busy).await)
    }

    /// Messages that a free slot could take now; nobody asks when none is free.
    async fn waiting(&self, busy: usize) -> u64 {
        if busy >= self.slots {
            return 0;
        }
        // A queue that does not answer has nothing to give.
        self.context.queue.stats().await.map_or(0, |stats| stats.visible)
    }

    /// Keeps ECS, where we run on it, from ending this task while it works.
    pub(crate) async fn keep_protected(&self) -> Infallible {
        match Protection::at(&self.context.host) {
            Some(protection) => protection.keep(self.busy.watch()).await,
            None => pending().await,
        }
    }

    /// Works until told to stop, and ends in order.
    pub(crate) async fn work(self: &Arc<Self>, shutdown: &Shutdown) {
        let mut jobs = JoinSet::new();
        tokio::select! {
            () = self.receive(&mut jobs) => {}
            () = shutdown.drain.cancelled() => {}
            () = shutdown.abort.cancelled() => {}
        }
        self.stop.cancel();
        self.context.pulse.rest();
        tracing::info!(running = jobs.len(), "worker drains");
        self.drain(jobs, shutdown).await;
    }

    /// Gives every free slot a message, for ever.
    async fn receive(self: &Arc<Self>, jobs: &mut JoinSet<()>) {
        let mut outage = Outage::of("queue");
        let mut room = Room::of(&self.context);
        loop {
            while let Some(ended) = jobs.try_join_next() {
                note_panic(ended);
            }
            let wanted = self.demand(&mut room).await;
            match self.context.queue.receive(wanted, self.context.wait).await {
                Ok(deliveries) => {
                    self.context.pulse.beat();
                    outage.over();
                    for delivery in deliveries {
                        measure::received(delivery.receive_count);
                        self.start(jobs, delivery);
                    }
                }
                Err(error) => sleep(outage.note(&error)).await,
            }
        }
    }

    /// Waits until there is a slot, and room on the disk, for at least one more
    /// job; returns how many to ask for.
    async fn demand(&self, room: &mut Room) -> usize {
        let pulse = &self.context.pulse;
        if self.free.available_permits() == 0 {
            pulse.rest();
        }
        loop {
            let free = self.free_slots().await.min(MAX_BATCH);
            let wanted = room.admit(free, self.busy.running());
            if wanted > 0 {
                pulse.resume();
                return wanted;
            }
            pulse.rest();
            sleep(room::LOOK_AGAIN).await;
        }
    }

    /// Waits for a free slot; returns how many there are.
    async fn free_slots(&self) -> usize {
        let _one = self.free.acquire().await;
        self.free.available_permits() + 1
    }

    /// Never waits: what was received must not be dropped by a shutdown.
    fn start(self: &Arc<Self>, jobs: &mut JoinSet<()>, delivery: Delivery) {
        let slot = Arc::clone(&self.free).try_acquire_owned();
        let (worker, turn) = (Arc::clone(self), self.busy.begin());
        jobs.spawn(async move {
            job::handle(worker, delivery, &turn).await;
            drop((turn, slot));
        });
    }

    /// Lets the running jobs finish for as long as allowed, then has the rest
    /// handed back.
    async fn drain(&self, mut jobs: JoinSet<()>, shutdown: &Shutdown) {
        let allowed = self.drain_timeout();
        tokio::select! {
            () = all_ended(&mut jobs) => return,
            () = sleep(allowed) => {}
            () = shutdown.abort.cancelled() => {}
        }
        self.cut.cancel();
        if timeout(HAND_BACK_TIMEOUT, all_ended(&mut jobs)).await.is_err() {
            tracing::error!(running = jobs.len(), "jobs left to the next worker");
            jobs.shutdown().await;
        }
    }
}

fn wished_drain(context: &WorkerContext) -> Duration {
    Duration::from_secs(context.settings.drain_timeout_s)
}

fn warn_of_a_short_drain(context: &WorkerContext, task: &Task) {
    let wished = wished_drain(context);
    let (wished_s, allowed_s) = (wished.as_secs(), task.drain_timeout(wished).as_secs());
    if allowed_s < wished_s {
        tracing::warn!(wished_s, allowed_s, "drain timeout cut: Fargate kills a task after 120 s");
    }
}

async fn all_ended(jobs: &mut JoinSet<()>) {
    while let Some(ended) = jobs.join_next().await {
        note_panic(ended);
    }
}

/// A panic outside of the transcoder is a fault of this crate; the lease and
/// the message run out, and the video is tried again.
fn note_panic(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "job panicked");
    }
}
