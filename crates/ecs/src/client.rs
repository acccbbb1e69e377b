//! How AWS is asked: how long, how often.

use std::time::Duration;

use aws_sdk_applicationautoscaling::config::Builder as ScalingBuilder;
use aws_sdk_ecs::config::{Builder, retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::SdkConfig;

/// Tries of one operation: whoever looks at a page looks again soon.
const ATTEMPTS: u32 = 2;

pub(crate) fn services(sdk: &SdkConfig, answer_within: Duration) -> aws_sdk_ecs::Client {
    let config = Builder::from(sdk).retry_config(retries()).timeout_config(timeouts(answer_within));
    aws_sdk_ecs::Client::from_conf(config.build())
}

pub(crate) fn scaling(
    sdk: &SdkConfig,
    answer_within: Duration,
) -> aws_sdk_applicationautoscaling::Client {
    let config =
        ScalingBuilder::from(sdk).retry_config(retries()).timeout_config(timeouts(answer_within));
    aws_sdk_applicationautoscaling::Client::from_conf(config.build())
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(ATTEMPTS)
}

fn timeouts(answer_within: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_attempt_timeout(answer_within / 2)
        .operation_timeout(answer_within)
        .build()
}
