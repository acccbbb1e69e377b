//! A real PostgreSQL, private to the test process and gone with it.

mod own;
mod tls;

use std::{
    env, fs,
    io::{self, BufRead as _},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};
use tokio::sync::OnceCell;

use crate::store::connect;

pub use own::PostgresServer;
pub use tls::TlsPostgres;

/// Where a server (15 or newer) runs that is to be used instead of one of our
/// own. Only for tests: their databases stay there.
const OTHER_SERVER: &str = "ANB_TEST_POSTGRES_URL";

const FOLDER_PREFIX: &str = "anb-postgres-";

const START_TIMEOUT: Duration = Duration::from_mins(1);

/// The server of this test process: started by the first test that needs it,
/// ended by the kernel when the process ends, however that happens.
pub struct Postgres {
    /// A URL with `{}` where the name of the database belongs.
    url: String,
}

static SERVER: LazyLock<Postgres> = LazyLock::new(Postgres::start);
static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

impl Postgres {
    /// The URL of a database that is migrated, empty and nobody else's.
    pub async fn fresh_database() -> String {
        let template = TEMPLATE.get_or_init(Self::make_template).await;
        // Copying its files takes half the time of logging each of its pages.
        let options = format!("TEMPLATE {template} STRATEGY FILE_COPY");
        let name = Self::create(&options).await;
        SERVER.url_of(&name)
    }

    /// The URL of a database without any table.
    pub async fn blank_database() -> String {
        let name = Self::create("TEMPLATE template0").await;
        SERVER.url_of(&name)
    }

    /// Copying a migrated database is faster than migrating each anew.
    async fn make_template() -> String {
        let name = Self::create("TEMPLATE template0").await;
        let db = connect(&SERVER.url_of(&name)).await;
        // Nobody may be connected to a database that is being copied.
        db.writer().clone().close().await.expect("the template's connections close");
        name
    }

    async fn create(options: &str) -> String {
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("anb_test_{}_{number}", std::process::id());
        let admin = Self::admin().await;
        admin
            .execute_unprepared(&format!("CREATE DATABASE {name} {options}"))
            .await
            .unwrap_or_else(|error| panic!("the database {name} cannot be created: {error}"));
        admin.close().await.expect("the connection closes");
        name
    }

    async fn admin() -> DatabaseConnection {
        Database::connect(SERVER.url_of("postgres"))
            .await
            .unwrap_or_else(|error| panic!("PostgreSQL does not answer: {error}"))
    }

    fn url_of(&self, database: &str) -> String {
        self.url.replace("{}", database)
    }

    fn start() -> Self {
        if let Ok(url) = env::var(OTHER_SERVER) {
            return Self { url: with_placeholder(&url) };
        }
        let cluster = Cluster::make("");
        let (command, url) = (cluster.server(&FORGETFUL), cluster.url("{}"));
        // The kernel's "parent has died" is about the thread that started the
        // child. This one never ends before the process does.
        thread::spawn(move || {
            let child = { command }.spawn().map(wait_for_ever);
            panic!("PostgreSQL has ended: {child:?}");
        });
        cluster.wait_until_ready(None);
        Self { url }
    }
}

/// The data need not survive the server.
const FORGETFUL: [&str; 3] = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

/// A server's files: `data`, `log` and the socket.
struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    owner: Option<(u32, u32)>,
}

impl Cluster {
    /// A new one; the suffix tells it from others of this process.
    fn make(suffix: &str) -> Self {
        let temp = env::temp_dir();
        remove_folders_of_dead_processes(&temp);
        let folder = temp.join(format!("{FOLDER_PREFIX}{}{suffix}", std::process::id()));
        let (programs, owner) = (find_programs(), owner());
        make_folder(&folder, owner);
        let cluster = Self { programs, folder, owner };
        init(&cluster.programs, &cluster.data(), owner);
        cluster
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn url(&self, database: &str) -> String {
        let socket = self.folder.display();
        format!("postgres://postgres@localhost:5432/{database}?host={socket}")
    }

    fn server(&self, settings: &[&str]) -> Command {
        let log = fs::File::options().create(true).append(true).open(self.folder.join("log"));
        let mut command = as_owner(&self.programs.join("postgres"), self.owner);
        command.arg("-D").arg(self.data()).arg("-k").arg(&self.folder);
        let common = [
            "listen_addresses=",
            "port=5432",
            "max_connections=300",
            "shared_buffers=32MB",
            "wal_level=minimal",
            "max_wal_senders=0",
            "autovacuum=off",
        ];
        for setting in common.iter().chain(settings) {
            command.args(["-c", setting]);
        }
        command.stdout(Stdio::null()).stderr(log.expect("the folder is writable"));
        command
    }

    /// The last line of `postmaster.pid` says how far the server has got, the
    /// first which server that is.
    fn wait_until_ready(&self, process: Option<u32>) {
        let started = Instant::now();
        while started.elapsed() < START_TIMEOUT {
            let state = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
            let mut lines = state.lines().map(str::trim);
            let first = lines.clone().next();
            let is_it = process.is_none_or(|id| first == Some(id.to_string().as_str()));
            if is_it && lines.nth(7) == Some("ready") {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("PostgreSQL did not start within {} s", START_TIMEOUT.as_secs());
    }
}

fn wait_for_ever(mut child: Child) -> io::Result<std::process::ExitStatus> {
    child.wait()
}

/// `postgres://host/anything?x=y` → `postgres://host/{}?x=y`.
fn with_placeholder(url: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(a, q)| (a, Some(q)));
    let host_at = address.find("://").map_or(0, |at| at + 3);
    let host_end = address[host_at..].find('/').map_or(address.len(), |at| host_at + at);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{{}}{query}", &address[..host_end])
}

/// The folder with the newest `initdb` and `postgres`.
fn find_programs() -> PathBuf {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<_> = debian.map(|version| version.path()).collect();
    versions.sort_by_key(|path| {
        path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()).unwrap_or(0)
    });
    let debian = versions.into_iter().rev().map(|version| version.join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    debian
        .chain(env::split_paths(&path))
        .find(|folder| ["initdb", "postgres"].iter().all(|name| folder.join(name).is_file()))
        .expect("PostgreSQL is not installed: run script/setup (Debian package postgresql)")
}

/// User and group to run as. PostgreSQL refuses to be root; its Debian package
/// brings a user for it.
fn owner() -> Option<(u32, u32)> {
    let root = fs::metadata("/proc/self").is_ok_and(|own| {
        use std::os::unix::fs::MetadataExt as _;
        own.uid() == 0
    });
    root.then(|| {
        let users = fs::File::open("/etc/passwd").expect("/etc/passwd is readable");
        io::BufReader::new(users)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let fields: Vec<_> = line.split(':').collect();
                let [name, _, user, group, ..] = fields[..] else { return None };
                (name == "postgres").then_some((user.parse().ok()?, group.parse().ok()?))
            })
            .expect("there is no user postgres: run script/setup (Debian package postgresql)")
    })
}

fn make_folder(folder: &Path, owner: Option<(u32, u32)>) {
    fs::create_dir(folder).expect("the temp folder is writable");
    if let Some((user, group)) = owner {
        std::os::unix::fs::chown(folder, Some(user), Some(group)).expect("root may give away");
    }
}

/// `setpriv` gives the child its user and has the kernel end it with us. QUIT
/// is PostgreSQL's immediate shutdown.
fn as_owner(program: &Path, owner: Option<(u32, u32)>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "QUIT"]);
    if let Some((user, group)) = owner {
        command.arg(format!("--reuid={user}")).arg(format!("--regid={group}"));
        command.arg("--clear-groups");
    }
    command.arg("--").arg(program).env_remove("PGPORT").stdin(Stdio::null()).current_dir("/");
    // Its own group: Ctrl-C on a terminal reaches it through us.
    command.process_group(0);
    command
}

fn init(programs: &Path, data: &Path, owner: Option<(u32, u32)>) {
    let made = as_owner(&programs.join("initdb"), owner)
        .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"])
        .args(["--no-sync", "--no-instructions", "--pgdata"])
        .arg(data)
        .output()
        .expect("setpriv starts (Debian package util-linux)");
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
}

fn remove_folders_of_dead_processes(temp: &Path) {
    for folder in fs::read_dir(temp).into_iter().flatten().flatten() {
        let name = folder.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(FOLDER_PREFIX));
        let process = process.and_then(|rest| rest.split('-').next());
        if process.is_some_and(|id| !Path::new("/proc").join(id).exists()) {
            // Its server may be ending just now: the next start tries again.
            let _ = fs::remove_dir_all(folder.path());
        }
    }
}
