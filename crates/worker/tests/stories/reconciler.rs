//! G2 and G5: what is broken is found and mended, from both sides.

use std::{sync::atomic::Ordering::SeqCst, time::Duration};

use anb_blob::BlobStore;
use anb_domain::{AttemptNo, FailureCode, VideoId, VideoStatus::*, keys::ResultFile};
use anb_queue::JobQueue;
use anb_store::{ClaimOutcome, HandBack, Outcome};
use anb_worker::reconcile::Report;

use crate::{
    stories,
    support::{Act, Lab, UPLOAD_TTL},
};

const HOUR: Duration = Duration::from_hours(1);

stories![
    where_nothing_is_broken_nothing_is_mended,
    an_expired_upload_is_given_up,
    an_upload_completed_in_time_is_kept,
    a_lost_message_is_sent_again,
    a_message_that_merely_waits_is_not_doubled,
    an_attempt_without_a_worker_or_a_message_ends,
    objects_of_a_failed_try_are_removed,
    a_deleted_video_leaves_no_object,
    an_object_without_a_row_is_removed,
    a_young_stray_is_left_alone,
    what_a_zombie_wrote_late_is_removed,
    a_published_video_that_is_gone_is_made_again,
    what_cannot_be_mended_is_told,
    reconcilers_do_not_get_in_each_others_way,
    one_hindered_check_does_not_stop_the_others,
];

async fn where_nothing_is_broken_nothing_is_mended(lab: Lab) {
    let published = lab.queues().await;
    let worker = lab.starts_worker();
    lab.becomes(published, Completed).await;
    worker.drains().await;
    lab.begins_upload().await;
    lab.queues().await;
    let before = lab.objects().await;
    lab.clock.forward(2 * HOUR);

    assert_eq!(lab.reconciles().await, Report::default());
    assert_eq!(lab.sweeps().await, Report::default());
    assert_eq!(lab.objects().await, before);
}

async fn an_expired_upload_is_given_up(lab: Lab) {
    let video = lab.begins_upload().await;
    lab.clock.forward(UPLOAD_TTL + HOUR);

    let report = lab.reconciles().await;

    assert_eq!(report, Report { uploads_expired: 1, ..Report::default() });
    assert_eq!(lab.store.video(video).await.unwrap(), None);
    assert!(lab.objects().await.is_empty());
}

async fn an_upload_completed_in_time_is_kept(lab: Lab) {
    let video = lab.queues().await;
    lab.clock.forward(UPLOAD_TTL + HOUR);

    assert_eq!(lab.reconciles().await.uploads_expired, 0);

    assert_eq!(lab.objects().await, [lab.layout.original(video)]);
}

async fn a_lost_message_is_sent_again(lab: Lab) {
    let video = lab.queues().await;
    lab.queue.loses_everything().await;
    assert_eq!(lab.reconciles().await, Report::default(), "it may still be on its way");
    lab.clock.forward(Duration::from_secs(61));

    let report = lab.reconciles().await;

    assert_eq!(report, Report { messages_sent_again: 1, ..Report::default() });
    let _worker = lab.starts_worker();
    lab.becomes(video, Completed).await;
}

async fn a_message_that_merely_waits_is_not_doubled(lab: Lab) {
    for _ in 0..3 {
        lab.queues().await;
        lab.clock.forward(HOUR);
    }

    assert_eq!(lab.reconciles().await, Report::default());

    assert_eq!(lab.queue.stats().await.unwrap().visible, 3);
}

async fn an_attempt_without_a_worker_or_a_message_ends(lab: Lab) {
    let video = lab.queues().await;
    let claim = lab.store.claim(video, "gone", "receipt", lab.visibility).await.unwrap();
    assert!(matches!(claim, ClaimOutcome::Claimed(_)));
    lab.queue.loses_everything().await;

    lab.clock.forward(lab.visibility + Duration::from_secs(1));
    assert_eq!(lab.reconciles().await.attempts_lost, 0, "its message may still come back");
    lab.clock.forward(lab.visibility);
    assert_eq!(lab.reconciles().await.attempts_lost, 1);

    assert_eq!(lab.video(video).await.status, Pending);
    let _worker = lab.starts_worker();
    lab.becomes(video, Completed).await;
    assert_eq!(lab.outcomes(video).await, [Some(Outcome::Lost), Some(Outcome::Published)]);
}

async fn objects_of_a_failed_try_are_removed(lab: Lab) {
    let video = lab.queues().await;
    let outcome = lab.store.claim(video, "gone", "receipt", lab.visibility).await.unwrap();
    let ClaimOutcome::Claimed(claim) = outcome else { panic!("{outcome:?}") };
    let poster = lab.layout.result(video, claim.attempt, ResultFile::PosterSmallJpeg);
    lab.storage.holds(&poster, b"half a result").await;
    let failure = anb_domain::Failure::new(FailureCode::TimedOut);
    lab.store.requeue(&claim, &failure, Vec::new(), HandBack::SameMessage).await.unwrap();

    let report = lab.reconciles().await;

    assert_eq!(report, Report { attempts_purged: 1, ..Report::default() });
    assert_eq!(lab.objects().await, [lab.layout.original(video)]);
    assert_eq!(lab.reconciles().await, Report::default(), "once is enough");
}

async fn a_deleted_video_leaves_no_object(lab: Lab) {
    let video = lab.queues().await;
    let worker = lab.starts_worker();
    lab.becomes(video, Completed).await;
    worker.drains().await;
    lab.store.delete_video(video, lab.player).await.unwrap();

    let report = lab.reconciles().await;

    assert_eq!(report.tombstones_purged, 1);
    assert!(lab.objects().await.is_empty());
    assert_eq!(lab.reconciles().await, Report::default());
}

async fn an_object_without_a_row_is_removed(lab: Lab) {
    let kept = lab.queues().await;
    let stranger = VideoId(uuid::Uuid::from_u128(7));
    lab.storage.holds(&lab.layout.original(stranger), b"whose?").await;
    let poster = lab.layout.result(stranger, AttemptNo(1), ResultFile::PosterLargeWebp);
    lab.storage.holds(&poster, b"whose?").await;
    lab.storage.holds("uploads/readme.txt", b"put there by hand").await;
    lab.clock.forward(2 * HOUR);

    let report = lab.sweeps().await;

    assert_eq!(report, Report { strays_removed: 2, ..Report::default() });
    let left = ["uploads/readme.txt".to_owned(), lab.layout.original(kept)];
    assert_eq!(sorted(lab.objects().await), sorted(left.into()));
}

async fn a_young_stray_is_left_alone(lab: Lab) {
    let stranger = VideoId(uuid::Uuid::from_u128(7));
    lab.storage.holds(&lab.layout.original(stranger), b"whose?").await;

    assert_eq!(lab.sweeps().await, Report::default());

    assert_eq!(lab.objects().await.len(), 1);
}

async fn what_a_zombie_wrote_late_is_removed(lab: Lab) {
    lab.script.then(Act::Fail(FailureCode::TimedOut));
    let video = lab.queues().await;
    let worker = lab.starts_worker();
    lab.becomes(video, Completed).await;
    lab.holds_one_result(video).await;
    worker.drains().await;
    let late = lab.layout.result(video, AttemptNo(1), ResultFile::Video);
    lab.storage.holds(&late, b"from the first attempt").await;
    lab.clock.forward(2 * HOUR);

    assert_eq!(lab.sweeps().await, Report { strays_removed: 1, ..Report::default() });

    lab.holds_one_result(video).await;
}

async fn a_published_video_that_is_gone_is_made_again(lab: Lab) {
    let video = lab.queues().await;
    let _worker = lab.starts_worker();
    lab.becomes(video, Completed).await;
    for gone in [ResultFile::Video, ResultFile::PosterSmallWebp] {
        let before = lab.video(video).await.attempt;
        lab.storage.delete(&lab.layout.result(video, before, gone)).await.unwrap();

        assert_eq!(lab.sweeps().await, Report { videos_restored: 1, ..Report::default() });
        lab.wake.notify_one();

        let restored = lab.becomes(video, Completed).await;
        assert!(lab.storage.has(&lab.layout.result(video, restored.attempt, gone)).await);
        assert_ne!(restored.attempt, before);
    }
}

async fn what_cannot_be_mended_is_told(lab: Lab) {
    let (whole, half) = (lab.queues().await, lab.queues().await);
    let worker = lab.starts_worker();
    lab.becomes(whole, Completed).await;
    lab.becomes(half, Completed).await;
    worker.drains().await;
    let result = lab.layout.result(whole, AttemptNo(1), ResultFile::Video);
    for key in [lab.layout.original(whole), result, lab.layout.original(half)] {
        lab.storage.delete(&key).await.unwrap();
    }

    let report = lab.sweeps().await;

    let told = Report { originals_missing: 1, results_missing: 1, ..Report::default() };
    assert_eq!(report, told);
    assert_eq!(lab.video(whole).await.status, Completed);
}

async fn reconcilers_do_not_get_in_each_others_way(lab: Lab) {
    lab.begins_upload().await;
    lab.clock.forward(UPLOAD_TTL + HOUR);
    let lost = lab.queues().await;
    let deleted = lab.queues().await;
    lab.store.delete_video(deleted, lab.player).await.unwrap();
    lab.queue.loses_everything().await;
    lab.clock.forward(Duration::from_secs(61));

    let reconciler = lab.reconciler();
    let (a, b, c) = tokio::join!(reconciler.quick(), reconciler.quick(), reconciler.quick());

    for report in [a, b, c] {
        report.unwrap();
    }
    assert_eq!(lab.objects().await, [lab.layout.original(lost)]);
    assert_eq!(lab.store.outbox_backlog().await.unwrap().0, 1, "one message, not three");
}

async fn one_hindered_check_does_not_stop_the_others(lab: Lab) {
    lab.queues().await;
    lab.queue.loses_everything().await;
    let deleted = lab.accepts().await;
    lab.store.delete_video(deleted, lab.player).await.unwrap();
    lab.clock.forward(Duration::from_secs(61));
    lab.storage.cut_off.store(true, SeqCst);

    let error = lab.reconciler().quick().await.unwrap_err();

    assert_eq!(error.report, Report { messages_sent_again: 1, ..Report::default() });
    assert!(error.to_string().contains("tombstones: object storage is unavailable"), "{error}");
    lab.storage.cut_off.store(false, SeqCst);
    assert_eq!(lab.reconciles().await.tombstones_purged, 1, "made up for later");
}

fn sorted(mut keys: Vec<String>) -> Vec<String> {
    keys.sort();
    keys
}
