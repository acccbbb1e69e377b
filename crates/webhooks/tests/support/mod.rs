//! A receiver of events.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use http::{HeaderMap, StatusCode, header};
use tokio::{net::TcpListener, sync::Notify};

/// What it answers.
#[derive(Clone)]
pub enum Answer {
    Status(StatusCode),
    RetryAfter(&'static str),
    Redirect(String),
    Never,
}

/// What it was sent.
#[derive(Clone)]
pub struct Heard {
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

struct Shared {
    answer: Mutex<Answer>,
    heard: Mutex<Vec<Heard>>,
    news: Notify,
    connections: AtomicUsize,
}

/// A server that listens for events.
pub struct Receiver {
    shared: Arc<Shared>,
    address: SocketAddr,
}

impl Receiver {
    #[expect(clippy::disallowed_methods, reason = "a server of the tests")]
    pub async fn start() -> Self {
        let shared = Arc::new(Shared {
            answer: Mutex::new(Answer::Status(StatusCode::OK)),
            heard: Mutex::default(),
            news: Notify::new(),
            connections: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new().route("/events", post(listen)).with_state(Arc::clone(&shared));
        let counted = Arc::clone(&shared);
        let listener = axum::serve::ListenerExt::tap_io(listener, move |_| {
            counted.connections.fetch_add(1, Ordering::SeqCst);
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { shared, address }
    }

    pub fn url(&self) -> String {
        format!("http://{}/events", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn answer(&self, answer: Answer) {
        *self.shared.answer.lock().unwrap() = answer;
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.shared.heard.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Waits until it has been sent so many events.
    pub async fn has_heard(&self, events: usize) {
        loop {
            let news = self.shared.news.notified();
            if self.heard().len() >= events {
                return;
            }
            news.await;
        }
    }
}

async fn listen(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    shared.heard.lock().unwrap().push(Heard { headers, body: body.to_vec() });
    shared.news.notify_waiters();
    let answer = shared.answer.lock().unwrap().clone();
    match answer {
        Answer::Status(status) => (status, "so it is").into_response(),
        Answer::RetryAfter(patience) => {
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, patience)]).into_response()
        }
        Answer::Redirect(to) => Redirect::temporary(&to).into_response(),
        Answer::Never => std::future::pending().await,
    }
}
