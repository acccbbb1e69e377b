//! Videos that wait although their message is gone.

use std::time::Duration;

use anb_queue::QueueStats;
use anb_store::WaitingVideo;
use chrono::{DateTime, Utc};

use super::{CheckError, LIMIT, Reconciler, Report};

/// A message younger than this may still be on its way, or not yet be counted
/// by a queue whose figures are approximate. Sending it again renews it.
const GRACE: Duration = Duration::from_mins(1);

/// How long a video may wait in a queue that does not tell the age of its
/// oldest message.
const LONG_WAIT: Duration = Duration::from_hours(6);

impl Reconciler {
    /// Sends a message again for each `pending` video whose message the queue
    /// cannot hold any more.
    ///
    /// The rows are read before the queue: a message that is delivered in
    /// between makes its video something else than `pending`, and then
    /// nothing is sent.
    pub(super) async fn replace_lost_messages(
        &self,
        report: &mut Report,
    ) -> Result<(), CheckError> {
        let waiting = self.store.waiting_videos(self.ago(GRACE), LIMIT).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let gone_before = gone_before(&self.queue.stats().await?, self.clock.now());
        for video in waiting.iter().filter(|video| video.queued_at < gone_before) {
            self.wake_or_fail(video.video, video.tries, report).await?;
        }
        Ok(())
    }
}

impl Reconciler {
    /// The same for videos that are to be made again: they wait for the pacer
    /// once more. A dead letter of theirs says that as well.
    pub(super) async fn replace_lost_reprocessing(
        &self,
        report: &mut Report,
    ) -> Result<(), CheckError> {
        let waiting = self.store.waiting_reprocessing(self.ago(GRACE), LIMIT).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let gone_before = gone_before(&self.queue.stats().await?, self.clock.now());
        let dead = self.newest_dead_letters().await?;
        let is_gone = |video: &&WaitingVideo| {
            video.queued_at < gone_before || dead.contains_key(&video.video)
        };
        for video in waiting.iter().filter(is_gone) {
            if self.store.reprocessing_message_lost(video.video).await? {
                report.messages_sent_again += 1;
            }
        }
        Ok(())
    }
}

/// A message sent before this moment is no longer in the queue.
fn gone_before(stats: &QueueStats, now: DateTime<Utc>) -> DateTime<Utc> {
    if stats.is_empty() {
        return now;
    }
    now - stats.oldest_age.map_or(LONG_WAIT, |age| age + GRACE)
}

#[cfg(test)]
mod tests {
    use anb_domain::{Clock, SystemClock};

    use super::*;

    #[test]
    fn an_empty_queue_holds_nobodys_message() {
        let now = SystemClock.now();
        assert_eq!(gone_before(&QueueStats::default(), now), now);
    }

    #[test]
    fn what_is_older_than_the_oldest_message_is_gone() {
        let now = SystemClock.now();
        let oldest_age = Some(Duration::from_secs(100));
        let stats = QueueStats { delayed: 1, oldest_age, ..QueueStats::default() };
        assert_eq!(gone_before(&stats, now), now - Duration::from_secs(160));
    }

    #[test]
    fn a_queue_that_does_not_tell_its_age_is_trusted_for_long() {
        let now = SystemClock.now();
        let stats = QueueStats { in_flight: 1, ..QueueStats::default() };
        assert_eq!(gone_before(&stats, now), now - LONG_WAIT);
    }
}
