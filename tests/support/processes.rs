//! Processes of ours, and what they have left running.

use std::{
    fs,
    path::Path,
    process::{Child, ExitStatus, Stdio},
    time::{Duration, Instant},
};

/// A running `anb-video`, killed when the test ends.
pub struct Process {
    child: Child,
    log: std::path::PathBuf,
}

impl Process {
    pub fn spawn(mut command: std::process::Command, log: &Path) -> Self {
        let file = fs::File::options().create(true).append(true).open(log).unwrap();
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn()
            .expect("anb-video starts");
        Self { child, log: log.to_owned() }
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// `kill -9`: it gets no chance to tidy up.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        let status = std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for the process to end by itself.
    pub fn exits_within(&mut self, limit: Duration) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                return status;
            }
            assert!(start.elapsed() < limit, "still running after {limit:?}\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- {}\n{}", self.log.display(), last_lines(&self.log(), 200));
        }
    }
}

/// The end of a log.
pub fn last_lines(log: &str, count: usize) -> String {
    let lines: Vec<_> = log.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// Command lines of the ffmpeg processes that work below `dir`.
pub fn ffmpegs_below(dir: &Path) -> Vec<String> {
    let needle = dir.to_string_lossy().into_owned();
    fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(&needle) && line.contains("ffmpeg"))
        .collect()
}

/// Waits until nothing of ffmpeg is left below `dir`.
pub fn assert_no_ffmpeg_below(dir: &Path) {
    let start = Instant::now();
    loop {
        let left = ffmpegs_below(dir);
        if left.is_empty() {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(5), "ffmpeg outlived its worker: {left:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
