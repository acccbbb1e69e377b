//! Uploads in parts: what becomes of those that nobody finishes, and of an
//! original that nobody has read before.

use std::{sync::atomic::Ordering::SeqCst, time::Duration};

use anb_domain::{Clock, VideoStatus::*};
use anb_store::NewPartUpload;
use anb_worker::{reconcile::Report, relay};

use crate::{
    stories,
    support::{Lab, UPLOAD_TTL},
};

const HOUR: Duration = Duration::from_hours(1);

stories![
    an_expired_upload_in_parts_is_given_up,
    parts_completed_in_time_are_kept,
    what_storage_has_begun_and_no_row_knows_is_removed,
    parts_of_a_deleted_account_are_removed,
    a_row_stays_as_long_as_its_parts,
    an_original_that_came_in_parts_gets_its_hash,
];

async fn an_expired_upload_in_parts_is_given_up(lab: Lab) {
    let (video, token) = lab.begins_parts().await;
    lab.clock.forward(HOUR);
    assert_eq!(lab.reconciles().await, Report::default(), "it is open still");
    assert!(lab.has_parts(video, &token).await);
    lab.clock.forward(UPLOAD_TTL);

    let report = lab.reconciles().await;

    assert_eq!(report, Report { uploads_expired: 1, ..Report::default() });
    assert_eq!(lab.store.video(video).await.unwrap(), None);
    assert!(!lab.has_parts(video, &token).await);
    assert_eq!(lab.files_of_storage(), 0);
}

async fn parts_completed_in_time_are_kept(lab: Lab) {
    let (video, token) = lab.begins_parts().await;
    lab.completes_parts(video, &token).await;
    lab.clock.forward(UPLOAD_TTL + HOUR);

    assert_eq!(lab.reconciles().await.uploads_expired, 0);

    assert_eq!(lab.objects().await, [lab.layout.original(video)]);
}

/// The public service died between storage and the row.
async fn what_storage_has_begun_and_no_row_knows_is_removed(lab: Lab) {
    let upload = NewPartUpload {
        category: None,
        owner: lab.player,
        expires_at: lab.clock.now() + UPLOAD_TTL,
        title: "Mate".parse().unwrap(),
        size_bytes: 10,
        part_size_bytes: 5,
    };
    let video = lab.store.begin_part_upload(upload, 1).await.unwrap();
    lab.begins_parts_in_storage(video).await;
    lab.clock.forward(UPLOAD_TTL + HOUR);

    let report = lab.reconciles().await;

    let mended = Report { uploads_expired: 1, staged_removed: 1, ..Report::default() };
    assert_eq!(report, mended);
    assert_eq!(lab.store.video(video).await.unwrap(), None);
    assert_eq!(lab.files_of_storage(), 0);
}

async fn parts_of_a_deleted_account_are_removed(lab: Lab) {
    let (video, token) = lab.begins_parts().await;
    assert!(lab.store.delete_player(lab.player).await.unwrap());
    assert!(lab.has_parts(video, &token).await, "for the reconciler");

    let report = lab.reconciles().await;

    assert_eq!(report, Report { tombstones_purged: 1, ..Report::default() });
    assert!(!lab.has_parts(video, &token).await);
    assert_eq!(lab.files_of_storage(), 0);
    assert_eq!(lab.reconciles().await, Report::default(), "once is enough");
}

async fn a_row_stays_as_long_as_its_parts(lab: Lab) {
    let (video, token) = lab.begins_parts().await;
    lab.clock.forward(UPLOAD_TTL + HOUR);
    lab.storage.cut_off.store(true, SeqCst);

    let error = lab.reconciler().quick().await.unwrap_err();

    assert_eq!(error.report, Report::default());
    assert!(lab.store.video(video).await.unwrap().is_some(), "it alone knows of them");
    lab.storage.cut_off.store(false, SeqCst);
    assert_eq!(lab.reconciles().await.uploads_expired, 1);
    assert!(!lab.has_parts(video, &token).await);
}

async fn an_original_that_came_in_parts_gets_its_hash(lab: Lab) {
    let (video, token) = lab.begins_parts().await;
    lab.completes_parts(video, &token).await;
    assert_eq!(lab.video(video).await.sha256, None);
    relay::send_due(&lab.store, lab.queue.as_ref()).await.unwrap();
    let _worker = lab.starts_worker();

    let done = lab.becomes(video, Completed).await;

    // Of "firstother".
    let sha256 = "15c82d67c583106bb1e8258f69604228084774a5841c526ea02f0d6c1ff7344f";
    assert_eq!(done.sha256.as_deref(), Some(sha256));
}
