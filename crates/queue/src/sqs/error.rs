//! What SQS refuses, in words that say what to mend.

use std::{error::Error, fmt::Debug};

use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use thiserror::Error;

use crate::QueueError;

/// A queue, and the setting that names it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub url: String,
    setting: &'static str,
}

impl Place {
    pub fn living(url: &str) -> Self {
        Self { url: url.to_owned(), setting: "queue.url (SQS_QUEUE_URL)" }
    }

    pub fn dead(url: &str) -> Self {
        Self { url: url.to_owned(), setting: "queue.dlq_url (SQS_DLQ_URL)" }
    }
}

/// Why a queue on SQS cannot be used.
#[derive(Debug, Error)]
pub(super) enum SqsError {
    #[error("there is no queue at {}; check {} and the region", .0.url, .0.setting)]
    NoQueue(Place),
    #[error(
        "{operation} on {url} is not allowed; allow sqs:{operation} in the role's policy: {said}"
    )]
    NotAllowed { operation: &'static str, url: String, said: String },
    #[error(
        "the queue at {0} has no redrive policy; give it one (maxReceiveCount 3), or set \
         queue.dlq_url (SQS_DLQ_URL)"
    )]
    NoDeadLetters(String),
    #[error("cannot read the queue's redrive policy: {0}")]
    RedrivePolicy(String),
    #[error("{operation}: {said}")]
    Failed { operation: &'static str, said: String },
}

impl From<SqsError> for QueueError {
    fn from(error: SqsError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

/// An operation on `place` that came to nothing.
pub(super) fn unavailable<E, R>(
    operation: &'static str,
    place: &Place,
    error: &SdkError<E, R>,
) -> QueueError
where
    E: ProvideErrorMetadata + Error + 'static,
    R: Debug,
{
    let said = match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        _ => chain(error),
    };
    match kind(error) {
        Some("NonExistentQueue" | "QueueDoesNotExist") => SqsError::NoQueue(place.clone()),
        Some("AccessDenied") => SqsError::NotAllowed { operation, url: place.url.clone(), said },
        _ => SqsError::Failed { operation, said },
    }
    .into()
}

/// Whether the receipt does not stand for the message any more, or never did.
///
/// SQS says `ReceiptHandleIsInvalid` of what is no receipt, `MessageNotInflight`
/// when the message is visible, and `InvalidParameterValue` (with a message that
/// names `ReceiptHandle`) of one that has expired or whose message is gone
/// ([aws-sdk-java#1628](https://github.com/aws/aws-sdk-java/issues/1628)).
pub(super) fn is_stale(error: &impl ProvideErrorMetadata) -> bool {
    match kind(error) {
        Some("ReceiptHandleIsInvalid" | "MessageNotInflight") => true,
        Some("InvalidParameterValue") => {
            error.message().is_some_and(|message| message.contains("parameter ReceiptHandle"))
        }
        _ => false,
    }
}

/// The error's code, without the prefix of the older protocol and without the
/// suffix of the newer one.
fn kind(error: &impl ProvideErrorMetadata) -> Option<&str> {
    let code = error.code()?.rsplit('.').next()?;
    Some(code.strip_suffix("Exception").unwrap_or(code))
}

/// An error with everything that caused it; the SDK's own says but
/// "dispatch failure".
fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.fold(error.to_string(), |said, cause| format!("{said}: {cause}"))
}

#[cfg(test)]
mod tests {
    use aws_sdk_sqs::error::ErrorMetadata;

    use super::*;

    fn refusal(code: &str, message: &str) -> ErrorMetadata {
        ErrorMetadata::builder().code(code).message(message).build()
    }

    #[test]
    fn what_sqs_says_of_receipts_means_that_they_are_stale() {
        let expired = "Value AQEB for parameter ReceiptHandle is invalid. Reason: The receipt \
                       handle has expired.";
        for stale in [
            refusal("ReceiptHandleIsInvalid", "The input receipt handle is invalid."),
            refusal("AWS.SimpleQueueService.MessageNotInflight", ""),
            refusal("MessageNotInflight", ""),
            refusal("InvalidParameterValue", expired),
            refusal("InvalidParameterValueException", expired),
        ] {
            assert!(is_stale(&stale), "{stale:?}");
        }
    }

    #[test]
    fn other_refusals_say_nothing_of_the_receipt() {
        let too_long = "Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total \
                        VisibilityTimeout for the message is beyond the limit [43200 seconds]";
        for other in [
            refusal("InvalidParameterValue", too_long),
            refusal("RequestThrottled", "ReceiptHandle"),
            refusal("AccessDenied", "parameter ReceiptHandle"),
            ErrorMetadata::builder().build(),
        ] {
            assert!(!is_stale(&other), "{other:?}");
        }
    }

    #[test]
    fn a_refusal_says_which_setting_or_policy_to_mend() {
        let url = "https://sqs.us-east-1.amazonaws.com/123456789012/anb";
        let said = |place: &Place, code: &str| {
            let error: SdkError<_, ()> = SdkError::service_error(Refused(refusal(code, "no")), ());
            unavailable("SendMessage", place, &error).to_string()
        };
        let missing = "AWS.SimpleQueueService.NonExistentQueue";
        assert!(said(&Place::living(url), missing).contains("check queue.url (SQS_QUEUE_URL)"));
        assert!(said(&Place::dead(url), missing).contains("check queue.dlq_url (SQS_DLQ_URL)"));
        let denied = said(&Place::living(url), "AccessDeniedException");
        assert!(denied.contains("allow sqs:SendMessage"), "{denied}");
        assert!(said(&Place::living(url), "InternalError").ends_with("InternalError: no"));
    }

    #[derive(Debug, Error)]
    #[error("refused")]
    struct Refused(ErrorMetadata);

    impl ProvideErrorMetadata for Refused {
        fn meta(&self) -> &ErrorMetadata {
            &self.0
        }
    }
}
