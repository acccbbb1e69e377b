//! Many uploads at once take little memory, though S3 wants parts of 5 MiB and
//! more. Alone in its process, whose memory it measures.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::{fs, sync::Arc};

use anb_blob::{BlobStore as _, ByteSource, S3Options, S3Store};
use anb_domain::SystemClock;
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use bytes::Bytes;
use futures::{StreamExt as _, future, stream};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::Barrier,
};

const UPLOADS: usize = 32;
const MIB: u64 = 1 << 20;
/// What the whole process may grow by while all of them are under way.
const MOST: u64 = 64 * MIB;

/// Takes any upload, and answers no first part before all of them are there.
struct Sink {
    first_parts: Barrier,
}

impl Sink {
    async fn start() -> (Arc<Self>, String) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        // One more than uploads: the test, which looks at the memory then.
        let sink = Arc::new(Self { first_parts: Barrier::new(UPLOADS + 1) });
        let serving = Arc::clone(&sink);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(Arc::clone(&serving).serve(client));
            }
        });
        (sink, endpoint)
    }

    async fn serve(self: Arc<Self>, client: TcpStream) {
        let mut client = BufReader::new(client);
        let (mut line, mut length) = (String::new(), 0);
        client.read_line(&mut line).await.unwrap();
        loop {
            let mut header = String::new();
            client.read_line(&mut header).await.unwrap();
            if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if header.trim().is_empty() {
                break;
            }
        }
        tokio::io::copy(&mut (&mut client).take(length), &mut tokio::io::sink()).await.unwrap();
        if line.contains("partNumber=1&") {
            self.first_parts.wait().await;
            self.first_parts.wait().await;
        }
        let body = if line.starts_with("PUT") {
            ""
        } else if line.contains("uploadId") {
            "<R><ETag>whole</ETag></R>"
        } else {
            "<R><UploadId>id</UploadId></R>"
        };
        let answer = format!(
            "HTTP/1.1 200 OK\r\netag: \"e\"\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        client.write_all(answer.as_bytes()).await.unwrap();
    }
}

/// 20 MiB in pieces of 64 KiB, each made when it is asked for.
fn source() -> ByteSource {
    stream::repeat_with(|| Ok(Bytes::from(vec![7; 64 << 10]))).take(20 << 4).boxed()
}

/// Bytes of this process that are in memory now.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() << 10
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_uploads_at_once_take_little_memory() {
    let (sink, endpoint) = Sink::start().await;
    let keys = Credentials::new("key", "secret", None, None, "test");
    let credentials = SharedCredentialsProvider::new(keys);
    let options =
        S3Options::new("clips".into(), "us-east-1".into(), credentials, Arc::new(SystemClock));
    let endpoint = Some(endpoint.parse().unwrap());
    let store = S3Store::open(S3Options { endpoint, ..options }).unwrap();
    let before = resident();

    let uploads = future::join_all((0..UPLOADS).map(|number| {
        let (store, key) = (&store, format!("uploads/{number}/original"));
        async move { store.put(&key, "video/mp4", source()).await.unwrap() }
    }));
    let measured = async {
        sink.first_parts.wait().await;
        let growth = resident().saturating_sub(before);
        sink.first_parts.wait().await;
        growth
    };
    let (stored, growth) = tokio::join!(uploads, measured);

    assert!(stored.iter().all(|upload| upload.size == 20 * MIB));
    assert!(growth < MOST, "{} MiB for {UPLOADS} uploads", growth / MIB);
    let peak_of_a_part_each = UPLOADS as u64 * 5 * MIB;
    assert!(peak_of_a_part_each > MOST, "keeping the parts in memory would not have been noticed");
}
