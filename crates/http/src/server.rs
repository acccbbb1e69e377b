//! The listener, and the defences that only a server can have: a limit on
//! connections, and on the patience with each.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{Router, extract::connect_info::Connected};
use axum_server::{AddrListener, Address, Handle, Server};
use hyper_util::rt::TokioTimer;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, Sleep},
};
use tokio_util::sync::CancellationToken;

/// The smallest buffer that hyper works with.
const MIN_HEADER_BYTES: usize = 8 << 10;

/// How many clients a server has at once, and how patient it is with each.
#[derive(Debug, Clone, Copy)]
pub struct ServerLimits {
    /// More wait in the kernel's backlog.
    pub max_connections: usize,
    /// For the head of a request, and between two requests.
    pub header_timeout: Duration,
    pub max_header_bytes: usize,
    /// For a client to take the next bytes.
    pub write_timeout: Duration,
    /// For requests to finish once the service is to stop.
    pub drain_timeout: Duration,
}

/// Serves until `shutdown`, then lets requests finish for at most
/// `limits.drain_timeout`.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve(
    app: Router,
    listener: std::net::TcpListener,
    limits: ServerLimits,
    shutdown: CancellationToken,
) -> Result<(), io::Error> {
    let handle = Handle::new();
    tokio::spawn(drain_at(shutdown, handle.clone(), limits.drain_timeout));
    server(&limits, listener)?
        .handle(handle)
        .serve(app.into_make_service_with_connect_info::<SocketAddr>())
        .await
}

async fn drain_at(shutdown: CancellationToken, handle: Handle<Peer>, timeout: Duration) {
    shutdown.cancelled().await;
    handle.graceful_shutdown(Some(timeout));
}

fn server(
    limits: &ServerLimits,
    listener: std::net::TcpListener,
) -> Result<Server<Peer>, io::Error> {
    listener.set_nonblocking(true)?;
    let listener = PatientListener {
        inner: TcpListener::from_std(listener)?,
        slots: Arc::new(Semaphore::new(limits.max_connections)),
        write_patience: limits.write_timeout,
    };
    // HTTP/1 only: waiting for the preface of HTTP/2 has no time limit.
    let mut server = Server::from_listener(listener).http1_only();
    server
        .http_builder()
        .http1()
        .timer(TokioTimer::new())
        // Runs from the end of the previous answer, so that it also ends
        // connections that idle.
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(limits.max_header_bytes.max(MIN_HEADER_BYTES));
    Ok(server)
}

/// Who is at the other end.
#[derive(Debug, Clone, Copy)]
pub struct Peer(SocketAddr);

impl Address for Peer {
    type Stream = PatientStream;
    type Listener = PatientListener;
}

impl Connected<Peer> for SocketAddr {
    fn connect_info(Peer(address): Peer) -> Self {
        address
    }
}

/// Accepts a connection only when there is room for it; more wait in the
/// kernel's backlog, where they cost us nothing.
pub struct PatientListener {
    inner: TcpListener,
    slots: Arc<Semaphore>,
    write_patience: Duration,
}

impl AddrListener<PatientStream, Peer> for PatientListener {
    async fn bind_to(_: Peer) -> io::Result<Self> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "the caller binds the listener"))
    }

    async fn accept_stream(&self) -> io::Result<(PatientStream, Peer)> {
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(io::Error::other)?;
        let (inner, address) = self.inner.accept().await?;
        inner.set_nodelay(true)?;
        let patience = self.write_patience;
        Ok((PatientStream { inner, patience, stalled: None, _slot: slot }, Peer(address)))
    }

    fn get_local_addr(&self) -> io::Result<Peer> {
        self.inner.local_addr().map(Peer)
    }
}

/// A connection that ends when its client takes no bytes for too long: hyper
/// waits for ever.
pub struct PatientStream {
    inner: TcpStream,
    patience: Duration,
    /// Runs while a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
    _slot: OwnedSemaphorePermit,
}

impl PatientStream {
    fn judge<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let deadline = Instant::now() + self.patience;
        let stalled =
            self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for PatientStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl AsyncWrite for PatientStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.judge(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(cx, slices);
        self.judge(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(cx);
        self.judge(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
