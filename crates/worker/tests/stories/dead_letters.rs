//! A message is dead, its video is not.

use std::time::Duration;

use anb_domain::VideoStatus::*;
use anb_queue::JobQueue;
use anb_store::Outcome;
use anb_worker::reconcile::Report;

use crate::{stories, support::Lab};

stories![
    a_video_whose_message_died_untried_gets_another,
    a_dead_letter_is_answered_only_once,
    a_redriven_message_of_a_failed_video_goes_back,
];

/// As happens when the database is out for three deliveries.
async fn message_dies(lab: &Lab) {
    for _ in 0..3 {
        let delivery = lab.queue.receive(1, Duration::ZERO).await.unwrap().remove(0);
        lab.queue.release(&delivery.receipt, Duration::ZERO).await.unwrap();
    }
    assert_eq!(lab.dead_letters().await, 1);
}

async fn a_video_whose_message_died_untried_gets_another(lab: Lab) {
    let video = lab.queues().await;
    message_dies(&lab).await;

    let report = lab.reconciles().await;

    assert_eq!(report, Report { messages_sent_again: 1, ..Report::default() });
    let _worker = lab.starts_worker();
    assert_eq!(lab.becomes(video, Completed).await.tries, 1);
}

async fn a_dead_letter_is_answered_only_once(lab: Lab) {
    lab.queues().await;
    message_dies(&lab).await;
    lab.clock.forward(Duration::from_secs(30));
    assert_eq!(lab.reconciles().await.messages_sent_again, 1);
    anb_worker::relay::send_due(&lab.store, lab.queue.as_ref()).await.unwrap();

    lab.clock.forward(Duration::from_secs(30));

    assert_eq!(lab.reconciles().await, Report::default());
    assert_eq!(lab.queue.stats().await.unwrap().visible, 1);
    assert_eq!(lab.dead_letters().await, 1, "it stays for the operators");
}

async fn a_redriven_message_of_a_failed_video_goes_back(lab: Lab) {
    use anb_domain::{Failure, FailureCode};
    use anb_queue::DeadLetters;
    let video = lab.queues().await;
    lab.store.fail_pending(video, &Failure::new(FailureCode::WorkerLost)).await.unwrap();
    message_dies(&lab).await;

    lab.queue.redrive().await.unwrap();
    let _worker = lab.starts_worker();

    lab.until("it is dead again", async || lab.dead_letters().await == 1).await;
    assert_eq!(lab.video(video).await.status, Failed);
    assert_eq!(lab.outcomes(video).await, Vec::<Option<Outcome>>::new());
}
