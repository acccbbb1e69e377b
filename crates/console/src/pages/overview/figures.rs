//! What the overview is made from.

use std::{sync::Arc, time::Duration};

use anb_domain::{VideoStatus, Visibility};
use anb_ops::{OperationError, Operations, QueueStatus, ServicesNow};
use anb_store::{FailureCount, Flow, Sample, StoreError, Waits, Window, Worker};
use chrono::{DateTime, Utc};

use super::span::Span;
use crate::{fresh::Fresh, state::AppState};

/// How long AWS is not asked again about the services.
const SERVICES_REFRESH: Duration = Duration::from_secs(30);

/// How videos, queue and workers are doing now.
pub struct Now {
    pub at: DateTime<Utc>,
    /// How many videos there are in each state.
    pub videos: Vec<(VideoStatus, u64)>,
    /// `None`: it does not answer.
    pub queue: Option<QueueStatus>,
    pub workers: Vec<Worker>,
    /// Results that wait for somebody's approval.
    pub awaiting: u64,
    /// Videos of which reports are open.
    pub reported: u64,
    /// When any worker was last heard of.
    pub last_worker: Option<DateTime<Utc>>,
}

/// What happened in a span.
pub struct History {
    pub span: Span,
    pub window: Window,
    pub flow: Vec<Flow>,
    pub waits: Vec<Waits>,
    pub samples: Vec<Option<Sample>>,
    pub failures: Vec<FailureCount>,
    pub before: Before,
}

/// The span before, in short.
pub struct Before {
    pub flow: Flow,
    pub waits: Waits,
    /// What was so when this span began.
    pub sample: Option<Sample>,
}

/// The services on ECS, where they run there.
pub type ServicesSeen = Option<ServicesNow>;

/// The figures that all pages of this process share.
#[derive(Default)]
pub struct Shared {
    now: Fresh<Now>,
    history: [Fresh<History>; Span::ALL.len()],
    services: Fresh<ServicesSeen>,
}

impl Now {
    #[must_use]
    pub fn videos_in(&self, state: VideoStatus) -> u64 {
        self.videos.iter().find(|(known, _)| *known == state).map_or(0, |(_, videos)| *videos)
    }

    async fn of(operations: &Operations) -> Result<Self, StoreError> {
        let store = &operations.store;
        Ok(Self {
            at: operations.clock.now(),
            videos: store.count_by_status().await?,
            queue: queue_status(operations).await?,
            workers: store.workers().await?,
            awaiting: store.seen_total(Visibility::Awaiting).await?,
            reported: store.reported_total().await?,
            last_worker: store.last_sign_of_a_worker().await?,
        })
    }
}

impl History {
    /// All steps together.
    #[must_use]
    pub fn total(&self) -> Flow {
        total(&self.flow)
    }

    async fn of(operations: &Operations, span: Span) -> Result<Self, StoreError> {
        let (store, now) = (&operations.store, operations.clock.now());
        let (window, before) = (span.window(now), span.before(now));
        Ok(Self {
            span,
            window,
            flow: store.flow(&window).await?,
            waits: store.waits(&window).await?,
            samples: store.samples(&window).await?,
            failures: store.failures(&window).await?,
            before: Before {
                flow: total(&store.flow(&before).await?),
                waits: Waits::together(&store.waits(&before).await?),
                sample: store.sample_at(now - span.length()).await?,
            },
        })
    }
}

fn total(flow: &[Flow]) -> Flow {
    let mut total = Flow::default();
    for step in flow {
        total += *step;
    }
    total
}

/// The page is of use without the queue too.
async fn queue_status(operations: &Operations) -> Result<Option<QueueStatus>, StoreError> {
    match operations.queue_status().await {
        Ok(status) => Ok(Some(status)),
        Err(OperationError::Queue(error)) => {
            tracing::warn!(%error, "the queue tells no figures");
            Ok(None)
        }
        Err(OperationError::Store(error)) => Err(error),
    }
}

/// How things are, no longer than `max_age` ago.
pub async fn now(app: &AppState, max_age: Duration) -> Result<Arc<Now>, StoreError> {
    let operations = &app.operations;
    let make = async || Now::of(operations).await;
    app.overview.now.get(operations.clock.now(), max_age, make).await
}

pub async fn history(app: &AppState, span: Span) -> Result<Arc<History>, StoreError> {
    let operations = &app.operations;
    let make = async || History::of(operations, span).await;
    let kept = &app.overview.history[span as usize];
    kept.get(operations.clock.now(), span.refresh(), make).await
}

/// `None` where services do not run on ECS; within it `None` when AWS does not
/// tell, which is remembered as well: the page must not wait for it each time.
pub async fn services(app: &AppState) -> Option<Arc<ServicesSeen>> {
    let services = app.services.as_ref()?;
    let make = async || {
        let told = services.look().await;
        let told = told.inspect_err(|error| tracing::warn!(%error, "services not available"));
        Ok::<_, std::convert::Infallible>(told.ok())
    };
    let now = app.operations.clock.now();
    match app.overview.services.get(now, SERVICES_REFRESH, make).await {
        Ok(seen) => Some(seen),
        Err(never) => match never {},
    }
}
