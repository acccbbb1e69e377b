//! S3 and SQS as moto plays them, each behind an edge of its own. What is
//! looked up here for the final checks goes past the edges and past our own
//! code.

use std::collections::BTreeMap;

use anb_testkit::Moto;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

use crate::{http::Edge, plan::Service, support::api::free_port};

const BUCKET: &str = "anb-faults";
const QUEUE: &str = "anb-faults-processing-queue";
const DEAD_LETTERS: &str = "anb-faults-processing-dlq";
const ACCOUNT: &str = "123456789012";

/// Storage and queue.
pub struct Aws {
    moto: Moto,
    client: Client,
    storage: Edge,
    queue: Edge,
}

impl Aws {
    pub async fn start() -> Self {
        let moto = tokio::task::spawn_blocking(|| Moto::start(free_port())).await;
        let moto = moto.expect("moto starts");
        let (storage, queue) =
            (Edge::start(moto.address()).await, Edge::start(moto.address()).await);
        let client = Client::builder().no_proxy().build().expect("a client needs nothing");
        let aws = Self { moto, client, storage, queue };
        aws.make_bucket_and_queues().await;
        aws
    }

    async fn make_bucket_and_queues(&self) {
        let bucket = self.client.put(self.storage_url("")).send().await.expect("moto answers");
        assert_eq!(bucket.status(), StatusCode::OK);
        self.ask_queue("CreateQueue", json!({"QueueName": DEAD_LETTERS})).await;
        let dead = format!("arn:aws:sqs:{}:{ACCOUNT}:{DEAD_LETTERS}", Moto::REGION);
        let redrive = json!({"deadLetterTargetArn": dead, "maxReceiveCount": "3"}).to_string();
        let attributes = json!({"VisibilityTimeout": "6", "RedrivePolicy": redrive});
        self.ask_queue("CreateQueue", json!({"QueueName": QUEUE, "Attributes": attributes})).await;
    }

    /// What our processes are told.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let queue_url = |name: &str| format!("{}/{ACCOUNT}/{name}", self.queue.endpoint());
        vec![
            ("ANB_STORAGE__KIND", "s3".into()),
            ("AWS_S3_BUCKET", BUCKET.into()),
            ("AWS_ENDPOINT_URL_S3", self.storage.endpoint()),
            ("ANB_QUEUE__KIND", "sqs".into()),
            ("SQS_QUEUE_URL", queue_url(QUEUE)),
            ("SQS_DLQ_URL", queue_url(DEAD_LETTERS)),
            ("AWS_ENDPOINT_URL_SQS", self.queue.endpoint()),
            ("AWS_REGION", Moto::REGION.into()),
            ("AWS_ACCESS_KEY_ID", Moto::ACCESS_KEY.into()),
            ("AWS_SECRET_ACCESS_KEY", Moto::ACCESS_KEY.into()),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
        ]
    }

    pub fn edge(&self, service: Service) -> &Edge {
        match service {
            Service::Storage => &self.storage,
            Service::Queue => &self.queue,
            Service::Database => unreachable!("the database is not AWS's"),
        }
    }

    pub fn heal(&self) {
        self.storage.heal();
        self.queue.heal();
    }

    /// Every object.
    pub async fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        let mut objects = BTreeMap::new();
        let mut after = String::new();
        loop {
            let page = self.storage_url(&format!("?list-type=2&start-after={after}"));
            let listing = self.get(&page).await.text().await.expect("moto lists");
            let keys = elements(&listing, "Key");
            let Some(last) = keys.last() else { return objects };
            after.clone_from(last);
            for key in keys {
                let object = self.get(&self.storage_url(&format!("/{key}"))).await;
                objects.insert(key, object.bytes().await.expect("moto has it").to_vec());
            }
        }
    }

    /// Keys of uploads in parts that were neither completed nor aborted.
    pub async fn open_uploads(&self) -> Vec<String> {
        let listing = self.get(&self.storage_url("?uploads")).await;
        elements(&listing.text().await.expect("moto lists"), "Key")
    }

    /// Messages in the queue: visible, on loan, delayed.
    pub async fn messages(&self) -> u64 {
        let url = format!("{}/{ACCOUNT}/{QUEUE}", self.moto.endpoint());
        let ask = json!({"QueueUrl": url, "AttributeNames": ["All"]});
        let answer = self.ask_queue("GetQueueAttributes", ask).await;
        let count = |kind: &str| -> u64 {
            let name = format!("ApproximateNumberOfMessages{kind}");
            answer["Attributes"][&name].as_str().and_then(|n| n.parse().ok()).expect("a number")
        };
        count("") + count("NotVisible") + count("Delayed")
    }

    fn storage_url(&self, rest: &str) -> String {
        format!("{}/{BUCKET}{rest}", self.moto.endpoint())
    }

    async fn get(&self, url: &str) -> Response {
        let request = self.client.get(url).header("authorization", signature("s3"));
        let answer = request.send().await.expect("moto answers");
        assert_eq!(answer.status(), StatusCode::OK, "{url}");
        answer
    }

    /// SQS's JSON protocol.
    async fn ask_queue(&self, action: &str, body: Value) -> Value {
        let request = self.client.post(self.moto.endpoint());
        let request = request.header("authorization", signature("sqs"));
        let request = request.header("x-amz-target", format!("AmazonSQS.{action}"));
        let request = request.header("content-type", "application/x-amz-json-1.0");
        let answer = request.body(body.to_string()).send().await.expect("moto answers");
        assert_eq!(answer.status(), StatusCode::OK, "{action}");
        answer.json().await.expect("moto speaks JSON")
    }
}

/// moto looks at signatures only to learn that there is one, and which service
/// is meant.
fn signature(service: &str) -> String {
    let scope = format!("{}/20260101/{}/{service}/aws4_request", Moto::ACCESS_KEY, Moto::REGION);
    format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0000")
}

/// The contents of every `<name>` in an XML document without attributes.
fn elements(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let starts = xml.split(open.as_str()).skip(1);
    starts.filter_map(|rest| Some(rest.split_once(close.as_str())?.0.to_owned())).collect()
}
