//! What the services have in common: their parts start together, and
//! none outlives a part that died.

use std::{
    io::Write as _,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anb_config::{Loaded, LogFormat};
use anb_console::HashCost;
use anb_worker::{ContestTerms, Shutdown, WorkerContext, relay};
use anyhow::{Context as _, bail};
use tokio::task::JoinSet;

use crate::{outside::Outside, platform, platform::Platform};

/// After an abort, how long the parts may still take to hand back what they
/// hold.
const ABORT_GRACE: Duration = Duration::from_secs(5);

/// A service of one or more parts.
pub struct Service {
    pub platform: Platform,
    pub shutdown: Shutdown,
    /// Where a worker that is alone in its process answers for its health.
    worker_listener: Option<TcpListener>,
    parts: JoinSet<anyhow::Result<()>>,
}

impl Service {
    pub fn new(platform: Platform, shutdown: Shutdown) -> Self {
        Self { platform, shutdown, worker_listener: None, parts: JoinSet::new() }
    }

    /// Has the worker that is started next answer for its health.
    pub fn answer_for_worker(&mut self, listener: Option<TcpListener>) {
        self.worker_listener = listener;
    }

    /// Serves API and site on a socket that listens already.
    pub fn start_web(&mut self, listener: TcpListener) {
        let (context, drain) = (self.platform.web(), self.shutdown.drain.clone());
        self.parts.spawn(async move {
            anb_web::serve(context, listener, drain).await.context("the public service failed")
        });
    }

    /// Serves the operators' console on a socket that listens already.
    pub fn start_console(&mut self, listener: TcpListener) {
        let (context, drain) = (self.platform.console(), self.shutdown.drain.clone());
        self.parts.spawn(async move {
            let served = anb_console::serve(context, HashCost::default(), listener, drain);
            served.await.context("the console failed")
        });
    }

    /// Works on videos. ffmpeg is looked at here, not before listening: it
    /// takes longer than everything else at start.
    pub fn start_worker(&mut self) {
        let (platform, shutdown) = (self.platform.clone(), self.shutdown.clone());
        let listener = self.worker_listener.take();
        self.parts.spawn(async move {
            let cache_dir = platform.settings.cache_dir();
            let terms = ContestTerms::new(platform.contest.clone(), &platform.settings.media)
                .context("cannot use the artwork (`anb-video doctor` tells more)")?;
            let opening = platform::open_media(&platform.settings, Arc::new(terms), &cache_dir);
            let prepared = shutdown.drain.run_until_cancelled(opening);
            let Some(media) = prepared.await else { return Ok(()) };
            let context = WorkerContext { listener, ..platform.worker(Arc::new(media?)) };
            // On the heap: it is large.
            let work = Box::pin(anb_worker::run(context, shutdown));
            work.await.context("the worker failed")
        });
    }

    /// Brings messages from the outbox to the queue.
    pub fn start_relay(&mut self) {
        let platform = &self.platform;
        let relay = relay::run(
            platform.store.clone(),
            Arc::clone(&platform.queue),
            Arc::clone(&platform.outbox_wake),
            self.shutdown.drain.clone(),
        );
        self.parts.spawn(async move {
            relay.await;
            Ok(())
        });
    }

    /// Tells other systems what has happened.
    pub fn start_webhooks(&mut self) {
        let (platform, drain) = (self.platform.clone(), self.shutdown.drain.clone());
        self.parts.spawn(async move {
            platform.webhooks()?.run(drain).await;
            Ok(())
        });
    }

    /// Tells what is seen from outside.
    pub fn start_telling(&mut self, outside: Outside) {
        let telling = outside.tell(self.platform.clone(), self.shutdown.drain.clone());
        self.parts.spawn(telling);
    }

    /// Fills the showcase through its own API. Failing leaves the service as
    /// it is.
    pub fn start_demo(&self, address: SocketAddr) {
        let settings = Arc::clone(&self.platform.settings);
        let drain = self.shutdown.drain.clone();
        tokio::spawn(drain.run_until_cancelled_owned(async move {
            let filled = match own_url(address).parse() {
                Ok(url) => super::demo::fill(&settings, &url).await,
                Err(error) => Err(error.into()),
            };
            if let Err(error) = filled {
                eprintln!("The demonstration is incomplete: {error:#}");
                eprintln!("The server goes on; `anb-video demo` fills in what is missing.");
            }
        }));
    }

    /// Waits for the end of all parts. If one dies the others are drained.
    ///
    /// # Errors
    /// The first part that failed, or ended though nobody had asked it to.
    pub async fn finish(mut self) -> anyhow::Result<ExitCode> {
        let abort = self.shutdown.abort.clone();
        let result = tokio::select! {
            result = self.join() => result,
            () = async { abort.cancelled().await; tokio::time::sleep(ABORT_GRACE).await } => {
                bail!("aborted before everything was handed back");
            }
        };
        result.map(|()| ExitCode::SUCCESS)
    }

    async fn join(&mut self) -> anyhow::Result<()> {
        let mut result = Ok(());
        while let Some(ended) = self.parts.join_next().await {
            let ended = ended.context("a part of the service crashed").flatten();
            let expected = self.shutdown.drain.is_cancelled();
            self.shutdown.drain.cancel();
            let ended = match ended {
                Ok(()) if !expected => Err(anyhow::anyhow!("a part of the service ended early")),
                other => other,
            };
            if let Err(error) = &ended {
                tracing::error!(error = format!("{error:#}"), "stopping");
            }
            result = result.and(ended);
        }
        result
    }
}

/// Takes the port before anything slow is done, so that a second start is
/// refused at once.
///
/// # Errors
/// The address is taken or not ours.
pub fn listen(loaded: &Loaded) -> anyhow::Result<TcpListener> {
    bind(loaded.settings.web.listen, "--listen")
}

/// The same for the console.
///
/// # Errors
/// The address is taken or not ours.
pub fn listen_for_console(loaded: &Loaded) -> anyhow::Result<TcpListener> {
    bind(loaded.settings.console.listen, "console.listen")
}

/// The same for the health of a worker, if it is to be asked at all.
///
/// # Errors
/// The address is taken or not ours.
pub fn listen_for_worker(loaded: &Loaded) -> anyhow::Result<Option<TcpListener>> {
    let address = loaded.settings.worker.listen;
    address.map(|address| bind(address, "worker.listen")).transpose()
}

/// Takes a port that `setting` names.
///
/// # Errors
/// The address is taken or not ours.
pub fn bind(address: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).with_context(|| {
        format!("cannot listen on {address}; choose another address with {setting}")
    })?;
    listener.set_nonblocking(true).context("cannot use the socket")?;
    Ok(listener)
}

/// Where this process finds its own server: by number, since a machine
/// without `/etc/hosts` does not know its own name.
fn own_url(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    format!("http://{address}")
}

/// Where a browser on this machine finds a server on `address`.
fn base_url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

/// What the people at the terminal are told; machines read the log.
pub struct Announcer {
    quiet: bool,
}

impl Announcer {
    pub fn new(loaded: &Loaded) -> Self {
        Self { quiet: loaded.settings.log.format == LogFormat::Json }
    }

    pub fn say(&self, line: impl AsRef<str>) {
        if !self.quiet {
            // A service goes on when nobody listens.
            let _ = writeln!(std::io::stdout(), "{}", line.as_ref());
        }
    }

    /// Where everything is kept.
    pub fn say_places(&self, loaded: &Loaded) {
        let settings = &loaded.settings;
        let database = if settings.is_embedded() { settings.database_url() } else { "PostgreSQL" };
        self.say(format!("Database  {database}"));
        self.say(format!("Objects   {}", settings.objects_dir().display()));
        if settings.is_embedded() && !settings.data_dir.exists() {
            let folder = settings.data_dir.display();
            self.say(format!("First start: making {folder}, the database and a secret key"));
        }
    }

    /// Where operators go.
    pub fn say_console(&self, address: SocketAddr) {
        self.say(format!("Console   {}{}", base_url(address), anb_console::PREFIX));
    }

    /// Where to go now.
    pub fn say_address(&self, address: SocketAddr) {
        let base = base_url(address);
        self.say(format!(
            "\nServing   {base}\n\n\
             Open it in a browser, or try the API at {base}/docs.\n\
             Fill it with clips, players and votes: anb-video demo\n\
             Stop with Ctrl-C: running work is finished or handed back."
        ));
    }
}
