//! Lets a client read the answer to a request that was refused half-way.
//!
//! Closing a connection while bytes are still coming in makes the kernel
//! reset it, and the client loses an answer that was on its way. So the rest
//! of a refused body is read and thrown away, for a while.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, BodyDataStream, Bytes, HttpBody as _},
    extract::Request,
    middleware::Next,
    response::Response,
};
use futures::{Stream, StreamExt as _};
use http::{HeaderValue, header};
use tokio::{runtime::Handle, time::timeout};

/// At most so many bytes, and for so long, are read for politeness.
const MOST_BYTES: usize = 64 << 20;
const LONGEST: Duration = Duration::from_secs(5);

/// Wraps the request's body; when it was not wanted to its end, the answer
/// is the connection's last.
pub async fn drain_refused(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let read = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&read);
    let request = request.map(|body| Body::from_stream(Lingering::new(body, flag)));
    let mut response = next.run(request).await;
    if !read.load(Ordering::Relaxed) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// A body that is read to its end even when nobody wants it any more.
struct Lingering {
    body: Option<BodyDataStream>,
    read: Arc<AtomicBool>,
}

impl Lingering {
    fn new(body: Body, read: Arc<AtomicBool>) -> Self {
        Self { body: Some(body.into_data_stream()), read }
    }
}

impl Stream for Lingering {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let next = std::task::ready!(body.poll_next_unpin(cx));
        if !matches!(next, Some(Ok(_))) {
            self.body = None;
            self.read.store(next.is_none(), Ordering::Relaxed);
        }
        Poll::Ready(next)
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        if let (Some(body), Ok(runtime)) = (self.body.take(), Handle::try_current()) {
            runtime.spawn(timeout(LONGEST, drain(body)));
        }
    }
}

async fn drain(mut body: BodyDataStream) {
    let mut read = 0;
    while let Some(Ok(piece)) = body.next().await {
        read += piece.len();
        if read > MOST_BYTES {
            break;
        }
    }
}
