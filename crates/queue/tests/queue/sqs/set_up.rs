//! The queues are not as they should be, or differently.

use std::collections::HashMap;

use anb_queue::{DeadLetters as _, JobQueue as _, RedrivePolicy, SqsOptions};
use aws_sdk_sqs::types::QueueAttributeName;

use crate::sqs::{create, job, redrive_policy, sqs};

#[tokio::test]
async fn the_queue_itself_tells_where_its_dead_letters_go() {
    let sqs = sqs().await;
    let policy = sqs.queue.redrive_policy().await.unwrap();
    let arn = crate::sqs::arn(&sqs.client, &sqs.dlq_url).await;
    assert_eq!(policy, Some(RedrivePolicy { dead_letter_target_arn: arn, max_receive_count: 3 }));
}

#[tokio::test]
async fn the_dead_letters_may_be_named() {
    let sqs = sqs().await;
    let other = create(&sqs.client, "other", HashMap::new()).await;
    sqs.client.send_message().queue_url(&other).message_body("dead").send().await.unwrap();
    let queue = sqs.aws.queue(SqsOptions { dlq_url: Some(other), ..sqs.options.clone() });

    assert_eq!(queue.stats().await.unwrap().dead, 1);
    assert_eq!(queue.peek(10).await.unwrap()[0].body, "dead");
}

#[tokio::test]
async fn a_queue_without_dead_letters_says_what_it_needs() {
    let sqs = sqs().await;
    let bare = create(&sqs.client, "bare", HashMap::new()).await;
    let queue = sqs.aws.queue(SqsOptions::new(bare));

    assert_eq!(queue.redrive_policy().await.unwrap(), None);
    queue.send(&job(1)).await.expect("jobs can be sent all the same");
    for said in [
        queue.stats().await.unwrap_err().to_string(),
        queue.peek(1).await.unwrap_err().to_string(),
        queue.redrive().await.unwrap_err().to_string(),
        queue.purge().await.unwrap_err().to_string(),
    ] {
        assert!(said.contains("no redrive policy") && said.contains("SQS_DLQ_URL"), "{said}");
    }
}

#[tokio::test]
async fn dead_letters_are_found_once_the_queue_has_a_policy() {
    let sqs = sqs().await;
    let bare = create(&sqs.client, "bare", HashMap::new()).await;
    let queue = sqs.aws.queue(SqsOptions::new(&bare));
    assert!(queue.stats().await.is_err());

    let policy = redrive_policy(&crate::sqs::arn(&sqs.client, &sqs.dlq_url).await, "\"3\"");
    let request = sqs.client.set_queue_attributes().queue_url(&bare);
    request.attributes(QueueAttributeName::RedrivePolicy, policy).send().await.unwrap();

    assert_eq!(queue.stats().await.unwrap().dead, 0);
}

#[tokio::test]
async fn a_queue_that_is_not_there_is_named_with_its_setting() {
    let sqs = sqs().await;
    let nowhere = sqs.options.queue_url.replace("-jobs-", "-nowhere-");
    let queue = sqs.aws.queue(SqsOptions::new(&nowhere));
    let said = queue.send(&job(1)).await.unwrap_err().to_string();
    assert!(said.contains(&nowhere) && said.contains("queue.url (SQS_QUEUE_URL)"), "{said}");

    let options = SqsOptions { dlq_url: Some(nowhere), ..sqs.options.clone() };
    let said = sqs.aws.queue(options).stats().await.unwrap_err().to_string();
    assert!(said.contains("queue.dlq_url (SQS_DLQ_URL)"), "{said}");
}
