//! The services as they run on AWS.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Report;

/// Section `ecs`: which services the console's overview shows with their tasks.
/// It changes nothing else.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EcsSettings {
    /// Name of the ECS cluster. Default: none, and no services are shown.
    pub cluster: Option<String>,
    /// Name of the service that runs `anb-video web`. Default: none, and it is
    /// not shown.
    pub web_service: Option<String>,
    /// The same of `anb-video console`.
    pub console_service: Option<String>,
    /// The same of `anb-video worker`.
    pub worker_service: Option<String>,
}

impl EcsSettings {
    /// Where services are to be shown: the cluster, and their names in it. An
    /// empty name is none.
    #[must_use]
    pub fn shown(&self) -> Option<(&str, Vec<&str>)> {
        let cluster = named(self.cluster.as_ref())?;
        let services = self.services().into_iter().filter_map(named);
        Some((cluster, services.collect()))
    }

    fn services(&self) -> [Option<&String>; 3] {
        [&self.web_service, &self.console_service, &self.worker_service].map(Option::as_ref)
    }

    pub(crate) fn check(&self, report: &mut Report) {
        let has_cluster = named(self.cluster.as_ref()).is_some();
        let has_service = self.services().into_iter().any(|service| named(service).is_some());
        report.require(
            has_cluster == has_service,
            &["ecs.cluster", "ecs.web_service", "ecs.console_service", "ecs.worker_service"],
            "a cluster is shown with its services, and services are found in their cluster: set \
             both, or neither",
        );
    }
}

fn named(name: Option<&String>) -> Option<&str> {
    name.map(|name| name.trim()).filter(|name| !name.is_empty())
}
