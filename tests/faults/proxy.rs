//! A line between our processes and a service, which can be cut.

use std::{io, net::SocketAddr, path::PathBuf, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
    task::JoinSet,
    time::sleep,
};

/// Where the line leads.
#[derive(Debug, Clone)]
pub enum Upstream {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Open,
    /// Bytes wait, connections stay.
    Stalled,
    /// New connections are reset.
    Refused,
}

/// A listening port whose connections lead to a service.
pub struct Proxy {
    address: SocketAddr,
    line: watch::Sender<Line>,
    cuts: watch::Sender<u32>,
    _connections: JoinSet<()>,
}

impl Proxy {
    pub async fn start(upstream: Upstream) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let (line, cuts) = (watch::Sender::new(Line::Open), watch::Sender::new(0));
        let (condition, knife) = (line.subscribe(), cuts.subscribe());
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let mut carried = JoinSet::new();
            loop {
                let Ok((client, _)) = listener.accept().await else { continue };
                carried.spawn(carry(client, upstream.clone(), condition.clone(), knife.clone()));
                while carried.try_join_next().is_some() {}
            }
        });
        Self { address, line, cuts, _connections: connections }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Resets every connection there is.
    pub fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Holds every byte back for a while.
    pub async fn stall(&self, length: Duration) {
        self.be(Line::Stalled, length).await;
    }

    /// Resets new connections for a while.
    pub async fn refuse(&self, length: Duration) {
        self.be(Line::Refused, length).await;
    }

    /// Ends whatever is wrong.
    pub fn heal(&self) {
        self.line.send_replace(Line::Open);
    }

    async fn be(&self, line: Line, length: Duration) {
        self.line.send_replace(line);
        sleep(length).await;
        self.heal();
    }
}

async fn carry(
    mut client: TcpStream,
    upstream: Upstream,
    line: watch::Receiver<Line>,
    mut knife: watch::Receiver<u32>,
) {
    knife.mark_unchanged();
    if *line.borrow() != Line::Refused {
        tokio::select! {
            carried = join(&mut client, upstream, line) => if carried.is_ok() { return },
            _ = knife.changed() => {}
        }
    }
    // Closing now resets the connection instead of ending it in good order.
    client.set_zero_linger().ok();
}

/// Carries bytes both ways until both sides have finished.
async fn join(
    client: &mut TcpStream,
    upstream: Upstream,
    line: watch::Receiver<Line>,
) -> io::Result<()> {
    let (from_client, to_client) = client.split();
    let (from_service, to_service) = connect(upstream).await?;
    tokio::try_join!(
        pump(from_client, to_service, line.clone()),
        pump(from_service, to_client, line),
    )?;
    Ok(())
}

type Reader = Box<dyn AsyncRead + Send + Unpin>;
type Writer = Box<dyn AsyncWrite + Send + Unpin>;

async fn connect(upstream: Upstream) -> io::Result<(Reader, Writer)> {
    Ok(match upstream {
        Upstream::Tcp(address) => {
            let (reader, writer) = TcpStream::connect(address).await?.into_split();
            (Box::new(reader), Box::new(writer))
        }
        Upstream::Unix(path) => {
            let (reader, writer) = UnixStream::connect(path).await?.into_split();
            (Box::new(reader), Box::new(writer))
        }
    })
}

async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut line: watch::Receiver<Line>,
) -> io::Result<()> {
    let mut buffer = vec![0; 32 << 10];
    loop {
        let count = from.read(&mut buffer).await?;
        line.wait_for(|line| *line != Line::Stalled).await.map_err(io::Error::other)?;
        if count == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..count]).await?;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    /// A line to somebody who repeats what is said.
    async fn echo() -> (Proxy, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut reader, mut writer) = stream.split();
                    tokio::io::copy(&mut reader, &mut writer).await.ok();
                });
            }
        });
        let proxy = Proxy::start(Upstream::Tcp(address)).await;
        let client = TcpStream::connect(proxy.address()).await.unwrap();
        (proxy, client)
    }

    async fn says(client: &mut TcpStream, word: &[u8; 4]) -> io::Result<()> {
        client.write_all(word).await?;
        let mut heard = [0; 4];
        client.read_exact(&mut heard).await?;
        assert_eq!(&heard, word);
        Ok(())
    }

    #[tokio::test]
    async fn a_line_carries_until_it_is_cut() {
        let (proxy, mut client) = echo().await;
        says(&mut client, b"hola").await.unwrap();
        proxy.cut();
        let error = says(&mut client, b"otra").await.unwrap_err();
        assert!(matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe));
        let mut next = TcpStream::connect(proxy.address()).await.unwrap();
        says(&mut next, b"otra").await.unwrap();
    }

    #[tokio::test]
    async fn a_stall_holds_back_and_loses_nothing() {
        let (proxy, mut client) = echo().await;
        says(&mut client, b"hola").await.unwrap();
        let stall = Duration::from_millis(300);
        let begun = Instant::now();
        let (heard, ()) = tokio::join!(says(&mut client, b"otra"), proxy.stall(stall));
        heard.unwrap();
        assert!(begun.elapsed() >= stall);
    }

    #[tokio::test]
    async fn a_refusal_spares_what_is_connected() {
        let (proxy, mut client) = echo().await;
        says(&mut client, b"hola").await.unwrap();
        let newcomer = async {
            sleep(Duration::from_millis(50)).await;
            says(&mut client, b"otra").await.unwrap();
            let mut refused = TcpStream::connect(proxy.address()).await?;
            says(&mut refused, b"nada").await
        };
        let (refused, ()) = tokio::join!(newcomer, proxy.refuse(Duration::from_millis(500)));
        refused.unwrap_err();
    }
}
