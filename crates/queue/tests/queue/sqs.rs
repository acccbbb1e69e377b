//! A queue on SQS does what every queue must do, and bears with a service that
//! does not answer. moto stands for AWS.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

mod aws;
mod dead_letters;
mod outages;
mod set_up;

use std::{collections::HashMap, time::Duration};

use anb_domain::VideoId;
use anb_queue::{Job, SqsOptions, SqsQueue, conformance::Harness};
use anb_testkit::Moto;
use async_trait::async_trait;
use aws_sdk_sqs::{Client, types::QueueAttributeName};
use uuid::Uuid;

use aws::Aws;

/// What is received and not deleted is visible again after this, in real time.
const VISIBILITY: Duration = Duration::from_secs(2);

/// A queue with its dead letters, and the service they lie in.
struct Sqs {
    queue: SqsQueue,
    options: SqsOptions,
    aws: Aws,
    /// Asks moto itself, behind the back of the queue under test.
    client: Client,
    dlq_url: String,
}

async fn sqs() -> Sqs {
    let aws = Aws::start().await;
    let client = Client::new(&aws::sdk_config(&Moto::shared().endpoint()));
    let dlq_url = create(&client, "dlq", HashMap::new()).await;
    let policy = redrive_policy(&arn(&client, &dlq_url).await, "3");
    let attributes = HashMap::from([(QueueAttributeName::RedrivePolicy, policy)]);
    let queue_url = create(&client, "jobs", attributes).await;
    let options = SqsOptions { visibility: VISIBILITY, ..SqsOptions::new(queue_url) };
    let queue = aws.queue(options.clone());
    Sqs { queue, options, aws, client, dlq_url }
}

/// Makes a queue of its own; returns its address.
async fn create(
    client: &Client,
    what: &str,
    attributes: HashMap<QueueAttributeName, String>,
) -> String {
    let request = client.create_queue().queue_name(Moto::fresh_name(what));
    let created = request.set_attributes(Some(attributes)).send().await.unwrap();
    created.queue_url.unwrap()
}

async fn arn(client: &Client, queue_url: &str) -> String {
    let request = client.get_queue_attributes().queue_url(queue_url);
    let answer = request.attribute_names(QueueAttributeName::QueueArn).send().await.unwrap();
    answer.attributes.unwrap()[&QueueAttributeName::QueueArn].clone()
}

fn redrive_policy(arn: &str, receives: &str) -> String {
    format!(r#"{{"deadLetterTargetArn":"{arn}","maxReceiveCount":{receives}}}"#)
}

fn job(number: u128) -> Job {
    Job::new(VideoId(Uuid::from_u128(number)))
}

#[async_trait]
impl Harness for Sqs {
    type Queue = SqsQueue;

    /// It is a metric (`ApproximateAgeOfOldestMessage`), and no attribute of the
    /// queue.
    const REPORTS_AGE: bool = false;

    fn queue(&self) -> &SqsQueue {
        &self.queue
    }

    fn visibility(&self) -> Duration {
        VISIBILITY
    }

    /// moto has all messages in one place, and overlooks none.
    fn patience(&self) -> Duration {
        Duration::ZERO
    }

    async fn send_raw(&self, body: &str) {
        self.queue.send_body(body, None).await.unwrap();
    }

    async fn let_pass(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

anb_queue::queue_conformance!(sqs().await);
