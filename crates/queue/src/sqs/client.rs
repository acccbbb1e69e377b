//! How SQS is asked: where, how long, how often.

use std::time::Duration;

use aws_sdk_sqs::{
    Client,
    config::{
        Builder, Region, StalledStreamProtectionConfig, retry::RetryConfig, timeout::TimeoutConfig,
    },
};
use aws_types::SdkConfig;

use super::SqsOptions;

/// Tries of one operation.
const ATTEMPTS: u32 = 3;

/// The longest first pause between two tries; the second is up to twice as
/// long. Both are random, so that processes do not knock in step. That bridges
/// a hiccup; for outages the callers have pauses of their own.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// A client for the queue of `options`.
pub(super) fn client(sdk: &SdkConfig, options: &SqsOptions) -> Client {
    let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS);
    let mut config = Builder::from(sdk)
        .retry_config(retries.with_initial_backoff(FIRST_PAUSE))
        .timeout_config(timeouts(options.answer_within))
        // It is meant for large bodies, and has cut long polls short
        // (https://github.com/awslabs/aws-sdk-rust/issues/1148). Here the
        // timeouts bound whatever stalls.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Some(region) = region_of(&options.queue_url) {
        config = config.region(Region::new(region.to_owned()));
    }
    Client::from_conf(config.build())
}

/// What a receive that waits changes about the client.
pub(super) fn waiting_for(wait: Duration, options: &SqsOptions) -> Builder {
    Builder::new().timeout_config(timeouts(wait + options.answer_within))
}

/// With room for a second attempt after one that got no answer. Quick
/// refusals leave enough for a third.
fn timeouts(attempt: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_attempt_timeout(attempt)
        .operation_timeout(attempt * 2)
        .build()
}

/// The region that a queue's address names
/// ([endpoints](https://docs.aws.amazon.com/general/latest/gr/sqs-service.html)).
fn region_of(queue_url: &str) -> Option<&str> {
    let host = queue_url.split_once("://")?.1.split(['/', ':']).next()?;
    let of_aws = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"];
    if !of_aws.iter().any(|suffix| host.ends_with(suffix)) {
        return None;
    }
    let mut labels = host.split('.');
    labels.find(|label| matches!(*label, "sqs" | "sqs-fips"))?;
    labels.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_aws_names_its_region() {
        for (url, region) in [
            ("https://sqs.us-east-1.amazonaws.com/123456789012/anb", Some("us-east-1")),
            ("https://sqs-fips.us-west-2.amazonaws.com/123456789012/anb", Some("us-west-2")),
            ("https://sqs.cn-north-1.amazonaws.com.cn/123456789012/anb", Some("cn-north-1")),
            ("https://sqs.sa-east-1.api.aws/123456789012/anb", Some("sa-east-1")),
            ("http://127.0.0.1:5000/123456789012/anb", None),
            ("http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/anb", None),
            ("anb", None),
        ] {
            assert_eq!(region_of(url), region, "{url}");
        }
    }

    #[test]
    fn an_answer_may_take_longer_than_the_wait() {
        let options = SqsOptions::new("http://127.0.0.1:5000/123456789012/anb");
        let config = waiting_for(Duration::from_secs(20), &options).build();
        let timeouts = config.timeout_config().unwrap();
        assert_eq!(timeouts.operation_attempt_timeout(), Some(Duration::from_secs(25)));
        assert_eq!(timeouts.operation_timeout(), Some(Duration::from_secs(50)));
    }
}
