//! A service behind HTTP that errs, dawdles, and forgets to answer.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    response::Response,
};
use reqwest::{Client, StatusCode, header};
use tokio::{net::TcpListener, sync::Notify, task::JoinSet, time::sleep};

use crate::proxy::{Proxy, Upstream};

/// Larger than any request of the storm.
const MOST_BYTES: usize = 64 << 20;

/// The way to a service: a line that can be cut, and somebody on it who
/// understands HTTP.
pub struct Edge {
    pub line: Arc<Proxy>,
    mood: Arc<Mood>,
    _tasks: JoinSet<()>,
}

/// How requests fare now.
struct Mood {
    service: SocketAddr,
    client: Client,
    answer: Mutex<Option<StatusCode>>,
    delay: Mutex<Duration>,
    answers_to_lose: AtomicU32,
    messages_to_double: AtomicU32,
    lost: Notify,
}

impl Edge {
    #[expect(clippy::disallowed_methods, reason = "a server of the tests")]
    pub async fn start(service: SocketAddr) -> Self {
        let client = Client::builder().no_proxy().pool_max_idle_per_host(0).build();
        let mood = Arc::new(Mood {
            service,
            client: client.expect("a client needs nothing"),
            answer: Mutex::default(),
            delay: Mutex::default(),
            answers_to_lose: AtomicU32::new(0),
            messages_to_double: AtomicU32::new(0),
            lost: Notify::new(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let line = Arc::new(Proxy::start(Upstream::Tcp(address)).await);
        let mut tasks = JoinSet::new();
        let router = Router::new().fallback(attend).with_state(Arc::clone(&mood));
        tasks.spawn(async move { axum::serve(listener, router).await.expect("it never ends") });
        let (forgetful, cut) = (Arc::clone(&mood), Arc::clone(&line));
        tasks.spawn(async move {
            loop {
                forgetful.lost.notified().await;
                cut.cut();
            }
        });
        Self { line, mood, _tasks: tasks }
    }

    /// `http://127.0.0.1:port`
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.line.address())
    }

    /// Answers everything with an error for a while.
    pub async fn answer(&self, status: u16, length: Duration) {
        set(&self.mood.answer, Some(StatusCode::from_u16(status).expect("a status")));
        sleep(length).await;
        set(&self.mood.answer, None);
    }

    /// Answers late for as long as it is late.
    pub async fn delay(&self, length: Duration) {
        set(&self.mood.delay, length);
        sleep(length).await;
        set(&self.mood.delay, Duration::ZERO);
    }

    /// Loses the answers to the next requests.
    pub fn lose_answers(&self, times: u32) {
        self.mood.answers_to_lose.store(times, Ordering::Relaxed);
    }

    /// Sends the next messages twice.
    pub fn send_twice(&self, times: u32) {
        self.mood.messages_to_double.store(times, Ordering::Relaxed);
    }

    pub fn heal(&self) {
        self.line.heal();
        set(&self.mood.answer, None);
        set(&self.mood.delay, Duration::ZERO);
        self.lose_answers(0);
        self.send_twice(0);
    }
}

fn set<T>(place: &Mutex<T>, value: T) {
    *place.lock().unwrap_or_else(PoisonError::into_inner) = value;
}

fn get<T: Copy>(place: &Mutex<T>) -> T {
    *place.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether one was left, and takes it.
fn take(count: &AtomicU32) -> bool {
    count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| count.checked_sub(1)).is_ok()
}

async fn attend(State(mood): State<Arc<Mood>>, request: Request) -> Response {
    if let Some(status) = get(&mood.answer) {
        return answer(status, Bytes::from_static(b"<Error><Code>InternalError</Code></Error>"));
    }
    let (head, body) = request.into_parts();
    // A client that goes away while it sends is nobody to answer to.
    let Ok(body) = to_bytes(body, MOST_BYTES).await else {
        return answer(StatusCode::BAD_REQUEST, Bytes::new());
    };
    let is_message =
        head.headers.get("x-amz-target").is_some_and(|to| to == "AmazonSQS.SendMessage");
    let mut result = mood.forward(&head, &body).await;
    if is_message && take(&mood.messages_to_double) {
        result = mood.forward(&head, &body).await;
    }
    if take(&mood.answers_to_lose) {
        mood.lost.notify_one();
        std::future::pending::<()>().await;
    }
    sleep(get(&mood.delay)).await;
    result.unwrap_or_else(|_| answer(StatusCode::BAD_GATEWAY, Bytes::new()))
}

impl Mood {
    async fn forward(
        &self,
        head: &axum::http::request::Parts,
        body: &Bytes,
    ) -> reqwest::Result<Response> {
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut headers = head.headers.clone();
        headers.remove(header::TRANSFER_ENCODING);
        let url = format!("http://{}{path}", self.service);
        let request = self.client.request(head.method.clone(), url).headers(headers);
        let came = request.body(body.clone()).send().await?;

        let mut response = Response::new(Body::empty());
        *response.status_mut() = came.status();
        *response.headers_mut() = came.headers().clone();
        response.headers_mut().remove(header::TRANSFER_ENCODING);
        response.headers_mut().remove(header::CONNECTION);
        *response.body_mut() = Body::from(came.bytes().await?);
        Ok(response)
    }
}

fn answer(status: StatusCode, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use axum::routing::post;

    use super::*;

    /// A service that counts what it is asked.
    #[expect(clippy::disallowed_methods, reason = "a server of the tests")]
    async fn counter() -> (Edge, Arc<AtomicU32>, String) {
        let count = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&count);
        let count_one = move || async move {
            counted.fetch_add(1, Ordering::Relaxed);
            "counted"
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", post(count_one));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let edge = Edge::start(address).await;
        let url = edge.endpoint();
        (edge, count, url)
    }

    #[tokio::test]
    async fn requests_and_answers_pass_unchanged() {
        let (_edge, count, url) = counter().await;
        let answer = Client::new().post(&url).body("one").send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "counted");
        assert_eq!(count.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn an_error_keeps_the_request_from_the_service() {
        let (edge, count, url) = counter().await;
        let asked = async {
            sleep(Duration::from_millis(50)).await;
            Client::new().post(&url).send().await.unwrap().status()
        };
        let (status, ()) = tokio::join!(asked, edge.answer(503, Duration::from_millis(300)));
        assert_eq!((status.as_u16(), count.load(Ordering::Relaxed)), (503, 0));
    }

    #[tokio::test]
    async fn a_lost_answer_was_an_answer() {
        let (edge, count, url) = counter().await;
        edge.lose_answers(1);
        Client::new().post(&url).send().await.unwrap_err();
        assert_eq!(count.load(Ordering::Relaxed), 1);
        Client::new().post(&url).send().await.unwrap();
        assert_eq!(count.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn only_messages_are_doubled() {
        let (edge, count, url) = counter().await;
        edge.send_twice(1);
        Client::new().post(&url).send().await.unwrap();
        let send = Client::new().post(&url).header("x-amz-target", "AmazonSQS.SendMessage");
        send.try_clone().unwrap().send().await.unwrap();
        send.send().await.unwrap();
        assert_eq!(count.load(Ordering::Relaxed), 4);
    }
}
