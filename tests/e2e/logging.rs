//! What docs/logging.md promises, of the program itself.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use reqwest::{Client, StatusCode, redirect::Policy};
use serde_json::{Map, Value, json};

use crate::{
    clips,
    site::Site,
    support::{api::PASSWORD, processes::Process},
};

type Line = Map<String, Value>;

const TITLE: &str = "Jugada secreta";

/// What counts has no unit (rule 3).
const COUNTS: [&str; 6] = ["attempt", "cores", "receive_count", "slots", "status", "tries"];
const UNITS: [&str; 4] = ["_ms", "_s", "_bytes", "_messages"];

fn lines(log: &str) -> Vec<Line> {
    let line = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no object: {line}"));
    log.lines().map(line).collect()
}

/// Ours: libraries have habits of their own.
fn is_ours(line: &Line) -> bool {
    text(line, "target").starts_with("anb_")
}

fn text<'l>(line: &'l Line, field: &str) -> &'l str {
    line.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// The only line with these words.
fn only<'l>(lines: &'l [Line], message: &str) -> &'l Line {
    let found: Vec<_> = lines.iter().filter(|line| text(line, "message") == message).collect();
    let [only] = found[..] else { panic!("{message}: {found:?}") };
    only
}

/// RFC 3339, UTC, milliseconds.
fn is_timestamp(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    shape == "9999-99-99T99:99:99.999Z"
}

/// Ana signs up, mistypes her password, uploads a clip, looks at it and fetches
/// it; then somebody uploads what is none. Returns the clip and what nobody may
/// read in the log.
async fn an_evening(site: &Site) -> (String, Vec<String>) {
    site.is_up().await;
    let ana = site.player("Ana", "Bogotá").await;
    let login = json!({ "email": "ana@example.com", "password": "a-wrong-guess" });
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let url = |path: &str| format!("http://127.0.0.1:{}{path}", site.port());
    let refused = client.post(url("/api/auth/login")).json(&login).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let typed = [("email", "ana@example.com"), ("password", PASSWORD), ("next", "/")];
    let form = client.post(url("/sign-in")).header("origin", url("")).form(&typed);
    let cookie = form.send().await.unwrap().headers()["set-cookie"].to_str().unwrap().to_owned();
    let session = cookie.split_once('=').unwrap().1.split(';').next().unwrap().to_owned();
    let id = ana.uploads(clips::short(), TITLE).await;
    let video = ana.waits_for_status(&id, "completed").await;
    let links = ["original_url", "processed_url"].map(|link| video[link].as_str().unwrap());
    for link in links {
        site.download(link).await;
    }
    assert_eq!(ana.sends_no_video().await, StatusCode::BAD_REQUEST);
    let signatures = links.map(|link| link.split("signature=").nth(1).unwrap());
    let signatures = signatures.map(|rest| rest.split('&').next().unwrap().to_owned());
    let mut secrets: Vec<_> = ["ana@example.com", PASSWORD, "a-wrong-guess", TITLE, "clip.mp4"]
        .map(ToOwned::to_owned)
        .to_vec();
    secrets.extend(signatures);
    secrets.extend([ana.token().to_owned(), session]);
    (id, secrets)
}

#[tokio::test]
async fn everything_is_told_in_lines_of_fields_and_nothing_personal() {
    let site = Site::embedded().set("ANB_LOG__FILTER", "debug").set("ANB_WORKER__NAME", "libero");
    let run = site.start("run");
    let (video, secrets) = an_evening(&site).await;
    let log = run.log();
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} is in the log");
    }
    let lines = lines(&log);
    for line in &lines {
        assert!(is_timestamp(text(line, "timestamp")), "{line:?}");
        assert!(["ERROR", "WARN", "INFO", "DEBUG", "TRACE"].contains(&text(line, "level")));
        assert!(!text(line, "target").is_empty() && line.contains_key("message"), "{line:?}");
        assert!(line.keys().all(|name| !name.starts_with("otel.")), "{line:?}");
    }
    for line in lines.iter().filter(|line| is_ours(line)) {
        let message = text(line, "message");
        assert!(!message.contains(|c: char| c.is_ascii_digit()), "fixed words: {message}");
        let mut numbers = line.iter().filter(|(_, value)| value.is_number());
        let has_unit = |name: &str| UNITS.iter().any(|unit| name.ends_with(unit));
        let bare = numbers.find(|(name, _)| !has_unit(name) && !COUNTS.contains(&name.as_str()));
        assert_eq!(bare, None, "a number without its unit in {line:?}");
        assert!(!["progress", "percent"].iter().any(|name| line.contains_key(*name)), "{line:?}");
    }
    of_its_request(&lines, &video);
    of_its_job(&lines, &video);
    let errors: Vec<_> = lines.iter().filter(|line| text(line, "level") == "ERROR").collect();
    assert!(errors.is_empty(), "a good evening: {errors:?}");
}

/// The line of the upload.
fn of_its_request(lines: &[Line], video: &str) {
    let is_upload = |line: &&Line| {
        text(line, "message") == "request"
            && text(line, "route") == "/api/videos/upload"
            && text(line, "video_id") == video
    };
    let upload = lines.iter().find(is_upload).expect("the upload is logged");
    assert_eq!(text(upload, "method"), "POST");
    assert_eq!(text(upload, "client"), "127.0.0.1");
    assert_eq!(upload["status"], 201);
    assert!(upload["duration_ms"].is_u64() && upload.contains_key("request_id"), "{upload:?}");
    // The template, though the address was another.
    let routes = lines.iter().filter(|line| text(line, "message") == "request");
    let routes: Vec<_> = routes.map(|line| text(line, "route")).collect();
    assert!(routes.contains(&"/api/videos/{id}") && routes.iter().all(|at| !at.contains(video)));
}

/// The lines of the job, from its receipt to the published result.
fn of_its_job(lines: &[Line], video: &str) {
    let published = only(lines, "video published");
    assert_eq!(text(published, "video_id"), video);
    assert_eq!(published["attempt"], 1);
    assert_eq!(published["receive_count"], 1);
    assert!(text(published, "worker").starts_with("libero-"), "{published:?}");
    assert!(!text(published, "message_id").is_empty());
    let trace = text(published, "traceparent");
    assert_eq!(trace.split('-').map(str::len).collect::<Vec<_>>(), [2, 32, 16, 2], "{trace}");
    let of_worker = |line: &&Line| line.contains_key("receive_count");
    for line in lines.iter().filter(of_worker).filter(|line| line.contains_key("attempt")) {
        assert_eq!((text(line, "video_id"), &line["attempt"]), (video, &json!(1)), "{line:?}");
    }
}

/// Runs `anb-video web` with these settings until it says that it is there.
async fn what_a_service_says(settings: &[(&str, &str)]) -> String {
    let mut site = Site::embedded();
    for (name, value) in settings {
        site = site.set(name, value);
    }
    let mut shell = Command::new("sh");
    shell.args(["-c", &started(&site)]);
    site.lends_settings_to(&mut shell);
    let web = Process::spawn(shell, &site.dir.path().join("stderr"));
    site.is_up().await;
    web.log()
}

/// For a shell: the greeting, which is for people, goes elsewhere.
fn started(site: &Site) -> String {
    format!("exec '{}' web > '{}'", env!("CARGO_BIN_EXE_anb-video"), stdout(site).display())
}

fn stdout(site: &Site) -> PathBuf {
    site.dir.path().join("stdout")
}

#[tokio::test]
async fn a_machine_reads_json_and_a_person_text() {
    let unset = what_a_service_says(&[("ANB_LOG__FORMAT", "auto")]).await;
    assert!(!lines(&unset).is_empty(), "a file is no terminal");
    let pretty = what_a_service_says(&[("ANB_LOG__FORMAT", "pretty")]).await;
    assert!(pretty.contains(" INFO ") && !pretty.contains("{\""), "{pretty}");
    assert!(!pretty.contains('\u{1b}'), "colours are for terminals");
}

#[tokio::test]
async fn the_filter_chooses_what_is_written() {
    let quiet = what_a_service_says(&[("ANB_LOG__FILTER", "warn")]).await;
    assert_eq!(quiet, "");
    let chosen = what_a_service_says(&[("ANB_LOG__FILTER", "warn,anb_http=info")]).await;
    let chosen = lines(&chosen);
    assert!(!chosen.is_empty(), "the request of whoever looked is told");
    assert!(chosen.iter().all(|line| text(line, "target").starts_with("anb_http")), "{chosen:?}");
}

/// util-linux's `script` gives it a terminal.
#[tokio::test]
async fn on_a_terminal_it_is_coloured_text_on_standard_error() {
    let site = Site::embedded().set("ANB_LOG__FORMAT", "auto");
    let mut terminal = Command::new("script");
    terminal.args(["-qefc", &started(&site), "/dev/null"]);
    site.lends_settings_to(&mut terminal);
    let web = Process::spawn(terminal, &site.dir.path().join("terminal"));
    site.is_up().await;
    // `script` hands on what it reads a moment later.
    let began = Instant::now();
    while !web.log().contains("\u{1b}[32m INFO") {
        assert!(began.elapsed() < Duration::from_secs(30), "{}", web.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let greeting = fs::read_to_string(stdout(&site)).unwrap();
    assert!(greeting.contains("Open it in a browser") && !greeting.contains("INFO"), "{greeting}");
}

#[tokio::test]
async fn what_a_command_is_asked_for_does_not_mix_with_its_log() {
    let site = Site::embedded().set("ANB_LOG__FILTER", "debug");
    site.runs(&["migrate"]);
    let mut command = site.command(&["admin", "user", "list", "--json"]);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{log}");
    serde_json::from_slice::<Value>(&output.stdout).expect("nothing but the answer");
    lines(&log);
}
