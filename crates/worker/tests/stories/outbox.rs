//! A row and its message never drift apart, whoever sends it.

use std::{collections::HashSet, sync::Arc, sync::atomic::Ordering::SeqCst, time::Duration};

use anb_domain::VideoId;
use anb_queue::JobQueue;
use anb_worker::relay;
use futures::future::join_all;

use crate::{stories, support::Lab};

/// For how long a relay that takes an entry has it for itself.
const LEASE: Duration = Duration::from_secs(30);

stories![
    several_relays_share_the_outbox,
    a_relay_does_not_send_what_another_one_holds,
    what_was_deleted_before_it_was_sent_is_not_sent,
    all_that_piled_up_while_the_queue_was_down_goes_out,
];

/// Every message in the queue, by the video it is about.
async fn messages(lab: &Lab) -> Vec<VideoId> {
    let mut videos = Vec::new();
    loop {
        let received = lab.queue.receive(10, Duration::ZERO).await.unwrap();
        if received.is_empty() {
            return videos;
        }
        videos.extend(received.iter().map(|delivery| delivery.job().unwrap().video_id));
    }
}

async fn several_relays_share_the_outbox(lab: Lab) {
    let mut accepted = HashSet::new();
    for _ in 0..20 {
        accepted.insert(lab.accepts().await);
    }

    let sent = join_all((0..6).map(|_| {
        let (store, queue) = (lab.store.clone(), Arc::clone(&lab.queue));
        tokio::spawn(async move { relay::send_due(&store, queue.as_ref()).await.unwrap() })
    }))
    .await;

    // A relay that finds nothing may just have met another one's lock.
    let rest = relay::send_due(&lab.store, lab.queue.as_ref()).await.unwrap();
    let sent: u64 = sent.into_iter().map(Result::unwrap).sum();
    assert_eq!(sent + rest, 20);
    let messages = messages(&lab).await;
    assert_eq!(messages.len(), 20, "each is sent once");
    assert_eq!(messages.into_iter().collect::<HashSet<_>>(), accepted);
    assert_eq!(lab.store.outbox_backlog().await.unwrap(), (0, None));
}

/// And sends it after all when that one has not come back.
async fn a_relay_does_not_send_what_another_one_holds(lab: Lab) {
    let video = lab.accepts().await;
    let held = lab.store.take_outbox(10, LEASE).await.unwrap();
    assert_eq!(held.len(), 1);

    assert_eq!(relay::send_due(&lab.store, lab.queue.as_ref()).await.unwrap(), 0);
    assert!(messages(&lab).await.is_empty());

    lab.clock.forward(LEASE + Duration::from_secs(1));
    assert_eq!(relay::send_due(&lab.store, lab.queue.as_ref()).await.unwrap(), 1);
    assert_eq!(messages(&lab).await, [video]);
}

async fn what_was_deleted_before_it_was_sent_is_not_sent(lab: Lab) {
    let video = lab.accepts().await;
    lab.store.delete_video(video, lab.player).await.unwrap();

    assert_eq!(relay::send_due(&lab.store, lab.queue.as_ref()).await.unwrap(), 0);

    assert!(messages(&lab).await.is_empty());
}

async fn all_that_piled_up_while_the_queue_was_down_goes_out(lab: Lab) {
    lab.queue.cut_off.store(true, SeqCst);
    let mut accepted = HashSet::new();
    for _ in 0..5 {
        accepted.insert(lab.accepts().await);
        relay::send_due(&lab.store, lab.queue.as_ref()).await.unwrap_err();
    }
    assert_eq!(lab.store.outbox_backlog().await.unwrap().0, 5);

    lab.queue.cut_off.store(false, SeqCst);
    // Beyond the longest pause between two tries.
    lab.clock.forward(Duration::from_mins(10));

    assert_eq!(relay::send_due(&lab.store, lab.queue.as_ref()).await.unwrap(), 5);
    assert_eq!(messages(&lab).await.into_iter().collect::<HashSet<_>>(), accepted);
}
