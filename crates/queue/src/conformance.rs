//! What every queue must do, run by each implementation's tests.
//!
//! A test file implements [`Harness`] for its queue and hands a constructor to
//! [`queue_conformance!`](crate::queue_conformance), which makes one test of
//! each case. The cases promise no more than an SQS standard queue does: no
//! order, figures that may lag, fewer messages per receive than asked for.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anb_domain::VideoId;
use async_trait::async_trait;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::{
    DeadLetters, Delivery, Job, JobQueue, MAX_RECEIVES, MAX_WAIT, QueueError, QueueStats, Receipt,
};

/// A fresh, empty queue and power over its time.
#[async_trait]
pub trait Harness: Send + Sync {
    /// The implementation under test.
    type Queue: JobQueue + DeadLetters;

    /// Whether [`QueueStats::oldest_age`] is known; SQS reports it elsewhere.
    const REPORTS_AGE: bool = true;

    /// The queue, always the same one.
    fn queue(&self) -> &Self::Queue;

    /// For how long the queue hides what was received: at least 2 s.
    fn visibility(&self) -> Duration;

    /// How long a receive must wait to find what is there. The default suits
    /// SQS, where a receive without a wait may overlook messages.
    fn patience(&self) -> Duration {
        Duration::from_secs(1)
    }

    /// Sends a body that is no job.
    async fn send_raw(&self, body: &str);

    /// Lets time pass for the queue: sets its clock forward, or sleeps.
    async fn let_pass(&self, duration: Duration);
}

/// Makes a test of every case, for the [`Harness`] that `$harness` (an
/// expression, evaluated inside an async function for each test) gives.
#[macro_export]
macro_rules! queue_conformance {
    ($harness:expr) => {
        $crate::queue_conformance! { @cases $harness;
            body_and_trace_arrive_as_they_were_sent
            a_received_message_is_hidden_until_its_visibility_ends
            an_extended_message_stays_hidden
            a_released_message_comes_back_after_its_delay
            a_release_without_delay_wakes_a_waiting_receiver
            every_receive_counts
            the_third_receive_is_the_last
            a_worker_that_dies_three_times_leaves_a_dead_letter
            a_message_sent_meanwhile_ends_the_wait_at_once
            a_wait_for_nothing_ends_with_nothing
            a_receiver_that_went_away_takes_nothing_with_it
            figures_tell_what_waits_and_what_is_in_hand
            redriven_letters_get_three_more_receives
            purged_letters_are_gone
            competing_receivers_never_hold_the_same_message
            every_message_arrives_in_whatever_order
            poison_dies_without_blocking_the_others
            a_deleted_message_never_comes_back
            a_stale_receipt_is_refused
            a_receipt_of_nobody_is_refused
        }
    };
    (@cases $harness:expr; $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let harness = $harness;
                $crate::conformance::$case(&harness).await;
            }
        )*
    };
}

/// What "at once" means to somebody who waits.
const AT_ONCE: Duration = Duration::from_secs(2);
/// How long approximate figures may lag.
const LAG: Duration = Duration::from_secs(10);
const NO_DELAY: Duration = Duration::ZERO;

fn job(number: u128) -> Job {
    Job::new(VideoId(Uuid::from_u128(number)))
}

async fn send<H: Harness>(h: &H, numbers: impl IntoIterator<Item = u128>) {
    for number in numbers {
        h.queue().send(&job(number)).await.expect("sent");
    }
}

/// Everything that can be received now: receives until nothing comes.
async fn receive_all<H: Harness>(h: &H) -> Vec<Delivery> {
    let mut all = Vec::new();
    loop {
        let some = h.queue().receive(10, h.patience()).await.expect("received");
        if some.is_empty() {
            return all;
        }
        all.extend(some);
    }
}

async fn receive_one<H: Harness>(h: &H) -> Delivery {
    let some = h.queue().receive(1, MAX_WAIT).await.expect("received");
    <[Delivery; 1]>::try_from(some).expect("one message")[0].clone()
}

async fn assert_nothing_to_receive<H: Harness>(h: &H) {
    assert_eq!(h.queue().receive(10, h.patience()).await.expect("received"), []);
}

/// Takes the only message `times` times and gives it back each time.
async fn receive_and_release<H: Harness>(h: &H, times: u32) {
    for _ in 0..times {
        let taken = receive_one(h).await;
        h.queue().release(&taken.receipt, NO_DELAY).await.expect("released");
    }
}

/// Waits for figures that `fit`.
async fn expect_stats<H: Harness>(h: &H, fit: impl Fn(&QueueStats) -> bool) -> QueueStats {
    let deadline = Instant::now() + LAG;
    loop {
        let stats = h.queue().stats().await.expect("figures");
        if fit(&stats) {
            return stats;
        }
        assert!(Instant::now() < deadline, "the figures stay {stats:?}");
        sleep(Duration::from_millis(100)).await;
    }
}

async fn dead_bodies<H: Harness>(h: &H) -> Vec<String> {
    let letters = h.queue().peek(10).await.expect("peeked");
    letters.into_iter().map(|letter| letter.body).collect()
}

pub async fn body_and_trace_arrive_as_they_were_sent<H: Harness>(h: &H) {
    let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let traced = Job { traceparent: Some(traceparent.to_owned()), ..job(7) };
    h.queue().send(&traced).await.expect("sent");

    let taken = receive_one(h).await;

    assert_eq!(taken.body, r#"{"v":1,"video_id":"00000000-0000-0000-0000-000000000007"}"#);
    assert_eq!(taken.traceparent.as_deref(), Some(traceparent));
    assert_eq!(taken.job(), Ok(traced));
}

pub async fn a_received_message_is_hidden_until_its_visibility_ends<H: Harness>(h: &H) {
    send(h, [1]).await;
    let first = receive_one(h).await;

    assert_nothing_to_receive(h).await;
    h.let_pass(h.visibility()).await;
    let second = receive_one(h).await;

    assert_eq!(second.message_id, first.message_id);
    assert_ne!(second.receipt, first.receipt);
}

pub async fn an_extended_message_stays_hidden<H: Harness>(h: &H) {
    send(h, [1]).await;
    let taken = receive_one(h).await;

    h.queue().extend(&taken.receipt, h.visibility() * 3).await.expect("extended");
    h.let_pass(h.visibility()).await;
    assert_nothing_to_receive(h).await;

    h.let_pass(h.visibility() * 2).await;
    assert_eq!(receive_one(h).await.message_id, taken.message_id);
}

pub async fn a_released_message_comes_back_after_its_delay<H: Harness>(h: &H) {
    send(h, [1]).await;
    let taken = receive_one(h).await;
    let delay = h.visibility() * 2;

    h.queue().release(&taken.receipt, delay).await.expect("released");
    h.let_pass(h.visibility()).await;
    assert_nothing_to_receive(h).await;

    h.let_pass(h.visibility()).await;
    assert_eq!(receive_one(h).await.message_id, taken.message_id);
}

pub async fn a_release_without_delay_wakes_a_waiting_receiver<H: Harness>(h: &H) {
    send(h, [1]).await;
    let taken = receive_one(h).await;

    let release_soon = async {
        sleep(Duration::from_millis(300)).await;
        h.queue().release(&taken.receipt, NO_DELAY).await.expect("released");
        Instant::now()
    };
    let (released_at, again) = tokio::join!(release_soon, receive_one(h));

    assert_eq!(again.message_id, taken.message_id);
    assert!(released_at.elapsed() < AT_ONCE, "{:?}", released_at.elapsed());
}

pub async fn every_receive_counts<H: Harness>(h: &H) {
    send(h, [1]).await;

    let first = receive_one(h).await;
    h.queue().release(&first.receipt, NO_DELAY).await.expect("released");
    let second = receive_one(h).await;
    h.let_pass(h.visibility()).await;
    let third = receive_one(h).await;

    let counts = [first, second, third].map(|taken| taken.receive_count);
    assert_eq!(counts, [1, 2, 3]);
}

pub async fn the_third_receive_is_the_last<H: Harness>(h: &H) {
    send(h, [1]).await;
    receive_and_release(h, MAX_RECEIVES).await;

    assert_nothing_to_receive(h).await;

    let stats = expect_stats(h, |stats| stats.dead == 1).await;
    assert!(stats.is_empty(), "{stats:?}");
    assert_eq!(dead_bodies(h).await, [job(1).body()]);
}

pub async fn a_worker_that_dies_three_times_leaves_a_dead_letter<H: Harness>(h: &H) {
    send(h, [1]).await;
    for _ in 0..MAX_RECEIVES {
        receive_one(h).await;
        h.let_pass(h.visibility()).await;
    }

    assert_nothing_to_receive(h).await;

    expect_stats(h, |stats| stats.dead == 1).await;
    assert_eq!(dead_bodies(h).await, [job(1).body()]);
    assert_eq!(dead_bodies(h).await, [job(1).body()], "looking at a letter leaves it there");
}

pub async fn a_message_sent_meanwhile_ends_the_wait_at_once<H: Harness>(h: &H) {
    let send_soon = async {
        sleep(Duration::from_millis(300)).await;
        send(h, [1]).await;
        Instant::now()
    };
    let (sent_at, taken) = tokio::join!(send_soon, receive_one(h));

    assert_eq!(taken.body, job(1).body());
    assert!(sent_at.elapsed() < AT_ONCE, "{:?}", sent_at.elapsed());
}

pub async fn a_wait_for_nothing_ends_with_nothing<H: Harness>(h: &H) {
    let wait = Duration::from_secs(1);
    let started = Instant::now();

    assert_eq!(h.queue().receive(10, wait).await.expect("received"), []);

    let waited = started.elapsed();
    assert!((wait.mul_f32(0.9)..wait + AT_ONCE).contains(&waited), "{waited:?}");
}

pub async fn a_receiver_that_went_away_takes_nothing_with_it<H: Harness>(h: &H) {
    let gone = tokio::time::timeout(Duration::from_millis(200), h.queue().receive(1, MAX_WAIT));
    assert!(gone.await.is_err(), "there was nothing to receive");

    send(h, [1]).await;

    assert_eq!(receive_one(h).await.body, job(1).body());
}

pub async fn figures_tell_what_waits_and_what_is_in_hand<H: Harness>(h: &H) {
    assert!(h.queue().stats().await.expect("figures").is_empty());
    send(h, [1, 2, 3]).await;
    expect_stats(h, |stats| stats.visible == 3).await;

    let age = Duration::from_secs(1);
    h.let_pass(age).await;
    let held = receive_one(h).await;
    let put_off = receive_one(h).await;
    h.queue().release(&put_off.receipt, MAX_WAIT).await.expect("released");
    let stats = expect_stats(h, |stats| stats.visible == 1 && stats.delayed == 1).await;
    assert_eq!((stats.in_flight, stats.dead), (1, 0));
    if H::REPORTS_AGE {
        assert!(stats.oldest_age.expect("an oldest message") >= age, "{stats:?}");
    }

    h.queue().delete(&held.receipt).await.expect("deleted");
    let stats = expect_stats(h, |stats| stats.in_flight == 0).await;
    assert_eq!((stats.visible, stats.delayed), (1, 1));
}

pub async fn redriven_letters_get_three_more_receives<H: Harness>(h: &H) {
    send(h, [1]).await;
    receive_and_release(h, MAX_RECEIVES).await;
    assert_nothing_to_receive(h).await;
    expect_stats(h, |stats| stats.dead == 1).await;

    assert_eq!(h.queue().redrive().await.expect("redriven"), 1);
    expect_stats(h, |stats| stats.dead == 0).await;

    let again = receive_one(h).await;
    assert_eq!((again.body.clone(), again.receive_count), (job(1).body(), 1));
    h.queue().release(&again.receipt, NO_DELAY).await.expect("released");
    receive_and_release(h, MAX_RECEIVES - 1).await;
    assert_nothing_to_receive(h).await;
    expect_stats(h, |stats| stats.dead == 1).await;
}

pub async fn purged_letters_are_gone<H: Harness>(h: &H) {
    send(h, [1]).await;
    receive_and_release(h, MAX_RECEIVES).await;
    assert_nothing_to_receive(h).await;
    expect_stats(h, |stats| stats.dead == 1).await;
    send(h, [2]).await;

    assert_eq!(h.queue().purge().await.expect("purged"), 1);

    expect_stats(h, |stats| stats.dead == 0).await;
    assert_eq!(h.queue().redrive().await.expect("redriven"), 0);
    assert_eq!(receive_one(h).await.body, job(2).body(), "living messages stay");
}

pub async fn competing_receivers_never_hold_the_same_message<H: Harness>(h: &H) {
    const MESSAGES: u128 = 40;
    send(h, 0..MESSAGES).await;

    let share = async |max: usize| {
        let mut mine = Vec::new();
        loop {
            let some = h.queue().receive(max, h.patience()).await.expect("received");
            assert!(some.len() <= max, "{} messages instead of {max}", some.len());
            if some.is_empty() {
                return mine;
            }
            mine.extend(some);
        }
    };
    let shares = tokio::join!(share(1), share(2), share(3), share(10), share(1), share(4));

    let mut holders = BTreeMap::new();
    for taken in <[_; 6]>::from(shares).into_iter().flatten() {
        *holders.entry(taken.body).or_insert(0) += 1;
        assert_eq!(taken.receive_count, 1);
    }
    let expected: BTreeMap<_, _> = (0..MESSAGES).map(|number| (job(number).body(), 1)).collect();
    assert_eq!(holders, expected);
}

pub async fn every_message_arrives_in_whatever_order<H: Harness>(h: &H) {
    let sent: BTreeSet<_> = (0..25).map(|number| job(number).body()).collect();
    send(h, 0..25).await;

    let mut arrived = BTreeSet::new();
    for taken in receive_all(h).await {
        h.queue().delete(&taken.receipt).await.expect("deleted");
        arrived.insert(taken.body);
    }

    assert_eq!(arrived, sent);
    expect_stats(h, QueueStats::is_empty).await;
}

pub async fn poison_dies_without_blocking_the_others<H: Harness>(h: &H) {
    let poison = ["no JSON at all", r#"{"v":2,"video_id":"from the future"}"#];
    for body in poison {
        h.send_raw(body).await;
    }
    send(h, [1, 2]).await;

    let mut done = BTreeSet::new();
    for taken in std::iter::repeat_with(|| receive_all(h)).take(MAX_RECEIVES as usize) {
        for taken in taken.await {
            if let Ok(job) = taken.job() {
                h.queue().delete(&taken.receipt).await.expect("deleted");
                done.insert(job.body());
            } else {
                h.queue().release(&taken.receipt, h.visibility()).await.expect("released");
            }
        }
        h.let_pass(h.visibility()).await;
    }
    assert_nothing_to_receive(h).await;

    assert_eq!(done, BTreeSet::from([job(1).body(), job(2).body()]));
    expect_stats(h, |stats| stats.dead == 2 && stats.is_empty()).await;
    let dead: BTreeSet<_> = dead_bodies(h).await.into_iter().collect();
    assert_eq!(dead, poison.map(str::to_owned).into());
}

pub async fn a_deleted_message_never_comes_back<H: Harness>(h: &H) {
    send(h, [1]).await;
    let taken = receive_one(h).await;

    h.queue().delete(&taken.receipt).await.expect("deleted");
    h.queue().delete(&taken.receipt).await.expect("deleting it twice is no error");

    h.let_pass(h.visibility()).await;
    assert_nothing_to_receive(h).await;
    expect_stats(h, |stats| stats.is_empty() && stats.dead == 0).await;
}

pub async fn a_stale_receipt_is_refused<H: Harness>(h: &H) {
    send(h, [1]).await;
    let stale = receive_one(h).await.receipt;
    h.let_pass(h.visibility()).await;
    let valid = receive_one(h).await.receipt;

    let extended = h.queue().extend(&stale, MAX_WAIT).await;
    assert!(matches!(extended, Err(QueueError::StaleReceipt)), "{extended:?}");
    let released = h.queue().release(&stale, NO_DELAY).await;
    assert!(matches!(released, Err(QueueError::StaleReceipt)), "{released:?}");
    // SQS answers that all is well, and keeps the message.
    let deleted = h.queue().delete(&stale).await;
    assert!(matches!(deleted, Ok(()) | Err(QueueError::StaleReceipt)), "{deleted:?}");

    assert_nothing_to_receive(h).await;
    h.queue().release(&valid, NO_DELAY).await.expect("the holder still holds it");
    assert_eq!(receive_one(h).await.receive_count, 3);
}

pub async fn a_receipt_of_nobody_is_refused<H: Harness>(h: &H) {
    let made_up = Receipt("made up".to_owned());

    let extended = h.queue().extend(&made_up, MAX_WAIT).await;
    assert!(matches!(extended, Err(QueueError::StaleReceipt)), "{extended:?}");
    let released = h.queue().release(&made_up, NO_DELAY).await;
    assert!(matches!(released, Err(QueueError::StaleReceipt)), "{released:?}");
}
