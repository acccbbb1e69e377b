//! The chain to SQS: a message there and back, and the queue of dead letters
//! behind it.

use std::time::Duration;

use anb_domain::VideoId;
use anb_queue::{Delivery, Job, JobQueue as _, MAX_RECEIVES, QueueStats, SqsQueue};
use anyhow::{Context as _, ensure};
use uuid::Uuid;

use super::{Ailment, Check};
use crate::{aws, platform::Platform};

/// A job of no video: a worker that gets it first removes it.
const NOBODY: VideoId = VideoId(Uuid::nil());

/// Messages taken before the probe is given up, and how long each look waits.
const LOOKS: usize = 5;
const WAIT: Duration = Duration::from_secs(2);

const ROUND_TRIP: &str = "allow the role sqs:SendMessage, sqs:ReceiveMessage, \
                          sqs:ChangeMessageVisibility, sqs:DeleteMessage and \
                          sqs:GetQueueAttributes on the queue and the dead-letter queue; check \
                          SQS_QUEUE_URL and AWS_REGION";
const REDRIVE: &str = "give the queue the redrive policy {\"deadLetterTargetArn\": the dead-letter \
                       queue's ARN, \"maxReceiveCount\": 3}; check SQS_DLQ_URL";

/// Both checks, against the queue that the settings name.
pub async fn checks(platform: &Platform) -> Vec<Check> {
    let queue = match aws::open_sqs(&platform.settings).await {
        Ok(queue) => queue,
        Err(error) => return vec![check("queue", Err(error), ROUND_TRIP)],
    };
    vec![
        check("queue", examine(&queue).await, ROUND_TRIP),
        check("queue: dead letters", redrive_policy(&queue).await, REDRIVE),
    ]
}

fn check(name: &str, outcome: anyhow::Result<String>, remedy: &str) -> Check {
    Check::new(name, outcome.map_err(|error| Ailment::new(format!("{error:#}"), remedy)))
}

/// A receive of a waiting job would cost it one of its three tries, so a busy
/// queue is only looked at.
async fn examine(queue: &SqsQueue) -> anyhow::Result<String> {
    let stats = queue.stats().await?;
    if stats.visible > 0 {
        return Ok(format!("{}; not tried while messages wait", told(&stats)));
    }
    round_trip(queue).await?;
    Ok(format!("{}; a message went round", told(&stats)))
}

fn told(stats: &QueueStats) -> String {
    let QueueStats { visible, in_flight, delayed, dead, .. } = stats;
    format!("{} waiting, {in_flight} in flight, {dead} dead letters", visible + delayed)
}

/// Send, receive, extend, delete.
async fn round_trip(queue: &SqsQueue) -> anyhow::Result<()> {
    let probe = Job::new(NOBODY);
    queue.send(&probe).await.context("cannot send")?;
    let taken = take(queue, &probe).await?;
    // A worker was faster, and has removed it.
    let Some(taken) = taken else { return Ok(()) };
    let minute = Duration::from_mins(1);
    queue.extend(&taken.receipt, minute).await.context("cannot extend the visibility")?;
    queue.delete(&taken.receipt).await.context("cannot delete")
}

async fn take(queue: &SqsQueue, probe: &Job) -> anyhow::Result<Option<Delivery>> {
    for _ in 0..LOOKS {
        for delivery in queue.receive(1, WAIT).await.context("cannot receive")? {
            if delivery.job().as_ref() == Ok(probe) {
                return Ok(Some(delivery));
            }
            // Somebody's job, sent a moment ago.
            queue.release(&delivery.receipt, Duration::ZERO).await.context("cannot give back")?;
        }
    }
    Ok(None)
}

async fn redrive_policy(queue: &SqsQueue) -> anyhow::Result<String> {
    let policy = queue.redrive_policy().await?.context("the queue has no redrive policy")?;
    ensure!(
        policy.max_receive_count == MAX_RECEIVES,
        "maxReceiveCount is {}, not {MAX_RECEIVES}",
        policy.max_receive_count
    );
    Ok(format!("after {MAX_RECEIVES} receives to {}", policy.dead_letter_target_arn))
}
