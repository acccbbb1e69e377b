//! Answers of the database that may be a few seconds old.

use std::{hash::Hash, sync::Arc, time::Duration};

use anb_store::StoreError;
use chrono::{DateTime, Utc};
use moka::future::Cache;

/// How old an answer may be: new enough for whoever looks at a page, and one
/// query for all who look at the same time.
const MAX_AGE_S: i64 = 3;
/// Of the same kind: whoever asks for a thousand things at once may find that
/// some are asked again.
const MAX_ANSWERS: u64 = 1000;

/// Answers `A` to questions `Q`. Cheap to clone, as answers should be.
#[derive(Clone)]
pub struct Recent<Q, A>(Cache<(i64, Q), A>);

impl<Q, A> Recent<Q, A>
where
    Q: Hash + Eq + Send + Sync + 'static,
    A: Clone + Send + Sync + 'static,
{
    #[must_use]
    pub fn new() -> Self {
        let kept = Duration::from_secs(2 * MAX_AGE_S.unsigned_abs());
        Self(Cache::builder().max_capacity(MAX_ANSWERS).time_to_live(kept).build())
    }

    /// The answer of these few seconds. The first who asks has it loaded, and
    /// whoever asks meanwhile waits for that; an error is told to all of them
    /// and kept for nobody.
    pub async fn get(
        &self,
        now: DateTime<Utc>,
        question: Q,
        load: impl Future<Output = Result<A, StoreError>>,
    ) -> Result<A, Arc<StoreError>> {
        // Time is cut into pieces by the clock of the application, and an
        // answer is of one of them.
        let piece = now.timestamp().div_euclid(MAX_AGE_S);
        self.0.try_get_with((piece, question), load).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use chrono::TimeDelta;

    use super::*;

    fn broken() -> StoreError {
        StoreError::Open("test".into())
    }

    #[tokio::test]
    async fn a_thousand_who_ask_at_once_cost_one_query() {
        let (recent, queries) = (Recent::new(), AtomicU32::new(0));
        let ask = |now| {
            recent.get(now, "who leads", async {
                tokio::task::yield_now().await;
                Ok(queries.fetch_add(1, Ordering::SeqCst))
            })
        };
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let answers = futures::future::join_all((0..1000).map(|_| ask(now))).await;
        assert!(answers.into_iter().all(|answer| matches!(answer, Ok(0))));

        assert!(matches!(ask(now + TimeDelta::seconds(2)).await, Ok(0)));
        assert!(matches!(ask(now + TimeDelta::seconds(3)).await, Ok(1)));
    }

    #[tokio::test]
    async fn an_error_is_not_kept() {
        let recent = Recent::new();
        let now = DateTime::<Utc>::UNIX_EPOCH;
        assert!(recent.get(now, 1, async { Err::<u32, _>(broken()) }).await.is_err());
        assert!(matches!(recent.get(now, 1, async { Ok(7) }).await, Ok(7)));
    }
}
