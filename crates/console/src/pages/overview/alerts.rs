//! What somebody should look at, and where it is mended.

use std::time::Duration;

use anb_domain::VideoStatus;
use anb_ops::humanly;

use super::figures::Now;
use crate::frame::Frame;

/// How old a message may be before somebody should look: what the alarms on
/// AWS wait for, too.
const OLD: Duration = Duration::from_mins(15);

pub struct Alert {
    pub sentence: String,
    pub link: &'static str,
    /// The message that says what is found there.
    pub link_id: &'static str,
}

/// The worst first.
#[must_use]
pub fn alerts(frame: &Frame, now: &Now) -> Vec<Alert> {
    let queue = if frame.may("GET", "/console/queue") { "/console/queue" } else { "#live-queue" };
    let alert = |sentence, link, link_id| Alert { sentence, link, link_id };
    let said = |id| frame.say(id).into_owned();
    let failed = now.videos_in(VideoStatus::Failed);
    let dead = now.queue.map_or(0, |queue| queue.stats.dead);
    let oldest = now.queue.and_then(|queue| queue.oldest_age).filter(|age| *age >= OLD);
    let mut alerts = Vec::new();
    if now.queue.is_none() {
        alerts.push(alert(said("overview-queue-out"), "/ready", "overview-queue-out-link"));
    }
    if now.workers.is_empty() {
        let sentence = match now.last_worker {
            Some(last) => frame.with("overview-no-worker-since", "moment", frame.moment(&last)),
            None => said("overview-no-worker"),
        };
        alerts.push(alert(sentence, "#live-workers", "overview-no-worker-link"));
    }
    if let Some(age) = oldest {
        let sentence = frame.with("overview-old", "age", humanly(age));
        alerts.push(alert(sentence, queue, "overview-old-link"));
    }
    if failed > 0 {
        let sentence = frame.counted("overview-failed", failed);
        alerts.push(alert(sentence, "/console/videos?status=failed", "overview-failed-link"));
    }
    if dead > 0 {
        let sentence = frame.counted("overview-dead", dead);
        alerts.push(alert(sentence, "/console/dead-letters", "overview-dead-link"));
    }
    if now.reported > 0 {
        let sentence = frame.counted("overview-reported", now.reported);
        alerts.push(alert(sentence, "/console/reports", "overview-reported-link"));
    }
    if now.awaiting > 0 {
        let sentence = frame.counted("overview-awaiting", now.awaiting);
        alerts.push(alert(sentence, "/console/moderation", "overview-awaiting-link"));
    }
    alerts
}
