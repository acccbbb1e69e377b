//! `anb-video doctor` against S3 and SQS as moto plays them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{collections::HashMap, process::Command};

use anb_testkit::Moto;
use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

const ACCOUNT: &str = "123456789012";
const SITE: &str = "https://video.example.org";

/// A bucket and a queue of one's own, and a doctor who looks at them.
struct Practice {
    folder: TempDir,
    bucket: String,
    queue: String,
    dead_letters: String,
    http: Client,
}

impl Practice {
    async fn new() -> Self {
        let moto = tokio::task::spawn_blocking(Moto::shared);
        moto.await.unwrap();
        Self {
            folder: tempfile::tempdir().unwrap(),
            bucket: Moto::fresh_name("doctor"),
            queue: Moto::fresh_name("doctor-queue"),
            dead_letters: Moto::fresh_name("doctor-dlq"),
            http: Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// As the deployment sets everything up.
    async fn well() -> Self {
        let practice = Self::new().await;
        practice.makes_bucket().await;
        practice.allows(SITE).await;
        practice.makes_queues(Some("3")).await;
        practice
    }

    async fn makes_bucket(&self) {
        let url = format!("{}/{}", endpoint(), self.bucket);
        assert!(self.http.put(url).send().await.unwrap().status().is_success());
    }

    async fn allows(&self, origin: &str) {
        let url = format!("{}/{}?cors", endpoint(), self.bucket);
        let rule = format!(
            "<CORSConfiguration><CORSRule><AllowedOrigin>{origin}</AllowedOrigin>\
             <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>\
             <AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration>"
        );
        assert!(self.http.put(url).body(rule).send().await.unwrap().status().is_success());
    }

    async fn makes_queues(&self, max_receives: Option<&str>) {
        self.asks_sqs("CreateQueue", json!({"QueueName": self.dead_letters})).await;
        let arn = format!("arn:aws:sqs:{}:{ACCOUNT}:{}", Moto::REGION, self.dead_letters);
        let policy = |count| json!({"deadLetterTargetArn": arn, "maxReceiveCount": count});
        let attributes = max_receives
            .map_or_else(|| json!({}), |count| json!({"RedrivePolicy": policy(count).to_string()}));
        let queue = json!({"QueueName": self.queue, "Attributes": attributes});
        self.asks_sqs("CreateQueue", queue).await;
    }

    /// SQS's JSON protocol; moto looks at the signature only to learn which
    /// service is meant.
    async fn asks_sqs(&self, action: &str, body: Value) {
        let scope = format!("{}/20260101/{}/sqs/aws4_request", Moto::ACCESS_KEY, Moto::REGION);
        let signature =
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0000");
        let request = self
            .http
            .post(endpoint())
            .header("authorization", signature)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("AmazonSQS.{action}"))
            .body(body.to_string());
        assert!(request.send().await.unwrap().status().is_success(), "{action}");
    }

    /// What the doctor finds: the checks of storage and queue by name.
    async fn examination(&self) -> HashMap<String, Value> {
        let endpoint = endpoint();
        let url = |name: &str| format!("{endpoint}/{ACCOUNT}/{name}");
        let mut doctor = Command::new(env!("CARGO_BIN_EXE_anb-video"));
        doctor
            .args(["doctor", "--json"])
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.folder.path())
            .env("AWS_S3_BUCKET", &self.bucket)
            .env("SQS_QUEUE_URL", url(&self.queue))
            .env("SQS_DLQ_URL", url(&self.dead_letters))
            .env("AWS_ENDPOINT_URL", &endpoint)
            .env("AWS_REGION", Moto::REGION)
            .env("AWS_ACCESS_KEY_ID", Moto::ACCESS_KEY)
            .env("AWS_SECRET_ACCESS_KEY", Moto::ACCESS_KEY)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("ANB_WEB__PUBLIC_URL", SITE);
        let output = tokio::task::spawn_blocking(move || doctor.output().unwrap()).await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let checks: Vec<Value> = serde_json::from_slice(&output.stdout).expect(&said);
        checks.into_iter().map(|check| (name_of(&check), check)).collect()
    }
}

fn endpoint() -> String {
    Moto::shared().endpoint()
}

fn name_of(check: &Value) -> String {
    check["check"].as_str().unwrap().to_owned()
}

fn is_well(found: &HashMap<String, Value>, name: &str) -> bool {
    found.get(name).unwrap_or_else(|| panic!("{name} was not looked at"))["ok"] == true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deployment_that_is_set_up_right_is_well() {
    let found = Practice::well().await.examination().await;

    let chain = [
        "storage",
        "storage: read link",
        "storage: part link",
        "storage: CORS",
        "storage: clock",
        "storage: delete",
        "queue",
        "queue: dead letters",
    ];
    for name in chain {
        assert!(is_well(&found, name), "{:?}", found[name]);
    }
    assert!(found["queue"]["found"].as_str().unwrap().ends_with("a message went round"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_is_not_there_is_named_with_the_permissions_it_takes() {
    let practice = Practice::new().await;
    practice.makes_queues(Some("3")).await;

    let found = practice.examination().await;

    assert!(!is_well(&found, "storage"));
    assert!(found["storage"]["remedy"].as_str().unwrap().contains("s3:PutObject"));
    assert!(is_well(&found, "queue"), "one trouble does not hide the rest");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_without_a_way_to_the_dead_letters_is_not_well() {
    for (max_receives, problem) in
        [(None, "the queue has no redrive policy"), (Some("5"), "maxReceiveCount is 5, not 3")]
    {
        let practice = Practice::new().await;
        practice.makes_bucket().await;
        practice.makes_queues(max_receives).await;

        let found = practice.examination().await;

        assert!(!is_well(&found, "queue: dead letters"));
        assert_eq!(found["queue: dead letters"]["problem"], problem);
        let remedy = found["queue: dead letters"]["remedy"].as_str().unwrap();
        assert!(remedy.contains("\"maxReceiveCount\": 3"), "{remedy}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_lets_only_other_sites_send_parts_is_not_well() {
    let practice = Practice::well().await;
    practice.allows("https://elsewhere.example.org").await;

    let found = practice.examination().await;

    assert!(is_well(&found, "storage: part link"));
    assert!(!is_well(&found, "storage: CORS"));
    assert!(found["storage: CORS"]["remedy"].as_str().unwrap().contains(SITE));
}
