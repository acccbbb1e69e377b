//! A PostgreSQL of a test's own, to be stopped and started again.

use std::{
    fs, io,
    path::PathBuf,
    process::{Child, Command},
    sync::{
        LazyLock, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
};

use super::Cluster;

static SERVERS: AtomicU32 = AtomicU32::new(0);

/// A server that keeps what was committed when it is stopped, and can be
/// started again. It and its data go with the value.
pub struct PostgresServer {
    cluster: Cluster,
    child: Mutex<Option<Child>>,
}

impl PostgresServer {
    /// A running server with an empty database `postgres`.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start() -> Self {
        let number = SERVERS.fetch_add(1, Ordering::Relaxed);
        let cluster = Cluster::make(&format!("-{number}"));
        let server = Self { cluster, child: Mutex::new(None) };
        server.start_again();
        server
    }

    /// The URL of one of its databases, by way of its socket.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.cluster.url(database)
    }

    /// The socket that it listens on, for proxies.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.cluster.folder.join(".s.PGSQL.5432")
    }

    /// Immediate shutdown: every connection is cut, nothing is tidied up. The
    /// next start recovers what was committed.
    pub fn stop(&self) {
        let child = self.child.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut child) = child else { return };
        let id = child.id().to_string();
        let told = Command::new("kill").args(["-QUIT", &id]).status();
        assert!(told.is_ok_and(|status| status.success()), "PostgreSQL cannot be stopped");
        child.wait().expect("a child can be waited for");
    }

    /// Starts it after [`PostgresServer::stop`].
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&self) {
        // Without fsync a power cut would lose commits; the end of the server
        // does not.
        let child = spawn(self.cluster.server(&["fsync=off"])).expect("setpriv starts");
        self.cluster.wait_until_ready(Some(child.id()));
        *self.child.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.stop();
        // What cannot be removed now, the next test process will.
        fs::remove_dir_all(&self.cluster.folder).ok();
    }
}

type Order = (Command, mpsc::Sender<io::Result<Child>>);

/// Starts a child that the kernel ends with this process: "parent has died" is
/// about the thread that started it, so one thread that never ends starts all.
pub(super) fn spawn(command: Command) -> io::Result<Child> {
    static NURSERY: LazyLock<mpsc::Sender<Order>> = LazyLock::new(|| {
        let (orders, received) = mpsc::channel::<Order>();
        thread::spawn(move || {
            for (mut command, answer) in received {
                answer.send(command.spawn()).ok();
            }
        });
        orders
    });
    let (answer, child) = mpsc::channel();
    NURSERY.send((command, answer)).map_err(io::Error::other)?;
    child.recv().map_err(io::Error::other)?
}
