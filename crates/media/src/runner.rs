//! Runs one child to its end, and never longer than it may.

use std::{
    ffi::OsString,
    io,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::{Mutex, OnceLock, PoisonError, mpsc},
    time::Duration,
};

use process_wrap::tokio::{ChildWrapper, CommandWrap, ProcessGroup};
use thiserror::Error;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader},
    runtime::Handle,
    sync::oneshot,
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{
    LogTail,
    sandbox::{self, Isolation, Limits},
};

/// More than any description of an accepted file needs.
const MAX_STDOUT_BYTES: u64 = 64 << 20;
/// Of what ffmpeg complains about, this many first and last lines are kept.
const KEPT_LINES: usize = 12;
const MAX_LINE_BYTES: usize = 400;
/// How long a killed group is waited for.
const LAST_BREATH: Duration = Duration::from_secs(5);

/// A program with its arguments.
#[derive(Debug)]
pub struct Job<'a> {
    pub program: &'a Path,
    pub arguments: Vec<String>,
    pub folder: PathBuf,
    /// Told how much of the output exists whenever ffmpeg says so
    /// (`-progress pipe:1`); without it, standard output is collected.
    pub on_time: Option<&'a OnTime>,
}

/// Takes the seconds of output made so far.
pub struct OnTime(pub Box<dyn Fn(f64) + Send + Sync>);

impl std::fmt::Debug for OnTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OnTime")
    }
}

/// Until when, and on whose word, a child runs.
#[derive(Debug, Clone)]
pub struct Patience {
    pub deadline: Instant,
    /// Longest silence: time without progress.
    pub stall: Duration,
    pub cancel: CancellationToken,
    /// Where what it says is kept, however it ends.
    pub log: LogTail,
}

/// How a child ended by itself.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub complaints: String,
    pub cpu: Option<Duration>,
    /// The most memory that it had resident at once.
    pub peak_memory_bytes: Option<u64>,
}

impl Ended {
    /// For operators: status and complaints.
    #[must_use]
    pub fn detail(&self) -> String {
        format!("{}: {}", self.status, self.complaints.trim_end())
    }

    /// Something from outside ended it: a signal, of which a shell or
    /// `unshare` in between makes 128 + n.
    #[must_use]
    pub fn was_killed(&self) -> bool {
        self.status.signal().is_some() || self.status.code().is_some_and(|code| code >= 128)
    }
}

/// Why a child did not end by itself.
#[derive(Debug, Error)]
pub enum RunError {
    #[error("cannot start {program}: {source}")]
    Start { program: String, source: io::Error },
    #[error("cannot follow the child: {0}")]
    Follow(#[from] io::Error),
    #[error("took longer than it may")]
    TimedOut,
    #[error("made no progress for {} s", .0.as_secs())]
    Stalled(Duration),
    #[error("cancelled")]
    Cancelled,
}

/// Starts children inside the sandbox.
#[derive(Debug, Clone)]
pub struct Runner {
    pub limits: Limits,
}

impl Runner {
    /// Runs `job`. When this returns, or is dropped, no process of the child's
    /// group is left.
    ///
    /// # Errors
    /// When the child could not be started or had to be ended.
    pub async fn run(&self, job: Job<'_>, patience: &Patience) -> Result<Ended, RunError> {
        let isolation = Isolation::detect().await;
        let mut group = Group(self.spawn(&job, isolation).await?);
        let last_sign = Mutex::new(Instant::now());
        let stdout = group.0.stdout().take();
        let stderr = group.0.stderr().take();
        let reading = async {
            let said = read_stderr(stderr, &patience.log);
            tokio::try_join!(read_stdout(stdout, job.on_time, &last_sign), said)
        };
        tokio::pin!(reading);
        let ended = tokio::select! {
            both = async { tokio::try_join!(group.finish(), reading.as_mut()) } => both?,
            reason = lose(patience, &last_sign) => {
                group.end().await;
                // The pipes close when the last one that holds them is gone.
                let _ = tokio::time::timeout(LAST_BREATH, reading).await;
                return Err(reason);
            }
        };
        let (status, (stdout, stderr)) = ended;
        Ok(Ended {
            status,
            stdout,
            complaints: stderr.text(),
            cpu: stderr.cpu,
            peak_memory_bytes: stderr.peak_memory_bytes,
        })
    }

    async fn spawn(
        &self,
        job: &Job<'_>,
        isolation: Isolation,
    ) -> Result<Box<dyn ChildWrapper>, RunError> {
        let prefix = sandbox::prefix(isolation, &self.limits, std::process::id());
        let mut words: Vec<OsString> = prefix.into_iter().map(OsString::from).collect();
        words.push(job.program.into());
        words.extend(job.arguments.iter().map(OsString::from));
        let folder = job.folder.clone();
        on_lasting_thread(move || {
            let mut command = CommandWrap::with_new(&words[0], |command| {
                command.args(&words[1..]).current_dir(folder).env_clear();
                command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
                command.env("LC_ALL", "C");
                command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
            });
            command.wrap(ProcessGroup::leader()).spawn()
        })
        .await
        .map_err(|source| RunError::Start { program: job.program.display().to_string(), source })
    }
}

/// A child with all its descendants; ended when dropped.
struct Group(Box<dyn ChildWrapper>);

impl Group {
    /// Waits for the child and ends what it left behind: a grandchild would
    /// keep the pipes open and outlive the job.
    async fn finish(&mut self) -> io::Result<ExitStatus> {
        let status = self.0.wait().await?;
        let _ = self.0.start_kill();
        Ok(status)
    }

    async fn end(&mut self) {
        let _ = self.0.start_kill();
        let _ = self.0.wait().await;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = self.0.start_kill();
    }
}

/// The kernel delivers a parent-death signal when the *thread* that started
/// the child ends, so that children are started by one that never does.
async fn on_lasting_thread<T: Send + 'static>(
    start: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    type Order = Box<dyn FnOnce() + Send>;
    static ORDERS: OnceLock<Option<mpsc::Sender<Order>>> = OnceLock::new();
    let orders = ORDERS.get_or_init(|| {
        let (sender, receiver) = mpsc::channel::<Order>();
        let thread = std::thread::Builder::new().name("anb-media-spawn".into());
        thread.spawn(move || receiver.iter().for_each(|order| order())).ok().map(|_| sender)
    });
    let gone = || io::Error::other("the thread that starts children is gone");
    let (answer, answered) = oneshot::channel();
    let runtime = Handle::current();
    let order: Order = Box::new(move || {
        let _inside = runtime.enter();
        let _ = answer.send(start());
    });
    orders.as_ref().ok_or_else(gone)?.send(order).map_err(|_| gone())?;
    answered.await.map_err(|_| gone())?
}

/// Resolves when patience is lost.
async fn lose(patience: &Patience, last_sign: &Mutex<Instant>) -> RunError {
    loop {
        let silent_until = *lock(last_sign) + patience.stall;
        tokio::select! {
            () = patience.cancel.cancelled() => return RunError::Cancelled,
            () = tokio::time::sleep_until(patience.deadline) => return RunError::TimedOut,
            () = tokio::time::sleep_until(silent_until) => {
                if *lock(last_sign) + patience.stall <= Instant::now() {
                    return RunError::Stalled(patience.stall);
                }
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn read_stdout(
    pipe: Option<impl AsyncRead + Unpin>,
    on_time: Option<&OnTime>,
    last_sign: &Mutex<Instant>,
) -> io::Result<Vec<u8>> {
    let Some(pipe) = pipe else { return Ok(vec![]) };
    let mut pipe = BufReader::new(pipe);
    match on_time {
        Some(on_time) => follow(&mut pipe, on_time, last_sign).await.map(|()| vec![]),
        None => collect(&mut pipe, last_sign).await,
    }
}

async fn collect(
    pipe: &mut (impl AsyncRead + Unpin),
    last_sign: &Mutex<Instant>,
) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    loop {
        let room = MAX_STDOUT_BYTES - all.len() as u64;
        if pipe.take(room.min(64 << 10)).read_to_end(&mut all).await? == 0 {
            break;
        }
        *lock(last_sign) = Instant::now();
    }
    // What exceeds the limit is read and forgotten: a full pipe would block.
    tokio::io::copy(pipe, &mut tokio::io::sink()).await?;
    Ok(all)
}

/// ffmpeg reports twice a second even when nothing moves; only figures that
/// changed are a sign of life.
async fn follow(
    pipe: &mut (impl AsyncBufReadExt + Unpin),
    on_time: &OnTime,
    last_sign: &Mutex<Instant>,
) -> io::Result<()> {
    let (mut line, mut figures, mut before) = (String::new(), Vec::new(), Vec::new());
    while pipe.read_line(&mut line).await? > 0 {
        match line.trim_end().split_once('=') {
            Some(("progress", _)) => {
                if figures != before {
                    *lock(last_sign) = Instant::now();
                }
                before = std::mem::take(&mut figures);
            }
            Some((name @ ("frame" | "total_size" | "out_time_us"), value)) => {
                if let ("out_time_us", Ok(time)) = (name, value.parse::<i64>()) {
                    on_time.0(time as f64 / 1e6);
                }
                figures.push(value.to_owned());
            }
            _ => {}
        }
        line.clear();
    }
    Ok(())
}

/// The first and the last complaints; a damaged clip makes thousands.
#[derive(Default)]
struct Complaints {
    first: Vec<String>,
    last: std::collections::VecDeque<String>,
    cpu: Option<Duration>,
    peak_memory_bytes: Option<u64>,
}

impl Complaints {
    fn add(&mut self, line: &str) {
        if let Some(figures) = line.split_once("bench: utime=").map(|(_, rest)| rest) {
            self.cpu = cpu_time(figures).or(self.cpu);
        } else if let Some((_, figure)) = line.split_once("bench: maxrss=") {
            self.peak_memory_bytes = kibibytes(figure).or(self.peak_memory_bytes);
        } else if line.starts_with("[info]") || line.contains("] [info]") {
        } else if self.first.len() < KEPT_LINES {
            self.first.push(line.to_owned());
        } else {
            if self.last.len() == KEPT_LINES {
                self.last.pop_front();
            }
            self.last.push_back(line.to_owned());
        }
    }

    fn text(&self) -> String {
        let lines: Vec<&str> = self.first.iter().chain(&self.last).map(String::as_str).collect();
        lines.join("\n")
    }
}

async fn read_stderr(
    pipe: Option<impl AsyncRead + Unpin>,
    log: &LogTail,
) -> io::Result<Complaints> {
    let mut complaints = Complaints::default();
    let Some(pipe) = pipe else { return Ok(complaints) };
    let mut pipe = BufReader::new(pipe);
    let mut line = Vec::new();
    loop {
        line.clear();
        // A line without an end is cut into several.
        if (&mut pipe).take(8 << 10).read_until(b'\n', &mut line).await? == 0 {
            return Ok(complaints);
        }
        let text = String::from_utf8_lossy(&line[..line.len().min(MAX_LINE_BYTES)]);
        complaints.add(text.trim_end());
        log.add(text.trim_end());
    }
}

/// `0.243s stime=0.002s rtime=0.250s`: user and system time of the child.
fn cpu_time(figures: &str) -> Option<Duration> {
    let (user, rest) = figures.split_once("s stime=")?;
    let (system, _) = rest.split_once('s')?;
    let total = user.parse::<f64>().ok()? + system.parse::<f64>().ok()?;
    Duration::try_from_secs_f64(total).ok()
}

/// `50320kB` or `50320KiB`, depending on the version; kibibytes either way, as
/// the kernel counts them.
fn kibibytes(figure: &str) -> Option<u64> {
    let digits = figure.trim_end_matches(|c: char| !c.is_ascii_digit());
    digits.parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_read_from_the_benchmark_line() {
        let mut complaints = Complaints::default();
        complaints.add("[info] bench: utime=1.250s stime=0.250s rtime=0.900s");
        assert_eq!(complaints.cpu, Some(Duration::from_millis(1500)));
        assert_eq!(complaints.text(), "");
    }

    #[test]
    fn memory_is_read_from_the_benchmark_line() {
        for line in ["[info] bench: maxrss=50320kB", "[info] bench: maxrss=50320KiB"] {
            let mut complaints = Complaints::default();
            complaints.add(line);
            assert_eq!(complaints.peak_memory_bytes, Some(50_320 * 1024), "{line}");
            assert_eq!(complaints.text(), "");
        }
    }

    #[test]
    fn a_flood_of_complaints_is_cut_to_its_ends() {
        let mut complaints = Complaints::default();
        (0..10_000).for_each(|n| complaints.add(&format!("[error] picture {n}")));
        let text = complaints.text();
        assert_eq!(text.lines().count(), 2 * KEPT_LINES);
        assert!(text.starts_with("[error] picture 0\n") && text.ends_with("picture 9999"));
    }

    #[tokio::test]
    async fn no_complaint_is_lost() {
        let report = b"[warning] one\n[error] two\n[info] three\n[error] four".as_slice();
        let complaints = read_stderr(Some(report), &LogTail::default()).await.unwrap();
        assert_eq!(complaints.text(), "[warning] one\n[error] two\n[error] four");
    }

    #[tokio::test]
    async fn repeated_figures_are_no_sign_of_life() {
        let told = std::sync::Arc::new(Mutex::new(vec![]));
        let sink = told.clone();
        let on_time = OnTime(Box::new(move |s| sink.lock().unwrap().push(s)));
        let before = Instant::now() - Duration::from_secs(100);
        let sign = Mutex::new(before);
        let report = b"frame=3\nout_time_us=N/A\nprogress=continue\n".repeat(2);
        follow(&mut &report[..], &on_time, &sign).await.unwrap();
        let moved = *sign.lock().unwrap();
        assert!(moved > before);
        let same = b"frame=3\nout_time_us=1500000\nprogress=end\n";
        follow(&mut &same[..], &on_time, &sign).await.unwrap();
        assert_eq!(*told.lock().unwrap(), [1.5]);
    }
}
