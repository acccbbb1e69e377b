//! The two applications side by side, as `anb-video run` starts them: what one
//! serves the other knows nothing of.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use reqwest::{Client, StatusCode, redirect::Policy};
use tempfile::TempDir;

/// Everything of the console, each path that a browser asks for.
const CONSOLE: [&str; 8] = [
    "/console",
    "/console/",
    "/console/sign-in",
    "/console/sign-out",
    "/console/language",
    "/console/videos",
    "/console/dead-letters",
    "/console/dead-letters/redrive",
];

/// `anb-video run`, killed when the test ends.
struct Showcase {
    process: Child,
    public: String,
    console: String,
    folder: TempDir,
}

impl Showcase {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = command(&folder)
            .args(["run", "--listen", "127.0.0.1:0", "--set", "console.listen=127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let said: Vec<_> =
            lines.map(Result::unwrap).take_while(|line| !line.starts_with("Stop with")).collect();
        let address = |of: &str| {
            let line = said.iter().find_map(|line| line.strip_prefix(of));
            line.unwrap_or_else(|| panic!("{of} is missing: {said:?}")).trim().to_owned()
        };
        let console = address("Console ");
        let console = console.strip_suffix("/console").unwrap().to_owned();
        Self { process, public: address("Serving "), console, folder }
    }

    fn asks_for_health(&self) -> bool {
        let listen = self.console.strip_prefix("http://").unwrap();
        let setting = format!("console.listen={listen}");
        let mut command = command(&self.folder);
        command.args(["healthcheck", "--console", "--set", &setting]);
        command.stdout(Stdio::null()).status().unwrap().success()
    }
}

fn command(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anb-video"));
    command.current_dir(folder.path()).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command
}

impl Drop for Showcase {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn neither_application_serves_anything_of_the_other() {
    let showcase = Showcase::start();
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let status = async |base: &str, path: &str| {
        client.get(format!("{base}{path}")).send().await.unwrap().status()
    };
    for path in CONSOLE {
        assert_eq!(status(&showcase.public, path).await, StatusCode::NOT_FOUND, "{path}");
        assert_ne!(status(&showcase.console, path).await, StatusCode::NOT_FOUND, "{path}");
    }
    // Load balancers ask both.
    let shared = ["/health", "/ready"];
    let described: Vec<_> = anb_web::openapi().paths.paths.into_keys().collect();
    let pages = ["/", "/docs", "/docs/", "/openapi.json", "/problems"].map(str::to_owned);
    let own: Vec<_> = described
        .into_iter()
        .chain(pages)
        .filter(|path| !shared.contains(&path.as_str()))
        .collect();
    assert!(own.len() > 15, "{own:?}");
    for path in own {
        assert_eq!(status(&showcase.console, &path).await, StatusCode::NOT_FOUND, "{path}");
    }
    for base in [&showcase.public, &showcase.console] {
        assert_eq!(status(base, "/health").await, StatusCode::OK);
        assert_eq!(status(base, "/ready").await, StatusCode::OK);
    }
    assert!(showcase.asks_for_health());
}
