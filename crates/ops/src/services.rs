//! The services as whoever runs them sees them: on AWS that is ECS.

use std::error::Error;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// A service, and how many tasks it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceTasks {
    pub name: String,
    pub desired: u32,
    pub running: u32,
    /// Starting.
    pub pending: u32,
}

/// A service was given more tasks, or fewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScalingActivity {
    pub service: String,
    pub began: DateTime<Utc>,
    pub state: ScalingState,
    /// In the words of whoever scales.
    pub description: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalingState {
    UnderWay,
    Done,
    Failed,
}

/// What is known of the services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicesNow {
    pub services: Vec<ServiceTasks>,
    /// The last ones, newest first; `None` where nobody told.
    pub activities: Option<Vec<ScalingActivity>>,
}

/// Whoever runs the services did not tell.
pub type ServicesError = Box<dyn Error + Send + Sync>;

/// Tells of the services.
#[async_trait]
pub trait Services: Send + Sync {
    async fn look(&self) -> Result<ServicesNow, ServicesError>;
}
