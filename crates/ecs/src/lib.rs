//! The services that run on Amazon ECS, and how they are scaled.

mod client;

use std::time::Duration;

use anb_ops::{ScalingActivity, ScalingState, ServiceTasks, Services, ServicesError, ServicesNow};
use async_trait::async_trait;
use aws_sdk_applicationautoscaling::{
    Client as Scaling,
    types::{
        ScalingActivity as AwsActivity, ScalingActivityStatusCode as Status,
        ServiceNamespace::Ecs as OfEcs,
    },
};
use aws_sdk_ecs::{Client, error::DisplayErrorContext, types::Service};
use aws_types::SdkConfig;
use chrono::DateTime;
use futures::future::try_join_all;
use thiserror::Error;

/// How many activities are shown, of all services together.
const ACTIVITIES: usize = 10;

/// Which services are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcsOptions {
    pub cluster: String,
    /// By name; at most ten
    /// ([DescribeServices](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html)).
    pub services: Vec<String>,
    /// How long AWS may take to answer, whatever it is asked.
    pub answer_within: Duration,
}

/// Services on ECS.
pub struct Ecs {
    services: Client,
    scaling: Scaling,
    options: EcsOptions,
}

#[derive(Debug, Error)]
enum EcsError {
    #[error("{operation}: {cause}")]
    Refused { operation: &'static str, cause: String },
    #[error("the cluster {cluster} has no services {missing}")]
    Missing { cluster: String, missing: String },
}

impl Ecs {
    /// Reached with the credentials, region and endpoint of `sdk`. Nothing is
    /// asked yet.
    #[must_use]
    pub fn new(sdk: &SdkConfig, options: EcsOptions) -> Self {
        Self {
            services: client::services(sdk, options.answer_within),
            scaling: client::scaling(sdk, options.answer_within),
            options,
        }
    }

    async fn tasks(&self) -> Result<Vec<ServiceTasks>, EcsError> {
        let EcsOptions { cluster, services, .. } = &self.options;
        let request = self.services.describe_services().cluster(cluster);
        let answer = request.set_services(Some(services.clone())).send().await;
        let answer = answer.map_err(|error| refused("DescribeServices", error))?;
        let known: Vec<_> = answer.services().iter().map(tasks_of).collect();
        let missing: Vec<_> = services
            .iter()
            .filter(|name| !known.iter().any(|service| service.name == **name))
            .map(String::as_str)
            .collect();
        if missing.is_empty() {
            return Ok(known);
        }
        Err(EcsError::Missing { cluster: cluster.clone(), missing: missing.join(", ") })
    }

    async fn activities(&self) -> Result<Vec<ScalingActivity>, EcsError> {
        let each = self.options.services.iter().map(|service| self.activities_of(service));
        let mut activities = try_join_all(each).await?.concat();
        activities.sort_by_key(|activity| std::cmp::Reverse(activity.began));
        activities.truncate(ACTIVITIES);
        Ok(activities)
    }

    /// AWS tells the newest first.
    async fn activities_of(&self, service: &str) -> Result<Vec<ScalingActivity>, EcsError> {
        let answer = self
            .scaling
            .describe_scaling_activities()
            .service_namespace(OfEcs)
            .resource_id(format!("service/{}/{service}", self.options.cluster))
            .max_results(10)
            .send()
            .await
            .map_err(|error| refused("DescribeScalingActivities", error))?;
        Ok(answer
            .scaling_activities()
            .iter()
            .map(|activity| of_service(service, activity))
            .collect())
    }
}

#[async_trait]
impl Services for Ecs {
    /// Activities are left out when only they are not to be had.
    async fn look(&self) -> Result<ServicesNow, ServicesError> {
        let (services, activities) = tokio::join!(self.tasks(), self.activities());
        let activities = activities.inspect_err(|error| {
            tracing::warn!(%error, "scaling activities not available");
        });
        Ok(ServicesNow { services: services?, activities: activities.ok() })
    }
}

fn refused(operation: &'static str, error: impl std::error::Error) -> EcsError {
    EcsError::Refused { operation, cause: DisplayErrorContext(error).to_string() }
}

fn tasks_of(service: &Service) -> ServiceTasks {
    let number = |count: i32| u32::try_from(count).unwrap_or(0);
    ServiceTasks {
        name: service.service_name().unwrap_or_default().to_owned(),
        desired: number(service.desired_count()),
        running: number(service.running_count()),
        pending: number(service.pending_count()),
    }
}

fn of_service(service: &str, activity: &AwsActivity) -> ScalingActivity {
    let began = activity.start_time();
    ScalingActivity {
        service: service.to_owned(),
        began: DateTime::from_timestamp(began.secs(), began.subsec_nanos()).unwrap_or_default(),
        state: match activity.status_code() {
            Status::Successful => ScalingState::Done,
            Status::Failed | Status::Overridden | Status::Unfulfilled => ScalingState::Failed,
            _ => ScalingState::UnderWay,
        },
        description: activity.description().to_owned(),
    }
}
