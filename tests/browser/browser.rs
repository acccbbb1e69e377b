//! A browser of its own for each visitor, and what can be done with it.

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    process::Command,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use futures::FutureExt as _;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    By, Key, WebDriver, WebElement,
    extensions::query::{ElementPollerWithTimeout, ElementQueryable as _},
};
use tokio::net::TcpStream;

use crate::{
    device::Device,
    evidence,
    site::Site,
    support::{api::free_port, processes::Process},
};

/// How long a page may take to show what it should.
const PATIENCE: Duration = Duration::from_mins(1);
const GLANCE: Duration = Duration::from_millis(50);

pub struct Browser {
    pub driver: WebDriver,
    site: String,
    operators: String,
    console: Mutex<Vec<String>>,
    _chromedriver: Process,
    _folder: TempDir,
}

/// Tells a story with a browser on the site. At the end its console must have
/// nothing to complain about.
pub async fn visit(story: &str, site: &Site, device: Device, told: impl AsyncFnOnce(&Browser)) {
    let browser = Browser::open(site, device).await;
    let ending = AssertUnwindSafe(told(&browser)).catch_unwind().await;
    let complaints = browser.complaints().await;
    if ending.is_err() || !complaints.is_empty() {
        evidence::leave(&browser, story).await;
    }
    let _ = browser.driver.quit().await;
    if let Err(panic) = ending {
        resume_unwind(panic);
    }
    assert!(complaints.is_empty(), "the console complains: {complaints:#?}");
}

impl Browser {
    async fn open(site: &Site, device: Device) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}"));
        // Where the driver makes a profile for the browser.
        command.envs(["HOME", "TMPDIR"].map(|name| (name, folder.path())));
        let chromedriver = Process::spawn(command, &folder.path().join("chromedriver.log"));
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(began.elapsed() < PATIENCE, "chromedriver does not come up");
            tokio::time::sleep(GLANCE).await;
        }
        let capabilities = device.capabilities().unwrap();
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await.expect(
            "chromium-headless-shell and chromium-driver are installed (script/setup --test)",
        );
        driver.set_poller(Arc::new(ElementPollerWithTimeout::new(PATIENCE, GLANCE)));
        let browser = Self {
            driver,
            site: site.url.clone(),
            operators: site.console.clone(),
            console: Mutex::default(),
            _chromedriver: chromedriver,
            _folder: folder,
        };
        let without_scripts = json!({"value": !device.scripts});
        browser.devtools("Emulation.setScriptExecutionDisabled", without_scripts).await;
        browser
    }

    /// Of the site; or of the operators' console, which has paths of its own.
    pub async fn goes_to(&self, path: &str) {
        let base = if path.starts_with("/console") { &self.operators } else { &self.site };
        self.driver.goto(format!("{base}{path}")).await.unwrap();
    }

    /// Path and query of the page it is on.
    pub async fn place(&self) -> String {
        let address = self.driver.current_url().await.unwrap();
        let query = address.query().map(|query| format!("?{query}"));
        format!("{}{}", address.path(), query.unwrap_or_default())
    }

    pub async fn is_at(&self, path: &str) {
        let arrived = async || self.place().await.split('?').next() == Some(path);
        self.until(&format!("{path} is reached"), arrived).await;
    }

    /// Waits for what a person would wait for.
    pub async fn until(&self, what: &str, happened: impl AsyncFn() -> bool) {
        let began = Instant::now();
        while !happened().await {
            assert!(began.elapsed() < PATIENCE, "not after {PATIENCE:?}: {what}");
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// The first element that can be seen.
    pub async fn sees(&self, css: &str) -> WebElement {
        let began = Instant::now();
        loop {
            match self.driver.query(By::Css(css)).nowait().and_displayed().first().await {
                Ok(element) => return element,
                // What a script replaces just now is there a moment later.
                Err(error) => assert!(began.elapsed() < PATIENCE, "{css} is not seen: {error}"),
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    pub async fn count(&self, css: &str) -> usize {
        self.driver.find_all(By::Css(css)).await.unwrap().len()
    }

    pub async fn clicks(&self, css: &str) {
        let element = self.sees(css).await;
        element.scroll_into_view().await.unwrap();
        element.click().await.unwrap();
    }

    /// Clicks on what leads to another page, and waits for that page.
    pub async fn follows(&self, css: &str) {
        let page = self.driver.find(By::Tag("html")).await.unwrap();
        self.clicks(css).await;
        self.until("another page", async || page.tag_name().await.is_err()).await;
        self.sees("main").await;
    }

    /// Writes instead of what stands in a field.
    pub async fn writes(&self, css: &str, text: &str) {
        let field = self.sees(css).await;
        if field.tag_name().await.unwrap() != "select" {
            field.clear().await.unwrap();
        }
        field.send_keys(text).await.unwrap();
    }

    /// Chooses files, as a file chooser would: the field itself may be hidden.
    pub async fn chooses(&self, css: &str, files: &[&std::path::Path]) {
        let paths: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
        let field = self.driver.query(By::Css(css)).first().await.unwrap();
        field.send_keys(paths.join("\n")).await.unwrap();
    }

    pub async fn presses(&self, key: Key) {
        self.driver.action_chain().send_keys(key).perform().await.unwrap();
    }

    /// What can be read in an element.
    pub async fn reads(&self, css: &str) -> String {
        self.sees(css).await.text().await.unwrap()
    }

    /// Waits until something can be read somewhere on the page.
    pub async fn finds(&self, text: &str) {
        let found = async || self.text().await.contains(text);
        self.until(&format!("\"{text}\" can be read"), found).await;
    }

    /// All that can be read on the page.
    pub async fn text(&self) -> String {
        let Ok(body) = self.driver.find(By::Tag("body")).await else { return String::new() };
        body.text().await.unwrap_or_default()
    }

    /// What a script in the page finds out; `…` of `return …`.
    pub async fn asks<T: DeserializeOwned>(&self, expression: &str) -> T {
        let script = format!("return {expression}");
        let answer = self.driver.execute(script, Vec::new()).await.unwrap();
        answer.convert().unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// Waits until a script calls `done`; returns what with.
    pub async fn waits(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1];\n{script}");
        self.driver.execute_async(script, Vec::new()).await.unwrap().json().clone()
    }

    /// Says something that `WebDriver` has no word for.
    pub async fn devtools(&self, method: &str, parameters: Value) -> Value {
        self.driver.cdp().send_raw(method, parameters).await.unwrap()
    }

    /// Everything that the console has shown so far.
    pub async fn console(&self) -> Vec<String> {
        let news = self.driver.browser_log().await.unwrap_or_default();
        let mut console = self.console.lock().unwrap();
        console.extend(news.into_iter().map(|entry| {
            let source = entry.source.unwrap_or_default();
            format!("{} {source} {}", entry.level, entry.message)
        }));
        console.clone()
    }

    /// Violations of the content security policy, errors of scripts, and files
    /// of ours that are not there.
    async fn complaints(&self) -> Vec<String> {
        let is_complaint = |line: &String| {
            let severe = line.starts_with("SEVERE");
            let ours = ["SEVERE javascript", "SEVERE console-api"];
            line.contains("Content Security Policy")
                || ours.iter().any(|source| line.starts_with(source))
                || (severe && line.contains("/assets/") && !line.contains("INTERNET_DISCONNECTED"))
        };
        self.console().await.into_iter().filter(is_complaint).collect()
    }
}
