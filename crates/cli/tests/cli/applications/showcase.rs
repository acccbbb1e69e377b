//! `anb-video run` as a process of its own.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// Settings with which tests may ask as often as they like.
pub fn without_limits() -> Vec<(&'static str, String)> {
    let unlimited = [
        "ANB_CONSOLE__LOGINS_PER_MINUTE",
        "ANB_WEB__LOGINS_PER_MINUTE",
        "ANB_WEB__SIGNUPS_PER_MINUTE",
        "ANB_WEB__UPLOADS_PER_MINUTE",
        "ANB_WEB__VOTES_PER_MINUTE",
    ];
    let mut settings = unlimited.map(|name| (name, "100000".to_owned())).to_vec();
    settings.push(("SECRET_KEY", "a test key that is long enough for all".to_owned()));
    settings.push(("ANB_WEB__PUBLIC_URL", "http://localhost:8000".to_owned()));
    settings
}

/// Killed when the test ends.
pub struct Showcase {
    process: Child,
    pub public: String,
    pub console: String,
    settings: Vec<(&'static str, String)>,
    folder: TempDir,
}

impl Showcase {
    /// With everything embedded.
    pub fn start() -> Self {
        Self::with(Vec::new())
    }

    pub fn with(settings: Vec<(&'static str, String)>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = command(&folder, &settings)
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
        Self { process, public: address("Serving "), console, settings, folder }
    }

    /// Runs another command on the same data, and says whether it did well.
    pub fn does(&self, words: &[&str]) -> bool {
        let mut command = command(&self.folder, &self.settings);
        command.args(words).stdout(Stdio::null()).status().unwrap().success()
    }

    /// Pulls the plug.
    pub fn dies(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Every file in storage.
    pub fn objects(&self) -> BTreeSet<PathBuf> {
        let mut folders = vec![self.folder.path().join("data/objects")];
        let mut objects = BTreeSet::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    objects.insert(path);
                }
            }
        }
        objects
    }

    pub fn asks_for_health(&self) -> bool {
        let listen = self.console.strip_prefix("http://").unwrap();
        let setting = format!("console.listen={listen}");
        self.does(&["healthcheck", "--console", "--set", &setting])
    }
}

fn command(folder: &TempDir, settings: &[(&'static str, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anb-video"));
    command.current_dir(folder.path()).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command.envs(settings.iter().map(|(name, value)| (name, value)));
    command
}

impl Drop for Showcase {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
