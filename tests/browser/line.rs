//! The line between a browser and a site, as slow as a story needs it. (The
//! browser can play a slow line, too, but does not slow down each upload.)

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpSocket, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

use crate::site::Site;

/// Small, so that what a page takes for sent is not merely on its way.
const BUFFER: u32 = 64 << 10;

/// Bytes per second that each connection carries to the site; 0: any number.
type Rate = Arc<AtomicU32>;

pub struct Line(Rate);

impl Line {
    /// From now on browsers reach the site by this line, which is a fast one.
    pub fn to(site: &mut Site) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(BUFFER).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(64).unwrap();
        let near_end = format!("http://{}", listener.local_addr().unwrap());
        let far_end = std::mem::replace(&mut site.url, near_end);
        let rate = Rate::default();
        tokio::spawn(accept(listener, far_end.replace("http://", ""), Arc::clone(&rate)));
        Self(rate)
    }

    pub fn becomes_slow(&self, bytes_per_second: u32) {
        self.0.store(bytes_per_second, Ordering::Relaxed);
    }

    pub fn becomes_fast(&self) {
        self.becomes_slow(0);
    }
}

async fn accept(listener: TcpListener, site: String, rate: Rate) {
    while let Ok((browser, _)) = listener.accept().await {
        let (site, rate) = (site.clone(), Arc::clone(&rate));
        tokio::spawn(async move {
            let Ok(site) = TcpStream::connect(site).await else { return };
            let (requests, mut to_browser) = browser.into_split();
            let (mut answers, to_site) = site.into_split();
            tokio::spawn(async move { tokio::io::copy(&mut answers, &mut to_browser).await });
            carry(requests, to_site, &rate).await;
        });
    }
}

async fn carry(mut requests: OwnedReadHalf, mut to_site: OwnedWriteHalf, rate: &AtomicU32) {
    let mut piece = vec![0; 16 << 10];
    while let Ok(length @ 1..) = requests.read(&mut piece).await {
        if to_site.write_all(&piece[..length]).await.is_err() {
            return;
        }
        let rate = rate.load(Ordering::Relaxed);
        if rate > 0 {
            let second = Duration::from_secs(1);
            tokio::time::sleep(second * u32::try_from(length).unwrap() / rate).await;
        }
    }
}
