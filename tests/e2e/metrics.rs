//! A showcase at work, as Prometheus sees it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Stdio,
    time::{Duration, Instant},
};

use anb_telemetry::{catalogue::ALL, metric::Kind};
use reqwest::{Client, StatusCode};

use crate::{clips, promql, promql::Asked, site::Site, support::api::free_port};

/// Every metric that was told, and the labels of its first line.
type Told = BTreeMap<String, BTreeSet<String>>;

fn told(scrape: &str) -> Told {
    let mut told = Told::new();
    for line in scrape.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (series, _) = line.rsplit_once(' ').unwrap();
        let (name, labels) = series.split_once('{').unwrap_or((series, ""));
        let labels = labels.trim_end_matches('}').split("\",").filter(|label| !label.is_empty());
        let names = labels.map(|label| label.split_once('=').unwrap().0.to_owned());
        told.entry(name.to_owned()).or_insert_with(|| names.collect());
    }
    told
}

/// What the catalogue promises, series by series.
fn promised() -> Told {
    let labels = |labels: &[&str]| labels.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    let mut promised = Told::new();
    for about in ALL {
        let own = labels(about.labels);
        if let Kind::Histogram(_) = about.kind {
            let with_bound = own.iter().cloned().chain(["le".to_owned()]).collect();
            promised.insert(format!("{}_bucket", about.name), with_bound);
            promised.insert(format!("{}_sum", about.name), own.clone());
            promised.insert(format!("{}_count", about.name), own);
        } else {
            promised.insert(about.name.to_owned(), own);
        }
    }
    promised
}

fn asked_for() -> BTreeSet<Asked> {
    let expressions = promql::of_dashboard().into_iter().chain(promql::of_rules());
    expressions.flat_map(|expression| promql::asked(&expression)).collect()
}

/// Everything that happens in a showcase, once.
async fn busy_evening(site: &Site, scraped: &str) -> String {
    site.is_up().await;
    let ana = site.player("Ana", "Bogotá").await;
    let luis = site.player("Luis", "Cali").await;
    let id = ana.uploads(clips::short(), "Triple").await;
    ana.waits_for_status(&id, "completed").await;
    assert_eq!(luis.votes_for(&id).await, StatusCode::OK);
    assert_eq!(luis.votes_for(&id).await, StatusCode::BAD_REQUEST);
    assert_eq!(luis.sends_no_video().await, StatusCode::BAD_REQUEST);
    let start = Instant::now();
    loop {
        let scrape = Client::new().get(scraped).send().await.unwrap().text().await.unwrap();
        if scrape.contains(r#"anb_videos{status="completed"} 1"#) {
            return scrape;
        }
        assert!(start.elapsed() < Duration::from_mins(1), "never seen: {scrape}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn dashboard_and_alerts_ask_for_what_is_told() {
    let port = free_port();
    let site = Site::embedded()
        .set("ANB_METRICS__LISTEN", &format!("127.0.0.1:{port}"))
        .set("ANB_METRICS__SAMPLE_S", "5");
    let _run = site.start("run");
    let base = format!("http://127.0.0.1:{port}");
    let scrape = busy_evening(&site, &format!("{base}/metrics")).await;

    let (told, promised) = (told(&scrape), promised());
    assert_eq!(told, promised, "what is told is what docs/metrics.md says");
    for Asked { metric, labels } in asked_for() {
        let known = &promised[&metric];
        assert!(labels.is_subset(known), "{metric} has {known:?}, not all of {labels:?}");
    }
    assert!(scrape.contains(r#"anb_attempts_total{outcome="published",code="none"} 1"#));
    assert!(scrape.contains(r#"anb_votes_total{action="cast"} 1"#), "{scrape}");
    assert!(scrape.contains(r#"anb_votes_refused_total{code="already_voted"} 1"#));
    assert!(scrape.contains(r#"code="not_a_video"} 1"#));
    let original_bytes = fs::metadata(clips::short()).unwrap().len();
    assert!(scrape.contains(&format!(r#"anb_upload_bytes_total{{way="form"}} {original_bytes}"#)));
    let memory = value(&scrape, r#"anb_ffmpeg_peak_memory_bytes_sum{step="transcode"}"#);
    assert!((10e6..4e9).contains(&memory), "an ffmpeg with {memory} bytes");
    assert!(value(&scrape, "anb_encode_speed_ratio_sum") > 0.0);
    assert!(value(&scrape, "anb_worker_slots") >= 1.0);
    is_in_order(&scrape);
}

/// As Prometheus's own tool judges it.
fn is_in_order(scrape: &str) {
    let mut promtool = promql::promtool()
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool; `script/setup --test` fetches it");
    let mut input = promtool.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, scrape.as_bytes()).unwrap();
    drop(input);
    let output = promtool.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
}

fn value(scrape: &str, series: &str) -> f64 {
    let mut told = scrape.lines().filter_map(|line| line.rsplit_once(' '));
    let told = told.find(|(name, _)| *name == series);
    told.unwrap_or_else(|| panic!("no {series}")).1.parse().unwrap()
}

#[tokio::test]
async fn figures_for_cloudwatch_go_to_the_log_and_once_more_at_the_end() {
    let site = Site::embedded().set("ANB_METRICS__EMF", "true");
    let mut web = site.start("web");
    site.is_up().await;
    web.terminate();
    assert!(web.exits_within(Duration::from_mins(1)).success());
    let log = web.log();
    let line = log.lines().rfind(|line| line.contains("_aws")).expect("a line of figures");
    let figures: serde_json::Value = serde_json::from_str(line).unwrap();
    let told = &figures["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(told["Namespace"], "ANB/Video");
    assert!(figures["OldestWaitingVideoAge"].is_number(), "{figures}");
    assert!(figures["FailedVideos"].is_number() && figures.get("level").is_none(), "{figures}");
}

#[tokio::test]
async fn nobody_finds_figures_on_a_public_port_or_anything_else_beside_them() {
    let (port, console) = (free_port(), free_port());
    let site = Site::embedded()
        .set("ANB_CONSOLE__LISTEN", &format!("127.0.0.1:{console}"))
        .set("ANB_METRICS__LISTEN", &format!("127.0.0.1:{port}"));
    let _run = site.start("run");
    site.is_up().await;
    let client = Client::new();
    let status = async |port: u16, path: &str| {
        let url = format!("http://127.0.0.1:{port}{path}");
        client.get(url).send().await.unwrap().status()
    };

    for public in [site.port(), console] {
        for path in ["/metrics", "/metrics/", "/console/metrics", "//metrics"] {
            assert_eq!(status(public, path).await, StatusCode::NOT_FOUND, "{path} on {public}");
        }
    }
    for path in ["/", "/health", "/api/public/videos", "/console", "/metrics/x"] {
        assert_eq!(status(port, path).await, StatusCode::NOT_FOUND, "{path}");
    }
    let put = client.put(format!("http://127.0.0.1:{port}/metrics")).send().await.unwrap();
    assert_eq!(put.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_visitor_cannot_invent_labels() {
    let port = free_port();
    let site = Site::embedded().set("ANB_METRICS__LISTEN", &format!("127.0.0.1:{port}"));
    let _web = site.start("web");
    site.is_up().await;
    let client = Client::new();
    let method = reqwest::Method::from_bytes(b"INVENTO").unwrap();
    for path in ["/inventado-1", "/inventado/2?x=3", "/api/videos/inventado-4"] {
        let url = format!("http://127.0.0.1:{}{path}", site.port());
        client.get(&url).send().await.unwrap();
        client.request(method.clone(), &url).send().await.unwrap();
    }
    let scrape = client.get(format!("http://127.0.0.1:{port}/metrics")).send().await.unwrap();
    let scrape = scrape.text().await.unwrap().to_lowercase();
    assert!(!scrape.contains("invent"), "{scrape}");
    assert!(scrape.contains(r#"route="unmatched""#) && scrape.contains(r#"method="other""#));
}

#[test]
fn alerts_fire_when_they_should() {
    for arguments in [
        ["check", "rules", "prometheus-rules.yaml"],
        ["test", "rules", "prometheus-rules.test.yaml"],
        ["check", "config", "prometheus.yaml"],
    ] {
        let mut promtool = promql::promtool();
        promtool.args(arguments).current_dir(promql::file(""));
        let output = promtool.output().expect("promtool; `script/setup --test` fetches it");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{arguments:?}: {said}");
    }
}

#[test]
fn every_alert_is_tested_and_has_a_page_to_turn_to() {
    let read = |name: &str| fs::read_to_string(promql::file(name)).unwrap();
    let (rules, tests) = (read("prometheus-rules.yaml"), read("prometheus-rules.test.yaml"));
    let operations = read("../../docs/operations.md");
    let alerts = rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: "));
    let alerts: Vec<_> = alerts.collect();
    assert!(alerts.len() > 10);
    for alert in alerts {
        assert!(tests.contains(&format!("alertname: {alert}\n")), "{alert} is never fired");
        assert!(tests.contains(&format!("alertname: {alert}, exp_alerts: []")), "{alert}");
        assert!(operations.contains(&format!("| `{alert}`")), "{alert} is not explained");
    }
}

#[test]
fn the_dashboard_leaves_no_figure_out() {
    let shown = asked_for();
    for about in ALL {
        let is_shown = |asked: &Asked| asked.metric.starts_with(about.name);
        assert!(shown.iter().any(is_shown), "{} is shown nowhere", about.name);
    }
}
