//! The platform under test: two web processes, three workers, and everything
//! they depend on, each behind a line that can be cut.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex as StdMutex, MutexGuard as StdMutexGuard, PoisonError},
    time::Duration,
};

use anb_testkit::PostgresServer;
use tempfile::TempDir;
use tokio::{
    sync::{Mutex, MutexGuard},
    time::sleep,
};

use crate::{
    aws::Aws,
    plan::{Fault, Member, Scene, Service, fail_points_of_web},
    proxy::{Proxy, Upstream},
    support::{api::free_port, processes::Process},
};

const WEBS: usize = 2;
const WORKERS: usize = 3;

/// How long a process may take to end in good order.
const STOP_LIMIT: Duration = Duration::from_secs(30);

const SIGKILL: i32 = 9;

/// Short times, so that what takes minutes in production takes seconds here.
const SETTINGS: [(&str, &str); 26] = [
    ("SECRET_KEY", "9e2b7c41f08d4a56b3c1d2e4f5a69788-faults"),
    ("ANB_LOG__FORMAT", "json"),
    ("ANB_DATABASE__MAX_CONNECTIONS", "5"),
    ("ANB_DATABASE__ACQUIRE_TIMEOUT_S", "3"),
    ("ANB_QUEUE__VISIBILITY_S", "6"),
    ("ANB_QUEUE__WAIT_S", "1"),
    ("ANB_QUEUE__POLL_MS", "100"),
    ("ANB_WORKER__SLOTS", "1"),
    ("ANB_WORKER__HEARTBEAT_S", "1"),
    ("ANB_WORKER__RETRY_DELAY_S", "0"),
    ("ANB_WORKER__DRAIN_TIMEOUT_S", "1"),
    ("ANB_WORKER__RECONCILE_S", "1"),
    ("ANB_WORKER__SWEEP_S", "5"),
    ("ANB_WORKER__UPLOAD_TTL_S", "60"),
    ("ANB_WEB__DRAIN_TIMEOUT_S", "2"),
    ("ANB_WEB__REQUEST_TIMEOUT_S", "8"),
    ("ANB_WEB__UPLOAD_PART_BYTES", "5242880"),
    ("ANB_WEB__LOGINS_PER_MINUTE", "1000"),
    ("ANB_WEB__SIGNUPS_PER_MINUTE", "1000"),
    ("ANB_WEB__UPLOADS_PER_MINUTE", "10000"),
    ("ANB_WEB__VOTES_PER_MINUTE", "10000"),
    ("ANB_MEDIA__OPENING_S", "0"),
    ("ANB_MEDIA__CLOSING_S", "0"),
    ("ANB_MEDIA__TRIM_S", "1"),
    ("ANB_MEDIA__QUALITY", "economy"),
    ("ANB_SHOWCASE__RULES__MIN_DURATION_S", "0.4"),
];

/// Everything that runs.
pub struct Stack {
    pub folder: TempDir,
    pub postgres: PostgresServer,
    database: Proxy,
    /// Held while the database is down: one crash at a time.
    crash: Mutex<()>,
    pub aws: Option<Aws>,
    members: Vec<Seat>,
    /// How those ended that had to be started again though nobody had made them
    /// end.
    pub resurrections: Tally,
    /// Where they died that were told to.
    pub planned_deaths: Tally,
}

/// What has happened how often.
#[derive(Default)]
pub struct Tally(StdMutex<BTreeMap<String, u32>>);

impl Tally {
    fn count(&self, what: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default() += 1;
    }

    pub fn get(&self) -> BTreeMap<String, u32> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The place of a process, whichever holds it now.
struct Seat {
    member: Member,
    name: String,
    port: u16,
    process: Mutex<Option<Process>>,
    /// The fail point at which it is to die.
    armed: StdMutex<Option<String>>,
}

impl Seat {
    fn armed(&self) -> StdMutexGuard<'_, Option<String>> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stack {
    /// Starts it all; with AWS's services if `on_aws`, otherwise with a shared
    /// folder and the queue in the database.
    pub async fn start(on_aws: bool) -> Self {
        let folder = tempfile::tempdir().expect("the temp folder is writable");
        let postgres = tokio::task::spawn_blocking(PostgresServer::start).await.expect("it starts");
        let database = Proxy::start(Upstream::Unix(postgres.socket())).await;
        copy_program(&folder.path().join("anb-video"));
        let aws = if on_aws { Some(Aws::start().await) } else { None };
        let seat = |member, name| Seat {
            member,
            name,
            port: free_port(),
            process: Mutex::default(),
            armed: StdMutex::default(),
        };
        let webs = (0..WEBS).map(|n| seat(Member::Web(n), format!("web-{n}")));
        let workers = (0..WORKERS).map(|n| seat(Member::Worker(n), format!("worker-{n}")));
        let members = webs.chain(workers).collect();
        let stack = Self {
            folder,
            postgres,
            database,
            crash: Mutex::default(),
            aws,
            members,
            resurrections: Tally::default(),
            planned_deaths: Tally::default(),
        };
        for seat in &stack.members {
            stack.take_seat(seat).await.start();
        }
        stack
    }

    pub fn scene(&self) -> Scene {
        let worker_points = anb_worker::CrashPoint::ALL.map(|point| point.name().to_owned());
        let relay_points = worker_points.iter().filter(|name| name.starts_with("relay::"));
        let web_points = fail_points_of_web().into_iter().chain(relay_points.cloned()).collect();
        Scene {
            webs: WEBS,
            workers: WORKERS,
            on_aws: self.aws.is_some(),
            web_points,
            worker_points: worker_points.to_vec(),
        }
    }

    /// The ports of the web processes.
    pub fn web_ports(&self) -> Vec<u16> {
        let webs = self.members.iter().filter(|seat| matches!(seat.member, Member::Web(_)));
        webs.map(|seat| seat.port).collect()
    }

    /// Makes a fault happen, and returns when it is over.
    pub async fn suffer(&self, fault: &Fault) {
        match fault {
            Fault::Kill { member, rest } => {
                let mut process = self.process_of(*member).await;
                process.kill();
                sleep(*rest).await;
                process.start();
            }
            Fault::DieAt { member, point, times } => {
                // It may take long to get there, and something else may kill it
                // before; nobody waits for it.
                let mut process = self.process_of(*member).await;
                process.kill();
                process.start_armed(point, *times);
            }
            Fault::Stop { member } => {
                let mut process = self.process_of(*member).await;
                process.stop();
                process.start();
            }
            Fault::CrashDatabase { rest } => self.crash_database(*rest).await,
            Fault::Cut { service } => self.line(*service).cut(),
            Fault::Stall { service, length } => self.line(*service).stall(*length).await,
            Fault::Refuse { service, length } => {
                // A pool opens no new connection while it has old ones.
                self.line(*service).cut();
                self.line(*service).refuse(*length).await;
            }
            Fault::Answer { service, status, length } => {
                self.aws().edge(*service).answer(*status, *length).await;
            }
            Fault::Delay { service, length } => self.aws().edge(*service).delay(*length).await,
            Fault::LoseAnswers { service, times } => self.aws().edge(*service).lose_answers(*times),
            Fault::SendTwice { times } => self.aws().edge(Service::Queue).send_twice(*times),
            Fault::WrongClock { member, ahead_ms, length } => {
                let clock = self.clock_of(self.seat(*member));
                fs::write(&clock, ahead_ms.to_string()).expect("the folder is writable");
                sleep(*length).await;
                fs::write(&clock, "0").expect("the folder is writable");
            }
        }
    }

    /// Starts every process that has ended though nobody made it: what ECS or
    /// systemd do. For ever.
    pub async fn keep_alive(&self) {
        loop {
            for seat in &self.members {
                // Somebody who holds the seat is busy killing or starting.
                let Ok(process) = seat.process.try_lock() else { continue };
                let mut seated = Seated { stack: self, seat, process };
                if seated.is_found_dead() {
                    seated.start();
                }
            }
            sleep(Duration::from_millis(200)).await;
        }
    }

    /// Ends every fault, and starts every process anew.
    pub async fn heal(&self) {
        self.database.heal();
        if let Some(aws) = &self.aws {
            aws.heal();
        }
        for seat in &self.members {
            let mut process = self.take_seat(seat).await;
            process.stop();
            process.start();
        }
    }

    /// SIGTERM to all at once; panics when one does not end.
    pub async fn stop(&self) {
        let mut stopping = Vec::new();
        for seat in &self.members {
            let mut process = self.take_seat(seat).await;
            process.terminate();
            stopping.push(process);
        }
        for mut process in stopping {
            process.stop();
        }
    }

    /// Runs a subcommand whose clock is ahead of ours.
    pub async fn runs_in_the_future(&self, ahead: Duration, arguments: &[&str]) -> String {
        let clock = self.folder.path().join("future.clock");
        fs::write(&clock, ahead.as_millis().to_string()).expect("the folder is writable");
        let mut command = self.command(arguments, &self.folder.path().join("machine-0"));
        command.env("FAULTS_CLOCK", clock);
        let output = tokio::task::spawn_blocking(move || command.output()).await;
        let output = output.expect("it does not panic").expect("anb-video starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// A subcommand of `anb-video admin`, as somebody at a terminal gives it.
    pub fn administration(&self, arguments: &[&str]) -> Command {
        let all = [&["admin"], arguments].concat();
        self.command(&all, &self.folder.path().join("machine-0"))
    }

    /// The logs, one for each seat.
    pub fn logs(&self) -> Vec<PathBuf> {
        self.members.iter().map(|seat| self.log_of(seat)).collect()
    }

    pub fn objects_folder(&self) -> PathBuf {
        self.folder.path().join("objects")
    }

    fn command(&self, arguments: &[&str], data: &Path) -> Command {
        let mut command = Command::new(self.folder.path().join("anb-video"));
        let database = self.database.address();
        let url = format!("postgres://postgres@{database}/postgres?sslmode=disable");
        command.args(arguments).current_dir(self.folder.path()).envs(SETTINGS);
        command.env("DATABASE_URL", url).env("ANB_DATA_DIR", data);
        match &self.aws {
            Some(aws) => command.envs(aws.settings()),
            None => command.env("ANB_STORAGE__DIR", self.objects_folder()),
        };
        command
    }

    fn line(&self, service: Service) -> &Proxy {
        match service {
            Service::Database => &self.database,
            other => &self.aws().edge(other).line,
        }
    }

    fn aws(&self) -> &Aws {
        self.aws.as_ref().expect("the plan knows what there is")
    }

    async fn crash_database(&self, rest: Duration) {
        let _alone = self.crash.lock().await;
        // PostgreSQL's own steps block.
        tokio::task::block_in_place(|| self.postgres.stop());
        sleep(rest).await;
        tokio::task::block_in_place(|| self.postgres.start_again());
    }

    fn seat(&self, member: Member) -> &Seat {
        self.members.iter().find(|seat| seat.member == member).expect("the plan knows who is there")
    }

    async fn process_of(&self, member: Member) -> Seated<'_> {
        self.take_seat(self.seat(member)).await
    }

    async fn take_seat<'s>(&'s self, seat: &'s Seat) -> Seated<'s> {
        Seated { stack: self, seat, process: seat.process.lock().await }
    }

    fn log_of(&self, seat: &Seat) -> PathBuf {
        self.folder.path().join(format!("{}.log", seat.name))
    }

    fn clock_of(&self, seat: &Seat) -> PathBuf {
        self.folder.path().join(format!("{}.clock", seat.name))
    }

    /// Two workers are on one machine and take over from each other at once;
    /// everybody else is alone.
    fn machine_of(&self, seat: &Seat) -> PathBuf {
        let name = match seat.member {
            Member::Worker(0 | 1) => "machine-0",
            _ => &seat.name,
        };
        self.folder.path().join(name)
    }
}

/// A build while the storm goes on must not change what is started.
fn copy_program(to: &Path) {
    fs::copy(env!("CARGO_BIN_EXE_anb-video"), to).expect("the folder is writable");
    let found = Command::new("grep").args(["-q", "FAULTS_DIE_AT"]).arg(to).status();
    assert!(
        found.is_ok_and(|status| status.success()),
        "anb-video was built without its fail points: build it with debug assertions"
    );
}

/// A process that nobody else starts or ends meanwhile.
struct Seated<'s> {
    stack: &'s Stack,
    seat: &'s Seat,
    process: MutexGuard<'s, Option<Process>>,
}

impl Seated<'_> {
    fn start(&mut self) {
        *self.seat.armed() = None;
        self.start_with(&[]);
    }

    /// Starts it to die at a fail point.
    fn start_armed(&mut self, point: &str, times: u32) {
        *self.seat.armed() = Some(point.to_owned());
        self.start_with(&[("FAULTS_DIE_AT", &format!("{point}:{times}"))]);
    }

    fn start_with(&mut self, more: &[(&str, &str)]) {
        let role = match self.seat.member {
            Member::Web(_) => "web",
            Member::Worker(_) => "worker",
        };
        let mut command = self.stack.command(&[role], &self.stack.machine_of(self.seat));
        let listen = format!("127.0.0.1:{}", self.seat.port);
        command.env("ANB_WEB__LISTEN", listen);
        command.env("FAULTS_CLOCK", self.stack.clock_of(self.seat));
        command.envs(more.iter().copied());
        *self.process = Some(Process::spawn(command, &self.stack.log_of(self.seat)));
    }

    fn kill(&mut self) {
        self.is_found_dead();
        if let Some(mut process) = self.process.take() {
            process.kill();
        }
    }

    fn terminate(&mut self) {
        if let Some(process) = self.process.as_mut()
            && process.ended().is_none()
        {
            process.terminate();
        }
    }

    /// SIGTERM, and patience. Whoever cannot reach anything may fail at it;
    /// whoever does not end breaks a promise.
    fn stop(&mut self) {
        self.terminate();
        if let Some(mut process) = self.process.take() {
            tokio::task::block_in_place(|| process.exits_within(STOP_LIMIT));
        }
    }

    /// Whether it has ended though nobody made it; counts why.
    fn is_found_dead(&mut self) -> bool {
        let Some(status) = self.process.as_mut().and_then(Process::ended) else { return false };
        self.process.take();
        let armed = self.seat.armed().take();
        match armed.filter(|_| status.signal() == Some(SIGKILL)) {
            Some(point) => self.stack.planned_deaths.count(point),
            None => self.stack.resurrections.count(format!("{}: {status}", self.seat.name)),
        }
        true
    }
}
