use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout},
};

use super::TestApp;

/// A client that does what no library would.
pub struct RawConnection(pub TcpStream);

impl RawConnection {
    pub async fn to(app: &TestApp) -> Self {
        Self(TcpStream::connect(app.address).await.unwrap())
    }

    pub async fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// Whatever comes until the other side closes, and how long that took.
    pub async fn until_closed(&mut self) -> (String, Duration) {
        let started = Instant::now();
        let mut received = Vec::new();
        let read = self.0.read_to_end(&mut received);
        // A reset is a way of closing too.
        let _ended = timeout(Duration::from_secs(20), read).await.expect("it is closed at all");
        (String::from_utf8_lossy(&received).into_owned(), started.elapsed())
    }

    /// What comes next, within the time; empty when nothing does.
    pub async fn next(&mut self, within: Duration) -> String {
        let mut received = vec![0; 64 << 10];
        let read = timeout(within, self.0.read(&mut received)).await;
        let length = read.map_or(0, |read| read.unwrap_or(0));
        String::from_utf8_lossy(&received[..length]).into_owned()
    }
}
