//! The body of a request, one piece at a time.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use tokio::{task::yield_now, time::timeout};

use super::Stalled;

/// However steadily it trickles, a body holds its slot no longer.
pub const LONGEST: Duration = Duration::from_hours(1);

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Yields pieces of `body` until one keeps us waiting longer than `idle`.
///
/// It never has two pieces ready in a row: the multipart reader takes all that
/// is ready into memory, and must not get a whole fast upload there.
pub fn paced(body: Body, idle: Duration) -> impl Stream<Item = Result<Bytes, BoxError>> + Send {
    stream::unfold(Some(body.into_data_stream()), move |body| async move {
        let mut body = body?;
        yield_now().await;
        match timeout(idle, body.next()).await {
            Ok(Some(Ok(piece))) => Some((Ok(piece), Some(body))),
            Ok(Some(Err(error))) => Some((Err(error.into()), None)),
            Ok(None) => None,
            Err(_elapsed) => Some((Err(Stalled.into()), None)),
        }
    })
}

#[cfg(test)]
mod tests {
    use futures::{FutureExt as _, StreamExt as _};

    use super::*;

    #[tokio::test]
    async fn two_pieces_are_never_ready_at_once() {
        let pieces = stream::iter(["ab", "cd"].map(|piece| Ok::<_, BoxError>(Bytes::from(piece))));
        let paced = paced(Body::from_stream(pieces), Duration::from_secs(1));
        let mut paced = std::pin::pin!(paced);
        assert!(paced.next().now_or_never().is_none());
        assert_eq!(paced.next().await.unwrap().unwrap(), "ab");
        assert!(paced.next().now_or_never().is_none());
        assert_eq!(paced.next().await.unwrap().unwrap(), "cd");
        assert!(paced.next().await.is_none());
    }

    #[tokio::test]
    async fn a_pause_that_is_too_long_ends_it() {
        let body = Body::from_stream(stream::pending::<Result<Bytes, BoxError>>());
        let paced = paced(body, Duration::from_millis(20));
        let mut paced = std::pin::pin!(paced);
        let error = paced.next().await.unwrap().unwrap_err();
        assert!(error.is::<Stalled>());
        assert!(paced.next().await.is_none());
    }
}
