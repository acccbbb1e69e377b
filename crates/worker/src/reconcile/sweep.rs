//! All objects against all rows, and all rows against their objects.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use anb_blob::{BlobError, BlobInfo};
use anb_domain::{
    AttemptNo, VideoId, VideoStatus,
    keys::{KeyLayout, KeyOwner, ResultFile},
};
use anb_store::KnownVideo;
use futures::TryStreamExt;

use super::{CheckError, Reconciler, Report, Stumbles};

/// Objects or rows compared at a time.
const BATCH: usize = 500;

/// Nothing younger is removed. Every row is older than its objects, so this
/// is only a second belt.
const SAFE_AGE: Duration = Duration::from_hours(1);

/// What a listing of all objects has seen: a row whose objects are in it needs
/// no request of its own.
#[derive(Default)]
pub(super) struct Inventory {
    originals: HashSet<VideoId>,
    /// How many files each attempt has.
    results: HashMap<(VideoId, AttemptNo), usize>,
}

impl Inventory {
    fn note(&mut self, layout: &KeyLayout, key: &str) {
        match layout.owner(key) {
            Some(KeyOwner::Original(video)) => {
                self.originals.insert(video);
            }
            Some(KeyOwner::Result(video, attempt)) => {
                *self.results.entry((video, attempt)).or_default() += 1;
            }
            None => {}
        }
    }

    fn is_complete(&self, video: VideoId, attempt: AttemptNo) -> bool {
        self.results.get(&(video, attempt)) >= Some(&ResultFile::ALL.len())
    }
}

impl Reconciler {
    /// Removes objects that belong to no row, to a deleted video, or to an
    /// attempt that is neither running nor published, and was not until lately.
    ///
    /// Objects are listed before their rows are read: what was there before
    /// the row was read and is not of its current attempt will never be.
    pub(super) async fn remove_stray_objects(
        &self,
        inventory: &mut Inventory,
        report: &mut Report,
    ) -> Result<(), CheckError> {
        let mut stumbles = Stumbles::default();
        for prefix in [self.layout.uploads_prefix(), self.layout.processed_prefix()] {
            let mut batches = self.blobs.list(prefix).try_chunks(BATCH);
            while let Some(batch) = batches.try_next().await.map_err(|error| error.1)? {
                for object in &batch {
                    inventory.note(&self.layout, &object.key);
                }
                for object in self.strays(batch).await? {
                    if stumbles.over(self.blobs.delete(&object.key).await).is_some() {
                        tracing::debug!(key = object.key, "stray object removed");
                        report.strays_removed += 1;
                    }
                }
            }
        }
        stumbles.finish()
    }

    async fn strays(&self, objects: Vec<BlobInfo>) -> Result<Vec<BlobInfo>, CheckError> {
        let mut ids: Vec<_> = objects
            .iter()
            .filter_map(|object| self.layout.owner(&object.key))
            .map(|owner| match owner {
                KeyOwner::Original(video) | KeyOwner::Result(video, _) => video,
            })
            .collect();
        ids.dedup();
        let rows: HashMap<VideoId, KnownVideo> = self
            .store
            .known_videos(&ids)
            .await?
            .into_iter()
            .map(|known| (known.video, known))
            .collect();
        let safe = self.ago(SAFE_AGE);
        let is_stray = |object: &BlobInfo| {
            object.modified_at < safe
                && self.layout.owner(&object.key).is_some_and(|owner| !belongs(owner, &rows))
        };
        Ok(objects.into_iter().filter(is_stray).collect())
    }

    /// Has published videos made again of which a file is gone, and counts
    /// what cannot be mended.
    pub(super) async fn restore_lost_objects(
        &self,
        inventory: &Inventory,
        report: &mut Report,
    ) -> Result<(), CheckError> {
        let mut stumbles = Stumbles::default();
        let mut after = None;
        loop {
            let rows = self.store.videos_with_objects(after, BATCH as u64).await?;
            let Some(last) = rows.last() else { return stumbles.finish() };
            after = Some(last.video);
            for row in &rows {
                if let Some(present) = stumbles.over(self.present(row, inventory).await) {
                    self.answer(row, present, report).await?;
                }
            }
        }
    }

    /// Whether a row's original is there, and all that it has published.
    async fn present(
        &self,
        row: &KnownVideo,
        inventory: &Inventory,
    ) -> Result<(bool, bool), BlobError> {
        let original = inventory.originals.contains(&row.video)
            || self.exists(&self.layout.original(row.video)).await?;
        let result = row.status != VideoStatus::Completed
            || inventory.is_complete(row.video, row.attempt)
            || self.is_complete(row).await?;
        Ok((original, result))
    }

    /// Looks again at what the listing may have missed because it was
    /// published meanwhile.
    async fn is_complete(&self, row: &KnownVideo) -> Result<bool, BlobError> {
        for file in ResultFile::ALL {
            if !self.exists(&self.layout.result(row.video, row.attempt, file)).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn answer(
        &self,
        row: &KnownVideo,
        present: (bool, bool),
        report: &mut Report,
    ) -> Result<(), CheckError> {
        match present {
            (true, true) => {}
            (true, false) => {
                if self.store.restore_video(row.video).await? {
                    tracing::warn!(video_id = %row.video, "published video lost; made again");
                    report.videos_restored += 1;
                }
            }
            // Deleted or moved on since its row was read?
            (false, _) if !self.is_still(row).await? => {}
            (false, true) => {
                tracing::warn!(video_id = %row.video, status = %row.status, "original missing");
                report.originals_missing += 1;
            }
            (false, false) => {
                tracing::error!(video_id = %row.video, "published video and original missing");
                report.results_missing += 1;
            }
        }
        Ok(())
    }

    async fn is_still(&self, row: &KnownVideo) -> Result<bool, CheckError> {
        let known = self.store.known_videos(&[row.video]).await?;
        Ok(known.iter().any(|now| (now.status, now.attempt) == (row.status, row.attempt)))
    }
}

/// Whether the row of an object's video has a use for it.
fn belongs(owner: KeyOwner, rows: &HashMap<VideoId, KnownVideo>) -> bool {
    use VideoStatus::{Completed, Deleted, Processing};
    match owner {
        KeyOwner::Original(video) => rows.get(&video).is_some_and(|row| row.status != Deleted),
        KeyOwner::Result(video, attempt) => rows.get(&video).is_some_and(|row| {
            let known = attempt == row.attempt || row.others.contains(&attempt);
            known && matches!(row.status, Processing | Completed)
        }),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const VIDEO: VideoId = VideoId(Uuid::from_u128(1));

    fn row(status: VideoStatus) -> HashMap<VideoId, KnownVideo> {
        let others = vec![AttemptNo(4)];
        HashMap::from([(VIDEO, KnownVideo { video: VIDEO, status, attempt: AttemptNo(2), others })])
    }

    #[test]
    fn an_original_belongs_to_any_living_row() {
        let original = KeyOwner::Original(VIDEO);
        for status in VideoStatus::ALL {
            let expected = status != VideoStatus::Deleted;
            assert_eq!(belongs(original, &row(status)), expected, "{status}");
        }
        assert!(!belongs(original, &HashMap::new()));
    }

    #[test]
    fn a_result_belongs_to_the_running_or_published_attempt_only() {
        for status in VideoStatus::ALL {
            let expected = matches!(status, VideoStatus::Processing | VideoStatus::Completed);
            let result = |no| KeyOwner::Result(VIDEO, AttemptNo(no));
            assert_eq!(belongs(result(2), &row(status)), expected, "{status}");
            assert_eq!(belongs(result(4), &row(status)), expected, "{status}");
            assert!(!belongs(result(1), &row(status)), "{status}");
        }
        assert!(!belongs(KeyOwner::Result(VIDEO, AttemptNo(2)), &HashMap::new()));
    }
}
