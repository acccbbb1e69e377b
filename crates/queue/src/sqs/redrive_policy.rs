//! Where SQS moves what was received too often.

use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use crate::QueueError;

use super::error::SqsError;

/// The `RedrivePolicy` of a queue
/// ([SetQueueAttributes](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html)).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RedrivePolicy {
    /// The Amazon Resource Name of the queue of the dead letters.
    pub dead_letter_target_arn: String,
    /// Receives after which a message is moved there.
    #[serde(deserialize_with = "number_or_text")]
    pub max_receive_count: u32,
}

impl RedrivePolicy {
    /// Account and name of the queue of the dead letters:
    /// `arn:aws:sqs:<region>:<account>:<name>`.
    pub(super) fn account_and_name(&self) -> Option<(&str, &str)> {
        let mut parts = self.dead_letter_target_arn.splitn(6, ':').skip(4);
        Some((parts.next()?, parts.next()?))
    }
}

impl FromStr for RedrivePolicy {
    type Err = QueueError;

    fn from_str(text: &str) -> Result<Self, QueueError> {
        serde_json::from_str(text)
            .map_err(|error| SqsError::RedrivePolicy(error.to_string()).into())
    }
}

/// Whoever has set it with quotes gets it back with quotes.
fn number_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u32),
        Text(String),
    }
    match Either::deserialize(deserializer)? {
        Either::Number(number) => Ok(number),
        Either::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_tells_queue_and_count() {
        let arn = "arn:aws:sqs:us-east-1:123456789012:anb-video-processing-dlq";
        for count in ["3", "\"3\""] {
            let text = format!(r#"{{"deadLetterTargetArn":"{arn}","maxReceiveCount":{count}}}"#);
            let policy: RedrivePolicy = text.parse().unwrap();
            assert_eq!(policy.max_receive_count, 3);
            let place = policy.account_and_name();
            assert_eq!(place, Some(("123456789012", "anb-video-processing-dlq")));
        }
    }

    #[test]
    fn what_is_no_policy_is_said() {
        let error = "{}".parse::<RedrivePolicy>().unwrap_err().to_string();
        assert!(
            error.contains("redrive policy") && error.contains("deadLetterTargetArn"),
            "{error}"
        );
        let policy = RedrivePolicy { dead_letter_target_arn: "dlq".into(), max_receive_count: 3 };
        assert_eq!(policy.account_and_name(), None);
    }
}
