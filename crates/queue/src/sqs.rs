//! A standard queue of Amazon SQS, and the queue of its dead letters.
//!
//! What makes a message a dead letter is the queue's own redrive policy:
//! `maxReceiveCount` must be [`MAX_RECEIVES`](crate::MAX_RECEIVES).

mod client;
mod dead_letters;
mod error;
mod message;
mod put_off;
mod redrive_policy;

use std::{collections::HashMap, error::Error, fmt::Debug, time::Duration};

use async_trait::async_trait;
use aws_sdk_sqs::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    types::{MessageSystemAttributeName, QueueAttributeName},
};
use aws_types::SdkConfig;
use tokio::sync::OnceCell;

use crate::{
    JobQueue, MAX_WAIT, QueueError,
    job::Job,
    message::{Delivery, QueueStats, Receipt},
};

use error::{Place, is_stale, unavailable};
use put_off::PutOff;
pub use redrive_policy::RedrivePolicy;

/// Most messages of one request
/// ([quotas](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html)).
const BATCH: usize = 10;

/// Longest visibility timeout of a receive: twelve hours.
const MAX_VISIBILITY: Duration = Duration::from_hours(12);

/// Longest time for which a message that was received is hidden anew. SQS
/// refuses what would end later than twelve hours after the receive
/// ([ChangeMessageVisibility](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html));
/// this leaves an hour for the job.
const MAX_HIDDEN: Duration = Duration::from_hours(11);

/// Where a queue is, and how it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqsOptions {
    /// The queue's address, setting `queue.url`. If it names a region, that
    /// one is asked, whatever the configuration of the SDK says.
    pub queue_url: String,
    /// The address of the queue of its dead letters, setting `queue.dlq_url`.
    /// By default the queue's redrive policy tells.
    pub dlq_url: Option<String>,
    /// For how long a received message is hidden, whatever the queue's own
    /// setting. Default 120 s.
    pub visibility: Duration,
    /// How long SQS may take to answer, beyond what a receive waits. An
    /// operation is tried up to three times within twice that. Default 5 s.
    pub answer_within: Duration,
}

impl SqsOptions {
    /// The defaults for the queue at `queue_url`.
    #[must_use]
    pub fn new(queue_url: impl Into<String>) -> Self {
        Self {
            queue_url: queue_url.into(),
            dlq_url: None,
            visibility: Duration::from_mins(2),
            answer_within: Duration::from_secs(5),
        }
    }
}

/// A queue on SQS.
///
/// A receive whose future is dropped loses nothing: what SQS has handed out
/// becomes visible again after the visibility timeout, and that receive counts.
pub struct SqsQueue {
    client: Client,
    options: SqsOptions,
    living: Place,
    dead: OnceCell<Place>,
    put_off: PutOff,
}

/// How many messages a queue holds, as far as SQS knows.
struct Depth {
    visible: u64,
    /// On loan, or given back with a delay.
    hidden: u64,
    /// Sent with a delay.
    delayed: u64,
}

impl Depth {
    fn total(&self) -> u64 {
        self.visible + self.hidden + self.delayed
    }
}

impl SqsQueue {
    /// The queue of `options`, reached with the credentials, region and
    /// endpoint of `sdk`. Nothing is asked yet.
    #[must_use]
    pub fn new(sdk: &SdkConfig, options: SqsOptions) -> Self {
        Self {
            client: client::client(sdk, &options),
            living: Place::living(&options.queue_url),
            dead: OnceCell::new_with(options.dlq_url.as_deref().map(Place::dead)),
            put_off: PutOff::default(),
            options,
        }
    }

    /// Adds a message with any body, even one that is no job.
    pub async fn send_body(&self, body: &str, traceparent: Option<&str>) -> Result<(), QueueError> {
        self.client
            .send_message()
            .queue_url(&self.living.url)
            .message_body(body)
            .set_message_attributes(traceparent.map(message::attributes))
            .send()
            .await
            .map_err(|error| unavailable("SendMessage", &self.living, &error))?;
        Ok(())
    }

    /// Where the queue moves what was received too often, and when; `None`
    /// if it does not.
    pub async fn redrive_policy(&self) -> Result<Option<RedrivePolicy>, QueueError> {
        let wanted = [QueueAttributeName::RedrivePolicy];
        let attributes = self.attributes(&self.living, wanted).await?;
        attributes.get(&QueueAttributeName::RedrivePolicy).map(|text| text.parse()).transpose()
    }

    async fn hide(&self, receipt: &Receipt, hidden: Duration) -> Result<(), QueueError> {
        self.client
            .change_message_visibility()
            .queue_url(&self.living.url)
            .receipt_handle(&receipt.0)
            .visibility_timeout(whole_seconds(hidden.min(MAX_HIDDEN)))
            .send()
            .await
            .map_err(|error| self.refused("ChangeMessageVisibility", &error))?;
        Ok(())
    }

    /// Why nothing could be done to the message of a receipt.
    fn refused<E, R>(&self, operation: &'static str, error: &SdkError<E, R>) -> QueueError
    where
        E: ProvideErrorMetadata + Error + 'static,
        R: Debug,
    {
        if is_stale(error) {
            return QueueError::StaleReceipt;
        }
        unavailable(operation, &self.living, error)
    }

    async fn depth(&self, place: &Place) -> Result<Depth, QueueError> {
        use QueueAttributeName::{
            ApproximateNumberOfMessages as Visible, ApproximateNumberOfMessagesDelayed as Delayed,
            ApproximateNumberOfMessagesNotVisible as Hidden,
        };
        let attributes = self.attributes(place, [Visible, Hidden, Delayed]).await?;
        let number = |name| attributes.get(&name).and_then(|text| text.parse().ok()).unwrap_or(0);
        Ok(Depth { visible: number(Visible), hidden: number(Hidden), delayed: number(Delayed) })
    }

    async fn attributes(
        &self,
        place: &Place,
        wanted: impl IntoIterator<Item = QueueAttributeName>,
    ) -> Result<HashMap<QueueAttributeName, String>, QueueError> {
        let answer = self
            .client
            .get_queue_attributes()
            .queue_url(&place.url)
            .set_attribute_names(Some(wanted.into_iter().collect()))
            .send()
            .await
            .map_err(|error| unavailable("GetQueueAttributes", place, &error))?;
        Ok(answer.attributes.unwrap_or_default())
    }
}

/// Whole seconds, rounded up: a receive that does not wait at all asks only
/// some of SQS's servers, and may overlook what others hold.
fn whole_seconds(duration: Duration) -> i32 {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

#[async_trait]
impl JobQueue for SqsQueue {
    async fn send(&self, job: &Job) -> Result<(), QueueError> {
        self.send_body(&job.body(), job.traceparent.as_deref()).await
    }

    async fn receive(&self, max: usize, wait: Duration) -> Result<Vec<Delivery>, QueueError> {
        let Some(most) = message::at_most(max) else { return Ok(Vec::new()) };
        let wait = wait.min(MAX_WAIT);
        let answer = self
            .client
            .receive_message()
            .queue_url(&self.living.url)
            .max_number_of_messages(most)
            .wait_time_seconds(whole_seconds(wait))
            .visibility_timeout(whole_seconds(self.options.visibility.min(MAX_VISIBILITY)))
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
            .message_attribute_names(message::TRACEPARENT)
            .customize()
            .config_override(client::waiting_for(wait, &self.options))
            .send()
            .await
            .map_err(|error| unavailable("ReceiveMessage", &self.living, &error))?;
        Ok(answer.messages.unwrap_or_default().into_iter().map(message::delivery).collect())
    }

    async fn extend(&self, receipt: &Receipt, visibility: Duration) -> Result<(), QueueError> {
        self.hide(receipt, visibility).await
    }

    async fn release(&self, receipt: &Receipt, after: Duration) -> Result<(), QueueError> {
        self.hide(receipt, after).await?;
        self.put_off.note(after);
        Ok(())
    }

    async fn delete(&self, receipt: &Receipt) -> Result<(), QueueError> {
        self.client
            .delete_message()
            .queue_url(&self.living.url)
            .receipt_handle(&receipt.0)
            .send()
            .await
            .map_err(|error| self.refused("DeleteMessage", &error))?;
        Ok(())
    }

    async fn stats(&self) -> Result<QueueStats, QueueError> {
        let dead = async { self.depth(self.dead_place().await?).await };
        let (living, dead) = tokio::try_join!(self.depth(&self.living), dead)?;
        let put_off = self.put_off.count().min(living.hidden);
        Ok(QueueStats {
            visible: living.visible,
            in_flight: living.hidden - put_off,
            delayed: living.delayed + put_off,
            oldest_age: None,
            dead: dead.total(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_of_a_second_is_a_whole_one() {
        let seconds = [0, 1, 1000, 1001, 20_000].map(|ms| whole_seconds(Duration::from_millis(ms)));
        assert_eq!(seconds, [0, 1, 1, 2, 20]);
    }
}
