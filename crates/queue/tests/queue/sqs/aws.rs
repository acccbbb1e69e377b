//! AWS on this machine: moto, and before it a server that keeps the promises
//! of SQS which moto does not keep, and breaks down when a test wants it to.

use std::{
    collections::{HashMap, VecDeque},
    future, iter,
    sync::{Arc, Mutex},
};

use anb_queue::{SqsOptions, SqsQueue};
use anb_testkit::Moto;
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_sqs::config::Region;
use aws_types::SdkConfig;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What happens to a request instead of what should.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// It is answered with this status and nothing is done.
    Status(u16),
    /// Nothing is done, and nothing is said.
    Silence,
    /// It is done, and its sender is told that it was not.
    AnswerLost,
}

/// The service as a queue under test sees it.
pub struct Aws {
    endpoint: String,
    service: Arc<Service>,
}

#[derive(Default)]
struct Service {
    http: reqwest::Client,
    /// Of the requests to come; `None` where all goes well.
    faults: Mutex<VecDeque<Option<Fault>>>,
    receipts: Mutex<Receipts>,
    /// moto may give a message to two who receive at the same moment. SQS does
    /// so, too, but hardly ever.
    receiving: tokio::sync::Mutex<()>,
}

/// Which receipt of a message is good: the latest.
#[derive(Default)]
struct Receipts {
    latest: HashMap<String, String>,
    message: HashMap<String, String>,
}

/// Of a client that speaks to `endpoint`.
pub fn sdk_config(endpoint: &str) -> SdkConfig {
    let key = Moto::ACCESS_KEY;
    let credentials = Credentials::new(key, key, None, None, "test");
    SdkConfig::builder()
        .region(Region::new(Moto::REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(endpoint)
        .build()
}

impl Aws {
    #[expect(clippy::disallowed_methods, reason = "a server of the tests")]
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let service = Arc::new(Service::default());
        let router = Router::new().fallback(serve).with_state(Arc::clone(&service));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { endpoint, service }
    }

    pub fn queue(&self, options: SqsOptions) -> SqsQueue {
        SqsQueue::new(&sdk_config(&self.endpoint), options)
    }

    /// The next requests run into these, one each.
    pub fn breaks_down(&self, faults: impl IntoIterator<Item = Fault>) {
        self.breaks_down_after(0, faults);
    }

    /// So many requests go well, and those after them run into these.
    pub fn breaks_down_after(&self, requests: usize, faults: impl IntoIterator<Item = Fault>) {
        let mut to_come = self.service.faults.lock().unwrap();
        to_come.extend(iter::repeat_n(None, requests));
        to_come.extend(faults.into_iter().map(Some));
    }

    /// Faults that no request has run into yet.
    pub fn faults_left(&self) -> usize {
        self.service.faults.lock().unwrap().len()
    }

    pub fn recovers(&self) {
        self.service.faults.lock().unwrap().clear();
    }
}

async fn serve(State(service): State<Arc<Service>>, headers: HeaderMap, body: Bytes) -> Response {
    let fault = service.faults.lock().unwrap().pop_front().flatten();
    match fault {
        None => service.answer(&headers, body).await,
        Some(Fault::Status(status)) => refuse(status),
        Some(Fault::Silence) => future::pending().await,
        Some(Fault::AnswerLost) => {
            service.answer(&headers, body).await;
            refuse(503)
        }
    }
}

fn refuse(status: u16) -> Response {
    (StatusCode::from_u16(status).unwrap(), "out of order").into_response()
}

impl Service {
    async fn answer(&self, headers: &HeaderMap, body: Bytes) -> Response {
        let target = headers["x-amz-target"].to_str().unwrap();
        let request: Value = serde_json::from_slice(&body).unwrap();
        let receipt = request["ReceiptHandle"].as_str().unwrap_or_default();
        match target {
            // moto takes every receipt a message ever had.
            "AmazonSQS.ChangeMessageVisibility" if self.is_old(receipt) => old_receipt(receipt),
            "AmazonSQS.DeleteMessage" if self.is_old(receipt) => "{}".into_response(),
            "AmazonSQS.ReceiveMessage" => {
                let waits = request["WaitTimeSeconds"].as_u64() > Some(0);
                let _turn = if waits { None } else { Some(self.receiving.lock().await) };
                let (status, answer) = self.ask_moto(headers, body).await;
                self.note_receipts(&answer);
                (status, answer).into_response()
            }
            _ => self.ask_moto(headers, body).await.into_response(),
        }
    }

    async fn ask_moto(&self, headers: &HeaderMap, body: Bytes) -> (StatusCode, Vec<u8>) {
        let mut request = self.http.post(Moto::shared().endpoint()).body(body);
        for name in ["authorization", "content-type", "x-amz-target", "x-amz-date"] {
            request = request.header(name, headers[name].clone());
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        (status, answer.bytes().await.unwrap().to_vec())
    }

    fn note_receipts(&self, answer: &[u8]) {
        let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
        let mut receipts = self.receipts.lock().unwrap();
        for message in answer["Messages"].as_array().into_iter().flatten() {
            let text = |name: &str| message[name].as_str().unwrap().to_owned();
            receipts.latest.insert(text("MessageId"), text("ReceiptHandle"));
            receipts.message.insert(text("ReceiptHandle"), text("MessageId"));
        }
    }

    /// Whether the message was received again since.
    fn is_old(&self, receipt: &str) -> bool {
        let receipts = self.receipts.lock().unwrap();
        let message = receipts.message.get(receipt);
        message.is_some_and(|message| receipts.latest[message] != receipt)
    }
}

/// What SQS says
/// ([aws-sdk-java#1628](https://github.com/aws/aws-sdk-java/issues/1628)).
fn old_receipt(receipt: &str) -> Response {
    let message = format!(
        "Value {receipt} for parameter ReceiptHandle is invalid. Reason: Message does not exist \
         or is not available for visibility timeout change."
    );
    let body = json!({ "__type": "com.amazonaws.sqs#InvalidParameterValue", "message": message });
    let headers = [("x-amzn-query-error", "InvalidParameterValue;Sender")];
    (StatusCode::BAD_REQUEST, headers, body.to_string()).into_response()
}
