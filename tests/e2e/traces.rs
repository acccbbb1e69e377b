//! One trace from the upload's request to the published result, at a collector
//! of ours.

use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, extract::State, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value, trace::v1::Span,
};
use prost::Message as _;

use crate::{clips, site::Site};

/// A span, and the service that sent it.
type Sent = (String, Span);

/// Keeps what it is sent.
struct Collector {
    endpoint: String,
    spans: Arc<Mutex<Vec<Sent>>>,
}

impl Collector {
    #[expect(clippy::disallowed_methods, reason = "a server of the tests")]
    async fn start() -> Self {
        let spans = Arc::<Mutex<Vec<Sent>>>::default();
        let app = Router::new().fallback_service(post(take).with_state(Arc::clone(&spans)));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { endpoint, spans }
    }

    fn spans(&self) -> Vec<Sent> {
        self.spans.lock().unwrap().clone()
    }

    /// The trace of the only upload, once its last span is there.
    async fn upload(&self) -> Vec<Sent> {
        let start = Instant::now();
        loop {
            let spans = self.spans();
            let named = |name: &str| spans.iter().find(|(_, span)| span.name == name);
            // A parent ends, and is sent, after its children.
            if let (Some((_, request)), Some(_)) = (named(UPLOAD), named("receive")) {
                let id = request.trace_id.clone();
                return spans.into_iter().filter(|(_, span)| span.trace_id == id).collect();
            }
            assert!(start.elapsed() < Duration::from_mins(2), "no whole trace: {spans:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

async fn take(State(spans): State<Arc<Mutex<Vec<Sent>>>>, body: Bytes) {
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    for of_service in request.resource_spans {
        let attributes = of_service.resource.unwrap().attributes;
        let name = attributes.into_iter().find(|pair| pair.key == "service.name").unwrap();
        let Some(Value::StringValue(service)) = name.value.unwrap().value else { panic!() };
        let sent = of_service.scope_spans.into_iter().flat_map(|scope| scope.spans);
        spans.lock().unwrap().extend(sent.map(|span| (service.clone(), span)));
    }
}

const UPLOAD: &str = "POST /api/videos/upload";

/// Each step, the service that does it, and what it hangs below.
const LINKS: [(&str, &str, &str); 10] = [
    ("send", "anb-video-web", UPLOAD),
    ("receive", "anb-video-worker", "send"),
    ("claim", "anb-video-worker", "receive"),
    ("download", "anb-video-worker", "receive"),
    ("probe", "anb-video-worker", "receive"),
    ("encode", "anb-video-worker", "receive"),
    ("join", "anb-video-worker", "receive"),
    ("check", "anb-video-worker", "receive"),
    ("upload", "anb-video-worker", "receive"),
    ("publish", "anb-video-worker", "receive"),
];

#[tokio::test]
async fn one_trace_leads_from_the_upload_to_the_result() {
    let collector = Collector::start().await;
    let site = Site::embedded().set("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.endpoint);
    let _web = site.start("web");
    site.is_up().await;
    let ana = site.player("Ana", "Bogotá").await;
    let id = ana.uploads(clips::short(), "Triple").await;
    // The relay of the web process sends the message before there is a worker.
    let start = Instant::now();
    while !collector.spans().iter().any(|(_, span)| span.name == "send") {
        assert!(start.elapsed() < Duration::from_mins(1), "no message was sent");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let _worker = site.start("worker");
    ana.waits_for_status(&id, "completed").await;

    let trace = collector.upload().await;
    let named = |name: &str| {
        let mut found = trace.iter().filter(|(_, span)| span.name == name);
        let one = found.next().unwrap_or_else(|| panic!("no span {name}"));
        assert!(found.next().is_none(), "two spans {name}");
        one
    };
    let (service, request) = named(UPLOAD);
    assert_eq!(service, "anb-video-web");
    assert!(request.parent_span_id.is_empty(), "the trace begins with the request");
    for (name, service, parent) in LINKS {
        let (by, span) = named(name);
        assert_eq!(by, service, "{name}");
        assert_eq!(span.parent_span_id, named(parent).1.span_id, "{name} hangs below {parent}");
    }
}

#[tokio::test]
async fn a_collector_that_never_answers_delays_nothing() {
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", deaf.local_addr().unwrap());
    let held = Arc::<Mutex<Vec<std::net::TcpStream>>>::default();
    let holding = Arc::clone(&held);
    std::thread::spawn(move || {
        for stream in deaf.incoming().flatten() {
            holding.lock().unwrap().push(stream);
        }
    });
    let site = Site::embedded().set("ANB_TRACING__ENDPOINT", &endpoint);
    let mut web = site.start("web");
    site.is_up().await;
    let ana = site.player("Ana", "Bogotá").await;
    let start = Instant::now();
    while held.lock().unwrap().is_empty() {
        assert!(start.elapsed() < Duration::from_secs(30), "nobody calls the collector");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let _id = ana.uploads(clips::short(), "Triple").await;

    web.terminate();
    // It waits for a batch longer than that.
    assert!(web.exits_within(Duration::from_secs(4)).success());
}

#[tokio::test]
async fn without_an_endpoint_nothing_is_traced() {
    let collector = Collector::start().await;
    let site = Site::embedded().set("OTEL_EXPORTER_OTLP_ENDPOINT", "");
    let mut web = site.start("web");
    site.is_up().await;
    site.player("Ana", "Bogotá").await;
    web.terminate();
    assert!(web.exits_within(Duration::from_secs(20)).success());
    assert!(collector.spans().is_empty());
}
