//! Ends a request that takes too long: too long to arrive, or to be answered.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    body::{Body, HttpBody as _},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures::{StreamExt as _, future, stream};

use crate::{
    problem::{Code, Problem},
    state::AppState,
};

/// A client that has not sent all of its request is told so (408): nothing was
/// done. What takes us too long is our fault (503), and may have been done.
pub async fn limit(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let most = Duration::from_secs(app.settings.web.request_timeout_s);
    let (request, arrived) = watch(request);
    match tokio::time::timeout(most, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) if arrived.load(Ordering::Relaxed) => {
            Problem::new(Code::OutOfTime).into_response()
        }
        Err(_elapsed) => Problem::new(Code::RequestTimeout).into_response(),
    }
}

/// Has the body tell when all of it has been read.
fn watch(request: Request) -> (Request, Arc<AtomicBool>) {
    if request.body().is_end_stream() {
        return (request, Arc::new(true.into()));
    }
    let arrived = Arc::new(AtomicBool::new(false));
    let end = Arc::clone(&arrived);
    let watched = request.map(|body| {
        let end = stream::once(async move { end.store(true, Ordering::Relaxed) });
        let pieces = body.into_data_stream().map(Some).chain(end.map(|()| None));
        // The end itself is no piece of the body.
        Body::from_stream(pieces.filter_map(future::ready))
    });
    (watched, arrived)
}
