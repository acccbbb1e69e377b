//! What this task may use
//! ([task metadata, version 4](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html)).

use std::time::Duration;

use serde::Deserialize;

use crate::host::Host;

/// The longest drain after which a Fargate task, which is killed 120 s after
/// SIGTERM at the latest, can still hand back what is left and say goodbye to
/// the database.
const LONGEST_DRAIN_ON_FARGATE: Duration = Duration::from_secs(100);

/// The task that a worker runs in.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Task {
    /// `None`: no task.
    id: Option<String>,
    /// Its share of the CPU, in cores. `None`: no limit, or no task.
    vcpus: Option<f64>,
    on_fargate: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    #[serde(rename = "TaskARN")]
    arn: Option<String>,
    launch_type: Option<String>,
    limits: Option<Limits>,
}

#[derive(Deserialize)]
struct Limits {
    #[serde(rename = "CPU")]
    cpu: Option<f64>,
}

impl Task {
    /// The task of this process; outside of ECS one without limits.
    pub(crate) async fn of(host: &Host) -> Self {
        let Some(endpoint) = &host.ecs_metadata else { return Self::default() };
        match describe(endpoint).await {
            Ok(description) => description.into(),
            Err(error) => {
                tracing::warn!(%error, "task metadata not readable, going by the machine's cores");
                Self::default()
            }
        }
    }

    /// As ECS's own console shows it.
    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Whole cores to work with: those of the system or, on Fargate, where a
    /// container sees more than its task has, those of the task. Rounded down,
    /// since a thread too many is only throttled, and never none.
    pub(crate) fn cores(&self, of_system: usize) -> usize {
        let of_task = self.vcpus.map_or(of_system, whole);
        of_system.min(of_task).max(1)
    }

    /// How long running jobs may go on after SIGTERM, if `wished` is allowed.
    pub(crate) fn drain_timeout(&self, wished: Duration) -> Duration {
        if self.on_fargate { wished.min(LONGEST_DRAIN_ON_FARGATE) } else { wished }
    }
}

async fn describe(endpoint: &str) -> reqwest::Result<Description> {
    let answer = super::client()?.get(format!("{endpoint}/task")).send().await?;
    answer.error_for_status()?.json().await
}

impl From<Description> for Task {
    fn from(description: Description) -> Self {
        // `arn:aws:ecs:region:account:task/cluster/id`
        let id = description.arn.as_deref().and_then(|arn| arn.rsplit('/').next());
        Self {
            id: id.map(str::to_owned),
            vcpus: description.limits.and_then(|limits| limits.cpu).filter(|cpu| *cpu > 0.0),
            on_fargate: description.launch_type.as_deref() == Some("FARGATE"),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounding down is the point; a share is positive, and the cast saturates"
)]
fn whole(vcpus: f64) -> usize {
    vcpus as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Fargate answers, without what is of no use here.
    const ON_FARGATE: &str = r#"{
        "Cluster": "anb-video-cluster",
        "TaskARN": "arn:aws:ecs:us-east-1:123456789012:task/anb-video-cluster/0f9d61a3",
        "Family": "anb-video-worker",
        "Limits": { "CPU": 2, "Memory": 4096 },
        "LaunchType": "FARGATE",
        "Containers": []
    }"#;

    fn task(json: &str) -> Task {
        serde_json::from_str::<Description>(json).unwrap().into()
    }

    #[test]
    fn a_task_says_what_it_may_use() {
        let id = Some("0f9d61a3".to_owned());
        assert_eq!(task(ON_FARGATE), Task { id, vcpus: Some(2.0), on_fargate: true });
        let unlimited = r#"{ "LaunchType": "EC2" }"#;
        assert_eq!(task(unlimited), Task { id: None, vcpus: None, on_fargate: false });
    }

    #[test]
    fn cores_are_those_of_the_task_rounded_down_and_never_none() {
        let cores = |vcpus, of_system| Task { id: None, vcpus, on_fargate: true }.cores(of_system);
        assert_eq!(cores(Some(2.0), 16), 2);
        assert_eq!(cores(Some(1.75), 2), 1);
        assert_eq!(cores(Some(0.25), 2), 1);
        assert_eq!(cores(Some(8.0), 4), 4, "a quota of the container itself is smaller");
        assert_eq!(cores(None, 4), 4);
        assert_eq!(cores(None, 0), 1);
    }

    #[test]
    fn only_fargate_cuts_the_drain_short() {
        let hour = Duration::from_hours(1);
        assert_eq!(task(ON_FARGATE).drain_timeout(hour), LONGEST_DRAIN_ON_FARGATE);
        assert_eq!(task(ON_FARGATE).drain_timeout(Duration::ZERO), Duration::ZERO);
        assert_eq!(Task::default().drain_timeout(hour), hour);
    }
}
