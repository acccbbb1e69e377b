//! What the worker's machine costs.

use anb_domain::{HourlyPrices, TaskSize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Report;

/// Section `cost`: what `anb-video admin video show` and the console's overview
/// reckon with. It changes nothing else.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CostSettings {
    /// US dollars for an hour of one vCPU. Default 0.04048: Fargate, Linux on
    /// x86, us-east-1 (<https://aws.amazon.com/fargate/pricing/>).
    #[serde(deserialize_with = "crate::number::exact")]
    pub vcpu_hour_usd: f64,
    /// US dollars for an hour of one GB of memory. Default 0.004445, from the
    /// same list.
    #[serde(deserialize_with = "crate::number::exact")]
    pub gb_hour_usd: f64,
    /// vCPUs of a worker's task, as its task definition says. Default 2.
    #[serde(deserialize_with = "crate::number::exact")]
    pub task_vcpus: f64,
    /// Memory of a worker's task in GB, as its task definition says. Default 4.
    #[serde(deserialize_with = "crate::number::exact")]
    pub task_memory_gb: f64,
}

impl Default for CostSettings {
    fn default() -> Self {
        Self {
            vcpu_hour_usd: 0.04048,
            gb_hour_usd: 0.004_445,
            task_vcpus: 2.0,
            task_memory_gb: 4.0,
        }
    }
}

impl CostSettings {
    #[must_use]
    pub fn prices(&self) -> HourlyPrices {
        HourlyPrices { vcpu: self.vcpu_hour_usd, memory_gb: self.gb_hour_usd }
    }

    #[must_use]
    pub fn task(&self) -> TaskSize {
        TaskSize { vcpus: self.task_vcpus, memory_gb: self.task_memory_gb }
    }

    pub(crate) fn check(&self, report: &mut Report) {
        report.within("cost.vcpu_hour_usd", self.vcpu_hour_usd, 0.0, 1000.0);
        report.within("cost.gb_hour_usd", self.gb_hour_usd, 0.0, 1000.0);
        report.within("cost.task_vcpus", self.task_vcpus, 0.0, 1024.0);
        report.within("cost.task_memory_gb", self.task_memory_gb, 0.0, 65_536.0);
    }
}
