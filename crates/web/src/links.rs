//! Signed links to published results, given out again for half of their life:
//! browsers find in their cache what they have seen on another page, and a
//! page of two dozen cards costs no signature.
//!
//! A result is named by its attempt, so a video that was made again has other
//! links, and one that is no longer published is not asked for. What was given
//! out before lives as long as it was signed for, kept here or not.

use std::{sync::Arc, time::Duration};

use anb_domain::{AttemptNo, VideoId, keys::ResultFile};
use chrono::{DateTime, Utc};
use moka::future::Cache;

/// Some twenty thousand links of our own, or half as many of S3.
const MAX_BYTES: u64 = 8 << 20;
/// What an entry takes beside the text of its link.
const OVERHEAD: u32 = 200;

pub type Name = (VideoId, AttemptNo, ResultFile);

/// Cheap to clone.
#[derive(Clone)]
pub struct ResultLinks {
    kept: Cache<Name, Kept>,
    life: Duration,
}

#[derive(Clone)]
struct Kept {
    link: Arc<str>,
    renew_at: DateTime<Utc>,
}

impl ResultLinks {
    /// For links that live as long as `life`.
    #[must_use]
    pub fn new(life: Duration) -> Self {
        let kept = Cache::builder()
            .max_capacity(MAX_BYTES)
            .weigher(|_, kept: &Kept| {
                u32::try_from(kept.link.len()).unwrap_or(u32::MAX).saturating_add(OVERHEAD)
            })
            // Only so that what nobody asks for takes no room: whether a link
            // is still good is for the clock of the application to say.
            .time_to_live(life)
            .build();
        Self { kept, life }
    }

    pub async fn find(&self, name: &Name, now: DateTime<Utc>) -> Option<String> {
        let kept = self.kept.get(name).await?;
        (now < kept.renew_at).then(|| kept.link.to_string())
    }

    /// Keeps a link made at `now`, which ends at `end` if that comes before
    /// the end of its life.
    pub async fn keep(
        &self,
        name: Name,
        link: &str,
        now: DateTime<Utc>,
        end: Option<DateTime<Utc>>,
    ) {
        let left = end.map(|end| (end - now).to_std().unwrap_or_default());
        let life = left.map_or(self.life, |left| left.min(self.life));
        self.kept.insert(name, Kept { link: link.into(), renew_at: now + life / 2 }).await;
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;

    const NAME: Name = (VideoId(Uuid::from_u128(7)), AttemptNo(1), ResultFile::PosterSmallJpeg);

    #[tokio::test]
    async fn a_link_is_good_for_half_of_its_life() {
        let links = ResultLinks::new(Duration::from_hours(1));
        let made = DateTime::<Utc>::UNIX_EPOCH;
        links.keep(NAME, "https://example.com/poster", made, None).await;
        let later = |minutes| made + TimeDelta::minutes(minutes);
        assert!(links.find(&NAME, later(29)).await.is_some());
        assert_eq!(links.find(&NAME, later(30)).await, None);
        let again = (NAME.0, AttemptNo(2), NAME.2);
        assert_eq!(links.find(&again, made).await, None, "another attempt is another result");
    }

    #[tokio::test]
    async fn a_link_that_dies_with_its_credentials_is_good_for_half_of_their_rest() {
        let links = ResultLinks::new(Duration::from_hours(1));
        let made = DateTime::<Utc>::UNIX_EPOCH;
        let later = |minutes| made + TimeDelta::minutes(minutes);
        links.keep(NAME, "https://example.com/poster", made, Some(later(16))).await;
        assert!(links.find(&NAME, later(7)).await.is_some());
        assert_eq!(links.find(&NAME, later(8)).await, None);
    }
}
