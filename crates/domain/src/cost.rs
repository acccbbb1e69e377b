//! What making clips costs on machines that are paid by the second.

use std::time::Duration;

const SECONDS_PER_HOUR: f64 = 3600.0;

/// What an hour costs, in US dollars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HourlyPrices {
    pub vcpu: f64,
    /// Of one GB of memory.
    pub memory_gb: f64,
}

/// What a task is made of, busy or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TaskSize {
    pub vcpus: f64,
    pub memory_gb: f64,
}

impl TaskSize {
    /// Dollars for a second of such a task.
    #[must_use]
    pub fn per_second(self, prices: HourlyPrices) -> f64 {
        (self.vcpus * prices.vcpu + self.memory_gb * prices.memory_gb) / SECONDS_PER_HOUR
    }

    /// Dollars for a thousand clips, each of which keeps a task busy for
    /// `busy`: `1000·T·(vCPU·p + GB·q)/3600`.
    #[must_use]
    pub fn per_thousand_clips(self, prices: HourlyPrices, busy: Duration) -> f64 {
        1000.0 * busy.as_secs_f64() * self.per_second(prices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fargate, Linux on x86, us-east-1.
    const FARGATE: HourlyPrices = HourlyPrices { vcpu: 0.04048, memory_gb: 0.004_445 };
    const TASK: TaskSize = TaskSize { vcpus: 2.0, memory_gb: 4.0 };

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn an_hour_of_a_task_costs_its_cores_and_its_memory() {
        assert!(close(TASK.per_second(FARGATE) * 3600.0, 2.0 * 0.04048 + 4.0 * 0.004_445));
    }

    #[test]
    fn a_thousand_clips_of_18_seconds_keep_a_task_busy_for_five_hours() {
        let cost = TASK.per_thousand_clips(FARGATE, Duration::from_secs(18));
        assert!(close(cost, 5.0 * 0.09874), "{cost}");
    }

    #[test]
    fn twice_the_task_for_half_the_time_costs_the_same() {
        let larger = TaskSize { vcpus: 4.0, memory_gb: 8.0 };
        let slow = TASK.per_thousand_clips(FARGATE, Duration::from_secs(20));
        let fast = larger.per_thousand_clips(FARGATE, Duration::from_secs(10));
        assert!(close(slow, fast), "{slow} {fast}");
    }

    #[test]
    fn no_time_costs_nothing() {
        assert!(close(TASK.per_thousand_clips(FARGATE, Duration::ZERO), 0.0));
    }
}
