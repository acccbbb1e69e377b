//! Figures that everybody who looks at a page shares.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

/// A value, and when it was made. It is made again when somebody wants a newer
/// one, by one of those who want it while the others wait; when nobody wants it
/// nothing is done.
pub struct Fresh<T>(Mutex<Option<(DateTime<Utc>, Arc<T>)>>);

impl<T> Default for Fresh<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Fresh<T> {
    /// The value as it was no longer than `max_age` before `now`.
    pub async fn get<E>(
        &self,
        now: DateTime<Utc>,
        max_age: Duration,
        make: impl AsyncFnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        let mut kept = self.0.lock().await;
        if let Some((made, value)) = kept.as_ref() {
            // A clock that was set back makes it an age below zero.
            let is_fresh = (now - *made).to_std().is_ok_and(|age| age < max_age);
            if is_fresh {
                return Ok(Arc::clone(value));
            }
        }
        let value = Arc::new(make().await?);
        *kept = Some((now, Arc::clone(&value)));
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const AGE: Duration = Duration::from_secs(5);

    #[tokio::test]
    async fn it_is_made_again_only_when_it_is_too_old() {
        let (fresh, made) = (Fresh::default(), AtomicU32::new(0));
        let noon: DateTime<Utc> = "2026-05-01T12:00:00Z".parse().unwrap();
        let get = async |now| {
            let count = async || Ok::<_, ()>(made.fetch_add(1, Ordering::Relaxed));
            *fresh.get(now, AGE, count).await.unwrap()
        };
        assert_eq!(get(noon).await, 0);
        assert_eq!(get(noon + Duration::from_millis(4999)).await, 0);
        assert_eq!(get(noon + AGE).await, 1);
        assert_eq!(get(noon).await, 2, "the clock was set back");
    }

    #[tokio::test]
    async fn a_failure_is_not_kept_and_many_who_ask_at_once_share_an_answer() {
        let (fresh, made) = (Fresh::default(), AtomicU32::new(0));
        let noon = "2026-05-01T12:00:00Z".parse().unwrap();
        assert_eq!(fresh.get(noon, AGE, async || Err("out")).await, Err("out"));
        let get = || {
            fresh.get(noon, AGE, async || {
                tokio::task::yield_now().await;
                Ok::<_, ()>(made.fetch_add(1, Ordering::Relaxed))
            })
        };
        let all = tokio::join!(get(), get(), get());
        assert_eq!(all, (Ok(0.into()), Ok(0.into()), Ok(0.into())));
    }
}
