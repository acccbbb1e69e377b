//! From what SQS hands out to what the worker takes, and back.

use std::collections::HashMap;

use aws_sdk_sqs::types::{Message, MessageAttributeValue, MessageSystemAttributeName};
use chrono::{DateTime, Utc};

use super::BATCH;
use crate::message::{DeadLetter, Delivery, Receipt};

/// The attribute with the trace context.
pub(super) const TRACEPARENT: &str = "traceparent";

/// The attributes of a message that is sent.
pub(super) fn attributes(traceparent: &str) -> HashMap<String, MessageAttributeValue> {
    let value = MessageAttributeValue::builder().data_type("String").string_value(traceparent);
    let value = value.build().expect("the type is all that must be there");
    HashMap::from([(TRACEPARENT.to_owned(), value)])
}

/// How many messages to ask for; `None` if none are wanted.
pub(super) fn at_most(max: usize) -> Option<i32> {
    i32::try_from(max.min(BATCH)).ok().filter(|most| *most > 0)
}

pub(super) fn delivery(message: Message) -> Delivery {
    Delivery {
        traceparent: traceparent(&message),
        receive_count: number(&message, &MessageSystemAttributeName::ApproximateReceiveCount),
        sent_at: sent_at(&message),
        message_id: message.message_id.unwrap_or_default(),
        receipt: Receipt(message.receipt_handle.unwrap_or_default()),
        body: message.body.unwrap_or_default(),
    }
}

pub(super) fn dead_letter(message: Message) -> DeadLetter {
    DeadLetter {
        sent_at: sent_at(&message),
        message_id: message.message_id.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
    }
}

fn traceparent(message: &Message) -> Option<String> {
    Some(message.message_attributes()?.get(TRACEPARENT)?.string_value()?.to_owned())
}

/// When it was sent. That stays when it becomes a dead letter.
fn sent_at(message: &Message) -> DateTime<Utc> {
    let sent_ms = number(message, &MessageSystemAttributeName::SentTimestamp);
    DateTime::from_timestamp_millis(sent_ms).unwrap_or_default()
}

fn number<N: std::str::FromStr + Default>(
    message: &Message,
    name: &MessageSystemAttributeName,
) -> N {
    let text = message.attributes().and_then(|attributes| attributes.get(name));
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_how_often_and_since_when() {
        let message = Message::builder()
            .message_id("id")
            .receipt_handle("receipt")
            .body("{}")
            .attributes(MessageSystemAttributeName::ApproximateReceiveCount, "2")
            .attributes(MessageSystemAttributeName::SentTimestamp, "1777636800500")
            .set_message_attributes(Some(attributes("00-1-2-01")));

        let taken = delivery(message.build());

        assert_eq!(taken.receive_count, 2);
        assert_eq!(taken.sent_at.to_rfc3339(), "2026-05-01T12:00:00.500+00:00");
        assert_eq!(taken.traceparent.as_deref(), Some("00-1-2-01"));
        assert_eq!(taken.receipt, Receipt("receipt".into()));
    }

    #[test]
    fn a_request_asks_for_one_to_ten_messages() {
        assert_eq!([0, 1, 10, 11].map(at_most), [None, Some(1), Some(10), Some(10)]);
    }
}
