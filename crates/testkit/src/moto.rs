//! The moto server: AWS's services on this machine, behind the same HTTP.

use std::{
    env,
    io::Read as _,
    net::{SocketAddr, TcpListener, TcpStream},
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

/// A program to be used instead of the one that `script/setup --test` installs.
const OTHER_PROGRAM: &str = "ANB_TEST_MOTO";

const START_TIMEOUT: Duration = Duration::from_mins(1);

static SERVER: LazyLock<Moto> = LazyLock::new(|| Moto::start(free_port()));
static NAMES: AtomicU32 = AtomicU32::new(0);

/// A moto server, ended by the kernel when the process ends.
pub struct Moto {
    address: SocketAddr,
    child: Child,
}

impl Moto {
    /// Region and credentials that moto takes; it checks neither.
    pub const REGION: &str = "us-east-1";
    pub const ACCESS_KEY: &str = "testing";

    /// The server of this test process, started by the first who needs it.
    /// Tests share it, and stay apart by [`Moto::fresh_name`].
    #[must_use]
    pub fn shared() -> &'static Self {
        &SERVER
    }

    /// A server of one's own on `port`: it may be stopped, and started again.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(port: u16) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let child = spawn(address.port());
        let mut server = Self { address, child };
        server.wait_until_ready();
        server
    }

    /// `http://127.0.0.1:port`
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A name for a bucket or a queue that no other test has.
    #[must_use]
    pub fn fresh_name(what: &str) -> String {
        let number = NAMES.fetch_add(1, Ordering::Relaxed);
        format!("anb-{what}-{}-{number}", std::process::id())
    }

    fn wait_until_ready(&mut self) {
        let started = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            if let Ok(Some(status)) = self.child.try_wait() {
                let mut said = String::new();
                let _ = self.child.stderr.take().map(|mut pipe| pipe.read_to_string(&mut said));
                panic!("moto ended with {status}: {said}");
            }
            assert!(started.elapsed() < START_TIMEOUT, "moto does not answer");
            thread::sleep(Duration::from_millis(20));
        }
        // Nobody reads what it writes from now on; a full pipe must not stop it.
        if let Some(mut pipe) = self.child.stderr.take() {
            thread::spawn(move || std::io::copy(&mut pipe, &mut std::io::sink()));
        }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that is free now.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

/// `setpriv` has the kernel end the server with the thread that started it, so
/// that thread must live as long as the process.
fn spawn(port: u16) -> Child {
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program())
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            .env("AWS_ACCESS_KEY_ID", Moto::ACCESS_KEY)
            .env("AWS_SECRET_ACCESS_KEY", Moto::ACCESS_KEY)
            // Each bucket's own CORS rules count, as with S3.
            .env("MOTO_DISABLE_GLOBAL_CORS", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn();
        let _ = sender.send(child);
        loop {
            thread::park();
        }
    });
    let child = receiver.recv().expect("the thread lives");
    child.unwrap_or_else(|error| panic!("moto does not start: {error} (script/setup --test)"))
}

fn program() -> PathBuf {
    if let Some(program) = env::var_os(OTHER_PROGRAM) {
        return program.into();
    }
    let program =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/venv/bin/moto_server");
    assert!(program.exists(), "moto is not installed: run script/setup --test");
    program
}
