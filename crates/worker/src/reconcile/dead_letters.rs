//! Videos whose message is dead although they have not ended: hand-backs or
//! outages have used up its receives, or its worker died at the third.

use std::{collections::HashMap, time::Duration};

use anb_domain::VideoId;
use anb_queue::Job;
use chrono::{DateTime, Utc};

use super::{CheckError, LIMIT, Reconciler, Report};

/// Dead letters looked at in one round.
const LETTERS: usize = 1000;

/// A message is noted in its video's row within this time after it was sent.
/// A video that was queued later than that has another, newer message.
const NOTED_WITHIN: Duration = Duration::from_secs(10);

/// A video that has waited for so long beside a dead letter gets another
/// message even if it may have one: a message too many does no harm.
const LONG_WAIT: Duration = Duration::from_hours(1);

impl Reconciler {
    /// Gives each of them another message, or ends it. The dead letters stay
    /// for the operators.
    pub(super) async fn answer_dead_letters(&self, report: &mut Report) -> Result<(), CheckError> {
        let dead = self.newest_dead_letters().await?;
        let Some(newest) = dead.values().max() else { return Ok(()) };

        let long_ago = self.ago(LONG_WAIT);
        let before = long_ago.max(*newest + NOTED_WITHIN);
        for video in self.store.waiting_videos(before, LIMIT).await? {
            let Some(sent_at) = dead.get(&video.video) else { continue };
            if video.queued_at < long_ago.max(*sent_at + NOTED_WITHIN) {
                self.wake_or_fail(video.video, video.tries, report).await?;
            }
        }
        // No message is left that could bring these to another worker.
        for lease in self.store.expired_leases(self.clock.now(), LIMIT).await? {
            if dead.contains_key(&lease.video)
                && let Some(status) = self.store.end_lost_attempt(&lease).await?
            {
                report.attempts_lost += 1;
                report.videos_failed += u64::from(status == anb_domain::VideoStatus::Failed);
            }
        }
        Ok(())
    }

    /// When the newest dead message of each video was sent. Poison names no
    /// video and is left to the operators.
    pub(super) async fn newest_dead_letters(
        &self,
    ) -> Result<HashMap<VideoId, DateTime<Utc>>, CheckError> {
        let mut newest = HashMap::new();
        for letter in self.dead_letters.peek(LETTERS).await? {
            if let Ok(job) = Job::from_body(&letter.body, None) {
                let sent_at = newest.entry(job.video_id).or_insert(letter.sent_at);
                *sent_at = letter.sent_at.max(*sent_at);
            }
        }
        Ok(newest)
    }
}
