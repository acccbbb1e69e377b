//! Looking at dead letters, sending them again, throwing them away.
//!
//! SQS lets nobody look at a message without receiving it. Whoever looks holds
//! a letter for a moment, and gives it back at once; if he dies, it comes back
//! by itself.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use async_trait::async_trait;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry, Message,
    MessageSystemAttributeName,
};
use tokio::time::Instant;

use super::{
    BATCH, SqsQueue, client,
    error::{Place, SqsError, unavailable},
    message, whole_seconds,
};
use crate::{DeadLetters, QueueError, message::DeadLetter};

/// For how long a letter is hidden while it is looked at or moved.
const HOLD: Duration = Duration::from_mins(1);

/// A receive without a wait may overlook letters.
const WAIT: Duration = Duration::from_secs(1);

/// How long to wait for letters that somebody else holds, and for figures that
/// lag behind.
const OTHERS_LOOK: Duration = Duration::from_secs(10);

impl SqsQueue {
    /// The queue of the dead letters, found when it is first needed.
    pub(super) async fn dead_place(&self) -> Result<&Place, QueueError> {
        self.dead.get_or_try_init(|| self.find_dead_letters()).await
    }

    async fn find_dead_letters(&self) -> Result<Place, QueueError> {
        let none = || SqsError::NoDeadLetters(self.living.url.clone());
        let policy = self.redrive_policy().await?.ok_or_else(none)?;
        let (account, name) = policy.account_and_name().ok_or_else(|| {
            SqsError::RedrivePolicy(format!("{} is no queue", policy.dead_letter_target_arn))
        })?;
        let answer = self
            .client
            .get_queue_url()
            .queue_name(name)
            .queue_owner_aws_account_id(account)
            .send()
            .await
            .map_err(|error| unavailable("GetQueueUrl", &Place::dead(name), &error))?;
        answer.queue_url.as_deref().map(Place::dead).ok_or_else(|| none().into())
    }

    /// Up to `max` letters, held for [`HOLD`].
    async fn take_letters(&self, dead: &Place, max: usize) -> Result<Vec<Message>, QueueError> {
        let Some(most) = message::at_most(max) else { return Ok(Vec::new()) };
        let answer = self
            .client
            .receive_message()
            .queue_url(&dead.url)
            .max_number_of_messages(most)
            .wait_time_seconds(whole_seconds(WAIT))
            .visibility_timeout(whole_seconds(HOLD))
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
            .message_attribute_names("All")
            .customize()
            .config_override(client::waiting_for(WAIT, &self.options))
            .send()
            .await
            .map_err(|error| unavailable("ReceiveMessage", dead, &error))?;
        Ok(answer.messages.unwrap_or_default())
    }

    /// Letters of which some are still to be dealt with; none when there are
    /// none but the `held` ones. A worker may be looking at some just now.
    async fn next_letters(&self, dead: &Place, held: usize) -> Result<Vec<Message>, QueueError> {
        let deadline = Instant::now() + OTHERS_LOOK;
        loop {
            let letters = self.take_letters(dead, BATCH).await?;
            if !letters.is_empty()
                || Instant::now() >= deadline
                || self.depth(dead).await?.total() <= held as u64
            {
                return Ok(letters);
            }
        }
    }

    /// Takes up to `max` letters into `letters`, by their ids.
    async fn collect_letters(
        &self,
        dead: &Place,
        max: usize,
        letters: &mut HashMap<String, Message>,
    ) -> Result<(), QueueError> {
        while letters.len() < max {
            let known = letters.len();
            let some = self.take_letters(dead, max - known).await?;
            letters.extend(some.into_iter().map(|letter| (id(&letter), letter)));
            // Also when all came a second time, their hold being over.
            if letters.len() == known {
                break;
            }
        }
        Ok(())
    }

    /// Makes letters visible again. Those of which SQS hears nothing become so
    /// by themselves.
    async fn give_back<'a>(&self, dead: &Place, letters: impl IntoIterator<Item = &'a Message>) {
        let letters: Vec<_> = letters.into_iter().collect();
        for some in letters.chunks(BATCH) {
            let entries = numbered(some, |id, receipt| {
                ChangeMessageVisibilityBatchRequestEntry::builder()
                    .id(id)
                    .receipt_handle(receipt)
                    .visibility_timeout(0)
                    .build()
                    .expect("id and receipt are all that must be there")
            });
            let request = self.client.change_message_visibility_batch().queue_url(&dead.url);
            if let Err(error) = request.set_entries(Some(entries)).send().await {
                let error = unavailable("ChangeMessageVisibilityBatch", dead, &error);
                tracing::debug!(%error, "dead letters stay hidden for a minute");
            }
        }
    }

    /// Adds what a letter says to the queue. Returns the id of the new message.
    async fn send_again(&self, letter: &Message) -> Result<String, QueueError> {
        let answer = self
            .client
            .send_message()
            .queue_url(&self.living.url)
            .message_body(letter.body().unwrap_or_default())
            .set_message_attributes(letter.message_attributes.clone())
            .send()
            .await
            .map_err(|error| unavailable("SendMessage", &self.living, &error))?;
        Ok(answer.message_id.unwrap_or_default())
    }

    /// Removes up to ten letters. Returns how many were removed.
    async fn remove(&self, dead: &Place, letters: &[&Message]) -> Result<u64, QueueError> {
        if letters.is_empty() {
            return Ok(0);
        }
        let entries = numbered(letters, |id, receipt| {
            DeleteMessageBatchRequestEntry::builder()
                .id(id)
                .receipt_handle(receipt)
                .build()
                .expect("id and receipt are all that must be there")
        });
        let request = self.client.delete_message_batch().queue_url(&dead.url);
        let answer = request
            .set_entries(Some(entries))
            .send()
            .await
            .map_err(|error| unavailable("DeleteMessageBatch", dead, &error))?;
        if let Some(refused) = answer.failed().first() {
            let said = format!("{}: {}", refused.code, refused.message().unwrap_or_default());
            return Err(SqsError::Failed { operation: "DeleteMessageBatch", said }.into());
        }
        Ok(answer.successful().len() as u64)
    }
}

fn id(letter: &Message) -> String {
    letter.message_id().unwrap_or_default().to_owned()
}

/// The entries of a batch, named by their place in it.
fn numbered<E>(letters: &[&Message], entry: impl Fn(String, &str) -> E) -> Vec<E> {
    let receipts = letters.iter().map(|letter| letter.receipt_handle().unwrap_or_default());
    receipts.enumerate().map(|(place, receipt)| entry(place.to_string(), receipt)).collect()
}

#[async_trait]
impl DeadLetters for SqsQueue {
    /// If there are more than `max`, SQS chooses which. A letter that somebody
    /// else looks at just now is not among them.
    async fn peek(&self, max: usize) -> Result<Vec<DeadLetter>, QueueError> {
        let dead = self.dead_place().await?;
        let mut letters = HashMap::new();
        let collected = self.collect_letters(dead, max, &mut letters).await;
        self.give_back(dead, letters.values()).await;
        collected?;
        let mut letters: Vec<_> = letters.into_values().map(message::dead_letter).collect();
        letters.sort_by(|a, b| (a.sent_at, &a.message_id).cmp(&(b.sent_at, &b.message_id)));
        Ok(letters)
    }

    /// A death between sending a letter again and removing it leaves both: the
    /// job is done once all the same. None is lost.
    async fn redrive(&self) -> Result<u64, QueueError> {
        let dead = self.dead_place().await?;
        let mut sent = HashSet::new();
        let mut back: HashMap<String, Message> = HashMap::new();
        loop {
            let letters = self.next_letters(dead, back.len()).await?;
            if letters.is_empty() {
                break;
            }
            // What was sent may have died again meanwhile: once is enough.
            let (again, new): (Vec<_>, Vec<_>) =
                letters.into_iter().partition(|letter| sent.contains(&id(letter)));
            back.extend(again.into_iter().map(|letter| (id(&letter), letter)));
            for letter in &new {
                sent.insert(self.send_again(letter).await?);
                self.remove(dead, &[letter]).await?;
            }
        }
        self.give_back(dead, back.values()).await;
        Ok(sent.len() as u64)
    }

    async fn purge(&self) -> Result<u64, QueueError> {
        let dead = self.dead_place().await?;
        let mut removed = 0;
        loop {
            let letters = self.next_letters(dead, 0).await?;
            if letters.is_empty() {
                return Ok(removed);
            }
            removed += self.remove(dead, &letters.iter().collect::<Vec<_>>()).await?;
        }
    }
}
