//! The service does not answer, or answers nonsense.

use std::{iter, time::Duration};

use anb_queue::{JobQueue as _, QueueError, SqsOptions, SqsQueue};
use tokio::{net::TcpListener, time::timeout};

use crate::sqs::{
    Sqs,
    aws::{Aws, Fault, sdk_config},
    job, sqs,
};

/// Nothing here takes that long unless it hangs.
const FOR_EVER: Duration = Duration::from_mins(1);

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_secs(1);

/// Gives up soon.
fn hasty(url: impl Into<String>) -> SqsOptions {
    SqsOptions { answer_within: Duration::from_millis(250), ..SqsOptions::new(url) }
}

/// As soon as it can be had.
async fn receive_count(sqs: &Sqs) -> u32 {
    let taken = timeout(FOR_EVER, sqs.queue.receive(1, LONG)).await.unwrap().unwrap();
    assert_eq!(taken[0].job(), Ok(job(1)));
    taken[0].receive_count
}

#[tokio::test]
async fn a_short_outage_is_not_noticed() {
    let sqs = sqs().await;
    sqs.aws.breaks_down([500, 503].map(Fault::Status));
    sqs.queue.send(&job(1)).await.unwrap();
    sqs.aws.breaks_down([503, 500].map(Fault::Status));

    let taken = sqs.queue.receive(1, LONG).await.unwrap();

    sqs.aws.breaks_down([502, 504].map(Fault::Status));
    sqs.queue.delete(&taken[0].receipt).await.unwrap();
    sqs.aws.breaks_down([Fault::Status(500)]);
    assert!(sqs.queue.stats().await.unwrap().is_empty());
    assert_eq!(sqs.aws.faults_left(), 0);
}

#[tokio::test]
async fn a_request_without_an_answer_is_asked_again() {
    let sqs = sqs().await;
    let answer_within = Duration::from_secs(1);
    let queue = sqs.aws.queue(SqsOptions { answer_within, ..sqs.options.clone() });
    sqs.aws.breaks_down([Fault::Silence]);

    queue.send(&job(1)).await.unwrap();

    assert_eq!(sqs.queue.stats().await.unwrap().visible, 1);
}

#[tokio::test]
async fn a_long_outage_is_told() {
    let sqs = sqs().await;
    sqs.queue.send(&job(1)).await.unwrap();
    let receipt = sqs.queue.receive(1, LONG).await.unwrap().remove(0).receipt;
    sqs.aws.breaks_down(iter::repeat_n(Fault::Status(503), 100));

    let outcomes = [
        sqs.queue.send(&job(2)).await,
        sqs.queue.receive(1, LONG).await.map(drop),
        sqs.queue.extend(&receipt, LONG).await,
        sqs.queue.release(&receipt, LONG).await,
        sqs.queue.delete(&receipt).await,
        sqs.queue.stats().await.map(drop),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, Err(QueueError::Unavailable(_))), "{outcome:?}");
    }

    sqs.aws.recovers();
    sqs.queue.delete(&receipt).await.unwrap();
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_on() {
    let aws = Aws::start().await;
    aws.breaks_down(iter::repeat_n(Fault::Silence, 100));
    let silent = aws.queue(hasty("http://127.0.0.1:1/123456789012/jobs"));
    // Takes connections, and does not even read.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let deaf = SqsQueue::new(&sdk_config(&endpoint), hasty(format!("{endpoint}/1/jobs")));

    let job = job(1);
    let all =
        async { tokio::join!(silent.receive(1, SHORT), deaf.receive(1, SHORT), silent.send(&job)) };
    let (silent, deaf, sent) = timeout(FOR_EVER, all).await.expect("none of them hangs");

    assert!(matches!(silent, Err(QueueError::Unavailable(_))), "{silent:?}");
    assert!(matches!(deaf, Err(QueueError::Unavailable(_))), "{deaf:?}");
    let said = sent.unwrap_err().to_string();
    assert!(said.contains("SendMessage") && said.contains("timed out"), "{said}");
}

#[tokio::test]
async fn nobody_at_the_address_is_told_at_once() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let endpoint = format!("http://127.0.0.1:{port}");
    let queue = SqsQueue::new(&sdk_config(&endpoint), SqsOptions::new(format!("{endpoint}/1/q")));

    let said = queue.send(&job(1)).await.unwrap_err().to_string();

    assert!(said.contains("refused"), "{said}");
}

#[tokio::test]
async fn a_message_whose_delivery_got_lost_comes_again() {
    let sqs = sqs().await;
    sqs.queue.send(&job(1)).await.unwrap();
    sqs.aws.breaks_down([Fault::AnswerLost]);

    assert_eq!(receive_count(&sqs).await, 2);
}

#[tokio::test]
async fn a_job_whose_sending_was_not_confirmed_is_there_at_least_once() {
    let sqs = sqs().await;
    sqs.aws.breaks_down([Fault::AnswerLost]);

    sqs.queue.send(&job(1)).await.unwrap();

    assert_eq!(sqs.queue.stats().await.unwrap().visible, 2);
    for _ in 0..2 {
        let taken = sqs.queue.receive(1, LONG).await.unwrap();
        assert_eq!(taken[0].job(), Ok(job(1)));
    }
}
