//! A showcase on this machine.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use reqwest::Client;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::{
    clips, evidence,
    people::{Person, SHOWN},
    support::{
        api::{Api, free_port},
        processes::Process,
    },
};

/// A running `anb-video` with everything embedded, and its folder.
pub struct Site {
    pub url: String,
    /// Where the operators' console is, without `/console`.
    pub console: String,
    pub api: Api,
    pub dir: TempDir,
    run: Process,
}

/// Nobody here is in the way of anybody.
const UNLIMITED: [&str; 5] = [
    "ANB_CONSOLE__LOGINS_PER_MINUTE",
    "ANB_WEB__SIGNUPS_PER_MINUTE",
    "ANB_WEB__LOGINS_PER_MINUTE",
    "ANB_WEB__VOTES_PER_MINUTE",
    "ANB_WEB__UPLOADS_PER_MINUTE",
];

impl Site {
    /// Nobody has signed up yet.
    pub async fn empty(settings: &[(&str, &str)]) -> Self {
        Self::start(tempfile::tempdir().unwrap(), settings).await
    }

    /// With the people of [`SHOWN`], their videos and some votes.
    pub async fn with_videos(settings: &[(&str, &str)]) -> Self {
        static PREPARED: OnceCell<PathBuf> = OnceCell::const_new();
        let prepared = PREPARED.get_or_init(prepare).await;
        let dir = tempfile::tempdir().unwrap();
        copy(&prepared.join("data"), dir.path());
        Self::start(dir, settings).await
    }

    async fn start(dir: TempDir, settings: &[(&str, &str)]) -> Self {
        let (port, console_port) = (free_port(), free_port());
        let url = format!("http://127.0.0.1:{port}");
        let mut command = Command::new(program());
        command
            .arg("run")
            .current_dir(dir.path())
            .env("ANB_WEB__LISTEN", format!("127.0.0.1:{port}"))
            .env("ANB_WEB__PUBLIC_URL", &url)
            .env("ANB_WEB__UPLOAD_PART_BYTES", (5 << 20).to_string())
            .env("ANB_CONSOLE__LISTEN", format!("127.0.0.1:{console_port}"))
            .env("ANB_LOG__FORMAT", "json")
            // Cards are the same for everybody: encoded once for all stories.
            .env("ANB_MEDIA__CACHE_DIR", evidence::target("tmp/cards"))
            .env("ANB_MEDIA__QUALITY", "economy")
            .envs(UNLIMITED.map(|name| (name, "100000")))
            .envs(settings.iter().copied());
        let run = Process::spawn(command, &dir.path().join("run.log"));
        // The server cuts idle connections, and these stories have pauses.
        let client = Client::builder().pool_max_idle_per_host(0).build().unwrap();
        let console = format!("http://127.0.0.1:{console_port}");
        let operators = Api::on_port(client.clone(), console_port);
        let site = Self { url, console, api: Api::on_port(client, port), dir, run };
        let began = Instant::now();
        while !site.api.is_healthy().await || !operators.is_healthy().await {
            assert!(began.elapsed() < Duration::from_secs(30), "the site does not come up");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        site
    }

    pub async fn get(&self, path: &str) -> Value {
        let answer = self.api.client.get(self.api.url(path)).send().await.unwrap();
        answer.error_for_status().unwrap().json().await.unwrap()
    }

    /// Signs somebody up behind the browser's back; returns the access token.
    pub async fn knows(&self, person: &Person) -> String {
        self.api.new_player(person.first_name, person.city).await.unwrap()
    }

    /// Signs somebody up who then works in the console, as `jury`, `operator`
    /// or `admin`.
    pub async fn employs(&self, person: &Person, role: &str) {
        self.knows(person).await;
        let grant = ["admin", "user", "grant", person.email, role];
        let granted = Command::new(program()).args(grant).current_dir(self.dir.path()).status();
        assert!(granted.unwrap().success(), "{} is no {role}", person.first_name);
    }

    /// The access token of somebody who has signed up.
    pub async fn token(&self, person: &Person) -> String {
        let login = self.api.client.post(self.api.url("/api/auth/login"));
        let login = login.json(&serde_json::json!({
            "email": person.email, "password": person.password,
        }));
        let answer: Value = login.send().await.unwrap().json().await.unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// The id of a published video.
    pub async fn video(&self, title: &str) -> String {
        let videos = self.get("/api/public/videos?limit=100").await;
        let found = videos.as_array().unwrap().iter().find(|video| video["title"] == title);
        found.unwrap_or_else(|| panic!("no {title}"))["video_id"].as_str().unwrap().to_owned()
    }

    /// The id of somebody's page.
    pub async fn player(&self, person: &Person) -> String {
        let request = self.api.client.get(self.api.url("/api/auth/me"));
        let answer = request.bearer_auth(self.token(person).await).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["id"].to_string().replace('"', "")
    }

    /// How many requests to this route have been answered with this status.
    pub fn answered(&self, method: &str, route: &str, status: u16) -> usize {
        let is_such = |line: &Value| {
            (&line["method"], &line["route"], &line["status"])
                == (&method.into(), &route.into(), &status.into())
        };
        let log = self.run.log();
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).filter(is_such).count()
    }

    pub async fn has_published(&self, count: usize) {
        let began = Instant::now();
        let published = async || self.get("/api/public/videos?limit=100").await;
        while published().await.as_array().unwrap().len() < count {
            assert!(began.elapsed() < Duration::from_mins(3), "{}", self.run.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// The program that everybody else runs; `script/test` has built it.
pub fn program() -> PathBuf {
    let program = evidence::target("debug").join("anb-video");
    assert!(program.is_file(), "build it first: cargo build --package anb-video");
    program
}

/// Fills a showcase through its API, once for all stories, which get copies.
async fn prepare() -> PathBuf {
    let mut site = Site::empty(&[]).await;
    let clip = fs::read(clips::tiny()).unwrap();
    let mut tokens = Vec::new();
    for (person, titles) in SHOWN {
        let token = site.knows(person).await;
        for title in *titles {
            let answer = site.api.upload(&token, title, clip.clone()).await.unwrap();
            assert!(answer.status().is_success(), "{title}: {answer:?}");
        }
        tokens.push(token);
    }
    site.has_published(SHOWN.iter().map(|(_, titles)| titles.len()).sum()).await;
    for (place, (_, titles)) in SHOWN.iter().enumerate() {
        let id = site.video(titles[0]).await;
        for voter in tokens.iter().skip(place + 1) {
            site.api.vote(voter, &id).await.unwrap().error_for_status().unwrap();
        }
    }
    site.run.terminate();
    site.run.exits_within(Duration::from_secs(30));
    let prepared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("showcase");
    let _ = fs::remove_dir_all(&prepared);
    fs::create_dir_all(&prepared).unwrap();
    copy(&site.dir.path().join("data"), &prepared);
    prepared
}

fn copy(from: &Path, into: &Path) {
    let status = Command::new("cp").arg("-a").args([from, into]).status().unwrap();
    assert!(status.success());
}
