//! A showcase on this machine, and its players.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use anb_domain::{SystemClock, SystemIds};
use anb_store::{Db, DbOptions, Store};
use reqwest::StatusCode;
use sea_orm::ConnectionTrait;
use serde_json::Value;
use tempfile::TempDir;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::{
    machine,
    support::{
        api::{Api, free_port},
        processes::Process,
    },
};

/// The data folder, the port and the settings that its processes share.
pub struct Site {
    pub dir: TempDir,
    port: u16,
    env: Vec<(String, String)>,
    api: Api,
}

impl Site {
    /// The embedded default: SQLite, local folder, queue table.
    pub fn embedded() -> Self {
        Self::with_env([])
    }

    /// The same with PostgreSQL as its database.
    pub fn on_postgres(url: &str) -> Self {
        Self::with_env([
            ("DATABASE_URL", url.to_owned()),
            ("SECRET_KEY", "3f1c8a52d9e04b7796aa10be55c2f8d1-e2e".to_owned()),
        ])
    }

    fn with_env<const N: usize>(env: [(&str, String); N]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let port = free_port();
        let mut env: Vec<(String, String)> =
            env.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let data = dir.path().join("data").display().to_string();
        // Cards are the same for everybody: encoded once for all stories.
        let cards = concat!(env!("CARGO_TARGET_TMPDIR"), "/cards");
        env.extend([
            ("ANB_MEDIA__CACHE_DIR".to_owned(), cards.to_owned()),
            ("ANB_DATA_DIR".to_owned(), data),
            ("ANB_WEB__LISTEN".to_owned(), format!("127.0.0.1:{port}")),
            ("ANB_CONSOLE__LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
            ("ANB_LOG__FORMAT".to_owned(), "json".to_owned()),
            // How well a clip is encoded matters to no story but the main one.
            ("ANB_MEDIA__QUALITY".to_owned(), "economy".to_owned()),
        ]);
        // The server cuts idle connections, and these stories have pauses.
        let client = anb_testkit::http().pool_max_idle_per_host(0).build().unwrap();
        Self { dir, port, env, api: Api::on_port(client, port) }
    }

    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Encoding takes as long as the clip, and little of the processor.
    #[must_use]
    pub fn unhurried(self) -> Self {
        self.set("ANB_MEDIA__FFMPEG", machine::unhurried())
    }

    /// Of the public service.
    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anb-video"));
        command.args(arguments);
        self.lends_settings_to(&mut command);
        command
    }

    /// For a program that starts ours.
    pub fn lends_settings_to(&self, command: &mut Command) {
        command.current_dir(self.dir.path());
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
    }

    /// Starts `anb-video web`, `worker` or `run`.
    pub fn start(&self, role: &str) -> Process {
        self.start_with(role, &[])
    }

    /// The same with settings of its own.
    pub fn start_with(&self, role: &str, env: &[(&str, &str)]) -> Process {
        let mut command = self.command(&[role]);
        command.envs(env.iter().copied());
        Process::spawn(command, &self.dir.path().join(format!("{role}.log")))
    }

    /// Runs a subcommand to its end and returns what it prints.
    pub fn runs(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    pub async fn is_up(&self) {
        let start = Instant::now();
        while !self.api.is_healthy().await {
            assert!(start.elapsed() < Duration::from_secs(20), "the site does not come up");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn get(&self, path: &str) -> Value {
        let response = self.api.client.get(self.api.url(path)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    /// Fetches a link that the API gave out.
    pub async fn download(&self, link: &str) -> Vec<u8> {
        let response = self.api.client.get(link).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{link}");
        response.bytes().await.unwrap().to_vec()
    }

    /// Signs up and logs in.
    pub async fn player(&self, name: &str, city: &str) -> Player<'_> {
        Player { site: self, token: self.api.new_player(name, city).await.unwrap() }
    }

    /// The files in storage below `uploads/` or `processed/` that belong to a
    /// video.
    pub fn objects(&self, prefix: &str, video: &str) -> Vec<PathBuf> {
        let root = self.dir.path().join("data/objects").join(prefix).join(video);
        let mut found = Vec::new();
        collect_files(&root, &mut found);
        found.sort();
        found
    }

    /// Every file in storage.
    pub fn all_objects(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        collect_files(&self.dir.path().join("data/objects"), &mut found);
        found
    }

    /// Does to the database what nobody should.
    pub async fn breaks(&self, statement: &str) {
        self.database().await.writer().execute_unprepared(statement).await.unwrap();
    }

    /// The database of its processes, as they use it.
    pub async fn store(&self) -> Store {
        Store::new(self.database().await, Arc::new(SystemClock), Arc::new(SystemIds))
    }

    async fn database(&self) -> Db {
        let named = self.env.iter().find(|(name, _)| name == "DATABASE_URL");
        let file = || format!("sqlite://{}/data/anb.sqlite3", self.dir.path().display());
        Db::connect(&DbOptions {
            url: named.map_or_else(file, |(_, url)| url.clone()),
            max_connections: 1,
            acquire_timeout: Duration::from_secs(10),
            ..DbOptions::default()
        })
        .await
        .unwrap()
    }

    /// Makes every unfinished upload and every file in storage older.
    pub async fn a_day_passes(&self) {
        let db = self.database().await;
        let expire = "UPDATE videos SET upload_expires_at = created_at WHERE status = 'uploading'";
        db.writer().execute_unprepared(expire).await.unwrap();
        for object in self.all_objects() {
            let file = fs::File::options().write(true).open(object).unwrap();
            let modified = file.metadata().unwrap().modified().unwrap();
            file.set_modified(modified - Duration::from_hours(25)).unwrap();
        }
    }

    /// The video as an operator sees it, with its attempts.
    pub fn operator_view(&self, video: &str) -> Value {
        serde_json::from_str(&self.runs(&["admin", "video", "show", video, "--json"])).unwrap()
    }
}

fn collect_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            collect_files(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

/// A person with an account.
pub struct Player<'a> {
    site: &'a Site,
    token: String,
}

impl Player<'_> {
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Uploads a clip through the form and returns the video's id.
    pub async fn uploads(&self, clip: &Path, title: &str) -> String {
        let bytes = fs::read(clip).unwrap();
        let response = self.site.api.upload(&self.token, title, bytes).await.unwrap();
        assert_eq!(response.status(), StatusCode::CREATED);
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["status"], "pending");
        answer["video_id"].as_str().unwrap().to_owned()
    }

    /// Sends the first half of an upload and then nothing more; the upload is
    /// cut off when the result is dropped.
    pub async fn begins_upload_and_stalls(&self, clip: &Path) -> TcpStream {
        let bytes = fs::read(clip).unwrap();
        let head = format!(
            "POST /api/videos/upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
             Content-Type: multipart/form-data; boundary=corte\r\nContent-Length: {}\r\n\r\n\
             --corte\r\nContent-Disposition: form-data; name=\"video_file\"; filename=\"a.mp4\"\r\n\
             Content-Type: video/mp4\r\n\r\n",
            self.token,
            bytes.len() + 1000
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.site.port)).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&bytes[..bytes.len() / 2]).await.unwrap();
        stream.flush().await.unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
        stream
    }

    /// The video as its owner sees it.
    pub async fn video(&self, id: &str) -> Value {
        let api = &self.site.api;
        let request = api.client.get(api.url(&format!("/api/videos/{id}")));
        let response = request.bearer_auth(&self.token).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    }

    /// Watches the video until `arrived` likes what it sees.
    pub async fn waits_until(&self, id: &str, arrived: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let video = self.video(id).await;
            if arrived(&video) {
                return video;
            }
            assert!(start.elapsed() < Duration::from_mins(3), "still waiting: {video}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub async fn waits_for_status(&self, id: &str, status: &str) -> Value {
        self.waits_until(id, |video| video["status"] == status).await
    }

    /// Uploads what is none.
    pub async fn sends_no_video(&self) -> StatusCode {
        let bytes = b"a letter to the coach".to_vec();
        self.site.api.upload(&self.token, "Carta", bytes).await.unwrap().status()
    }

    pub async fn votes_for(&self, id: &str) -> StatusCode {
        self.site.api.vote(&self.token, id).await.unwrap().status()
    }
}
