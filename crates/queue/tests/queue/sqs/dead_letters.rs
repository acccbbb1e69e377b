//! What operators do with dead letters.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anb_queue::{DeadLetters as _, Job, JobQueue as _, QueueStats, SqsOptions};
use aws_sdk_sqs::types::QueueAttributeName;

use crate::sqs::{Sqs, aws::Fault, job, sqs};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// More than one request holds.
const MANY: u128 = 25;

impl Sqs {
    /// Letters as they lie there after three receives, without the receives.
    async fn dead(&self, numbers: impl IntoIterator<Item = u128>) {
        let dead = self.aws.queue(SqsOptions::new(&self.dlq_url));
        for number in numbers {
            let job = Job { traceparent: Some(TRACE.to_owned()), ..job(number) };
            dead.send(&job).await.unwrap();
        }
    }

    async fn figures(&self) -> QueueStats {
        self.queue.stats().await.unwrap()
    }

    /// Dead letters in somebody's hands.
    async fn held(&self) -> u64 {
        use QueueAttributeName::ApproximateNumberOfMessagesNotVisible as Hidden;
        let request = self.client.get_queue_attributes().queue_url(&self.dlq_url);
        let answer = request.attribute_names(Hidden).send().await.unwrap();
        answer.attributes.unwrap()[&Hidden].parse().unwrap()
    }

    async fn no_fault_is_left(&self) {
        while self.aws.faults_left() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Bodies of all that can be received.
    async fn living(&self) -> BTreeSet<String> {
        let mut bodies = BTreeSet::new();
        loop {
            let some = self.queue.receive(10, Duration::ZERO).await.unwrap();
            if some.is_empty() {
                return bodies;
            }
            bodies.extend(some.into_iter().map(|taken| taken.body));
        }
    }
}

fn bodies(numbers: impl IntoIterator<Item = u128>) -> BTreeSet<String> {
    numbers.into_iter().map(|number| job(number).body()).collect()
}

#[tokio::test]
async fn all_letters_can_be_looked_at_and_stay() {
    let sqs = sqs().await;
    sqs.dead(0..MANY).await;

    for _ in 0..2 {
        let letters = sqs.queue.peek(1000).await.unwrap();
        assert!(letters.is_sorted_by_key(|letter| letter.sent_at));
        let ids: BTreeSet<_> = letters.iter().map(|letter| &letter.message_id).collect();
        assert_eq!(ids.len(), letters.len());
        let seen: BTreeSet<_> = letters.into_iter().map(|letter| letter.body).collect();
        assert_eq!(seen, bodies(0..MANY));
        assert_eq!(sqs.figures().await.dead, 25);
    }
    assert_eq!(sqs.queue.peek(12).await.unwrap().len(), 12);
    assert_eq!(sqs.queue.peek(0).await.unwrap(), []);
}

#[tokio::test]
async fn a_look_that_fails_half_way_gives_back_what_it_holds() {
    let sqs = sqs().await;
    sqs.dead(0..MANY).await;
    let queue = sqs.aws.queue(sqs.options.clone());
    queue.stats().await.expect("finds the dead letters");
    // The second receive fails, at each of its three attempts.
    sqs.aws.breaks_down_after(1, [503; 3].map(Fault::Status));

    queue.peek(1000).await.unwrap_err();

    assert_eq!(queue.peek(1000).await.unwrap().len(), 25);
}

#[tokio::test]
async fn redriven_letters_keep_body_and_trace() {
    let sqs = sqs().await;
    sqs.dead(0..MANY).await;

    assert_eq!(sqs.queue.redrive().await.unwrap(), 25);

    let figures = sqs.figures().await;
    assert_eq!((figures.visible, figures.dead), (25, 0));
    let taken = sqs.queue.receive(1, Duration::ZERO).await.unwrap().remove(0);
    assert_eq!((taken.traceparent.as_deref(), taken.receive_count), (Some(TRACE), 1));
    sqs.queue.release(&taken.receipt, Duration::ZERO).await.unwrap();
    assert_eq!(sqs.living().await, bodies(0..MANY));
}

#[tokio::test]
async fn letters_that_die_again_at_once_are_redriven_once() {
    let sqs = sqs().await;
    sqs.dead(0..MANY).await;
    let worker = sqs.aws.queue(sqs.options.clone());
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let refuses_all = tokio::spawn(async move {
        while !stopped.load(Ordering::Relaxed) {
            for taken in worker.receive(10, Duration::ZERO).await.unwrap() {
                worker.release(&taken.receipt, Duration::ZERO).await.unwrap();
            }
        }
    });

    assert_eq!(sqs.queue.redrive().await.unwrap(), 25);

    while sqs.figures().await.dead < 25 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.store(true, Ordering::Relaxed);
    refuses_all.await.unwrap();
    assert!(sqs.figures().await.is_empty());
}

/// Dies at each of its requests.
#[tokio::test]
async fn a_redrive_that_dies_loses_no_letter() {
    for requests in 0..5 {
        let sqs = sqs().await;
        sqs.dead([1, 2]).await;
        assert_eq!(sqs.figures().await.dead, 2);

        sqs.aws.breaks_down_after(requests, [Fault::Silence]);
        tokio::select! {
            redriven = sqs.queue.redrive() => panic!("{redriven:?} in {requests} requests"),
            () = sqs.no_fault_is_left() => {}
        }

        let figures = sqs.figures().await;
        assert!((2..=3).contains(&(figures.visible + figures.dead)), "{figures:?}");
    }
}

#[tokio::test]
async fn purging_counts_and_leaves_the_living() {
    let sqs = sqs().await;
    sqs.dead(0..MANY).await;
    sqs.queue.send(&job(100)).await.unwrap();

    assert_eq!(sqs.queue.purge().await.unwrap(), 25);

    assert_eq!(sqs.figures().await.dead, 0);
    assert_eq!(sqs.living().await, bodies([100]));
    assert_eq!(sqs.queue.purge().await.unwrap(), 0);
}

#[tokio::test]
async fn letters_that_somebody_looks_at_are_waited_for() {
    let sqs = sqs().await;
    sqs.dead(0..5).await;
    let other = sqs.aws.queue(sqs.options.clone());

    let (seen, removed) = tokio::join!(other.peek(1000), async {
        // The other one holds them by now.
        while sqs.held().await < 5 {
            tokio::task::yield_now().await;
        }
        sqs.queue.purge().await.unwrap()
    });

    assert_eq!(seen.unwrap().len(), 5);
    assert_eq!(removed, 5);
}
