//! What a video costs is on record, however its tries end.

use anb_domain::{FailureCode, VideoStatus::*};

use crate::{
    stories,
    support::{Act, Lab},
};

stories![every_try_says_what_it_took];

async fn every_try_says_what_it_took(lab: Lab) {
    lab.script.then(Act::Fail(FailureCode::ProcessingFailed));
    let published = lab.queues().await;
    let _worker = lab.starts_worker();
    lab.becomes(published, Completed).await;
    lab.script.then(Act::Reject(FailureCode::NoVideoStream));
    let rejected = lab.queues().await;
    lab.becomes(rejected, Rejected).await;

    let attempts = [lab.attempts(published).await, lab.attempts(rejected).await].concat();

    assert_eq!(attempts.len(), 3);
    for attempt in attempts {
        assert!(attempt.task_ms.is_some(), "{attempt:?}");
    }
}
