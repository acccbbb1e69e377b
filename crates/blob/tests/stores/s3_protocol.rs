//! What goes over the wire to S3, and how its answers are taken, tested against
//! a server that answers as told.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use anb_blob::{
    BlobError, BlobStore as _, ByteSource, PartInfo, PartUploads as _, S3Options, S3Store,
    UploadToken,
};
use anb_domain::SystemClock;
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt as _, stream};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

const KEY: &str = "uploads/0190/original";

/// One request, as it came.
#[derive(Debug, Clone)]
struct Seen {
    /// Method and target.
    line: String,
    head: String,
    body: Vec<u8>,
}

impl Seen {
    fn header(&self, wanted: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case(wanted).then_some(value)
        })
    }

    fn has(&self, method: &str, parameter: &str) -> bool {
        self.line.starts_with(method) && self.line.contains(parameter)
    }
}

/// Status, headers beside the length, body.
type Answer = (u16, &'static str, String);

/// Takes requests, one per connection, and gives the answers in their order.
struct Server {
    endpoint: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    async fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let mut answers: VecDeque<_> = answers.into_iter().collect();
        let record = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Some(answer) = answers.pop_front() {
                let (mut client, _) = listener.accept().await.unwrap();
                let request = read(&mut client).await;
                record.lock().unwrap().push(request);
                write(&mut client, answer).await;
            }
        });
        Self { endpoint, seen }
    }

    fn store(&self) -> S3Store {
        let keys = Credentials::new("key", "secret", Some("the+token".into()), None, "test");
        let credentials = SharedCredentialsProvider::new(keys);
        let clock = Arc::new(SystemClock);
        let options = S3Options::new("clips".into(), "us-east-1".into(), credentials, clock);
        let endpoint = Some(self.endpoint.parse().unwrap());
        S3Store::open(S3Options { endpoint, ..options }).unwrap()
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

async fn read(client: &mut TcpStream) -> Seen {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        assert!(client.read_buf(&mut bytes).await.unwrap() > 0, "the request ended early");
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let line = head.lines().next().unwrap().trim_end_matches(" HTTP/1.1").to_owned();
    let mut seen = Seen { line, head, body: bytes.split_off(end + 4) };
    let length = seen.header("content-length").map_or(0, |length| length.parse().unwrap());
    while seen.body.len() < length {
        assert!(client.read_buf(&mut seen.body).await.unwrap() > 0, "the body ended early");
    }
    seen
}

async fn write(client: &mut TcpStream, (status, headers, body): Answer) {
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    client.write_all(answer.as_bytes()).await.unwrap();
}

fn ok(body: &str) -> Answer {
    (200, "etag: \"an-etag\"\r\n", body.to_owned())
}

fn refused(status: u16, code: &str) -> Answer {
    (status, "", format!("<Error><Code>{code}</Code><Message>no</Message></Error>"))
}

fn source(size: usize) -> ByteSource {
    stream::iter([Ok(Bytes::from(vec![7; size]))]).boxed()
}

/// More than one part.
const LARGE: usize = 9 << 20;
const BEGUN: &str =
    "<InitiateMultipartUploadResult><UploadId>an-id</UploadId></InitiateMultipartUploadResult>";
const COMPLETED: &str = "<CompleteMultipartUploadResult><ETag>\"whole\"</ETag>\
                         </CompleteMultipartUploadResult>";

#[tokio::test]
async fn a_write_is_tried_again_while_s3_is_busy() {
    let answers = [
        refused(503, "SlowDown"),
        refused(500, "InternalError"),
        refused(400, "RequestTimeout"),
        ok(""),
    ];
    let server = Server::answering(answers).await;

    server.store().put(KEY, "video/mp4", source(1000)).await.unwrap();

    let seen = server.seen();
    assert_eq!(seen.len(), 4);
    assert!(seen.iter().all(|request| request.body == [7; 1000]), "each has every byte");
}

#[tokio::test]
async fn what_is_forbidden_is_not_tried_again() {
    let server = Server::answering([refused(403, "AccessDenied"), refused(403, "")]).await;

    let outcome = server.store().delete(KEY).await.unwrap_err();

    let expected = "object storage is unavailable: S3 answers 403 Forbidden AccessDenied: no";
    assert_eq!(outcome.to_string(), expected);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_small_object_goes_with_its_checksum() {
    let server = Server::answering([ok("")]).await;

    server.store().put(KEY, "video/mp4", source(3)).await.unwrap();

    let [request] = &server.seen()[..] else { panic!() };
    assert!(request.line.starts_with("PUT /clips/uploads/0190/original?X-Amz-"));
    assert!(request.line.contains("X-Amz-Security-Token=the%2Btoken"), "{}", request.line);
    assert_eq!(request.header("content-type"), Some("video/mp4"));
    assert_eq!(
        request.header("x-amz-checksum-sha256"),
        Some("an3G9CZyQvAfZjakXDHaUcA22h6YeavOfh0Kqnaq2HY="),
    );
    assert_eq!(request.header("transfer-encoding"), None);
}

#[tokio::test]
async fn a_large_object_is_completed_with_the_checksums_of_its_parts() {
    let server = Server::answering([ok(BEGUN), ok(""), ok(""), ok(COMPLETED)]).await;

    server.store().put(KEY, "video/mp4", source(LARGE)).await.unwrap();

    let seen = server.seen();
    assert!(seen[0].has("POST", "uploads"));
    assert_eq!(seen[0].header("x-amz-checksum-algorithm"), Some("SHA256"));
    let parts: Vec<_> = seen.iter().filter(|request| request.has("PUT", "partNumber")).collect();
    assert_eq!(parts.iter().map(|part| part.body.len()).collect::<Vec<_>>(), [8 << 20, 1 << 20]);
    let last = String::from_utf8(seen[3].body.clone()).unwrap();
    for part in parts {
        let checksum = part.header("x-amz-checksum-sha256").unwrap();
        assert!(last.contains(&format!("<ChecksumSHA256>{checksum}</ChecksumSHA256>")), "{last}");
    }
    assert!(last.contains("<PartNumber>2</PartNumber>"), "{last}");
}

#[tokio::test]
async fn an_upload_whose_end_failed_is_aborted() {
    let answers = [
        ok(BEGUN),
        ok(""),
        ok(""),
        refused(400, "InvalidPart"),
        (204, "", String::new()),
        refused(404, "NoSuchUpload"),
    ];
    let server = Server::answering(answers).await;

    let outcome = server.store().put(KEY, "video/mp4", source(LARGE)).await;

    assert!(matches!(outcome, Err(BlobError::Unavailable(_))), "{outcome:?}");
    let seen = server.seen();
    assert!(seen[4].has("DELETE", "uploadId=an-id"), "{}", seen[4].line);
}

/// Parts that were under way when an upload was aborted stay; it is aborted
/// until there are none.
#[tokio::test]
async fn an_upload_is_aborted_until_it_is_gone() {
    let part = "<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>e</ETag><Size>5</Size>\
                <LastModified>2026-05-01T12:00:00.000Z</LastModified></Part></ListPartsResult>";
    let aborted = || (204, "", String::new());
    let answers = [aborted(), ok(part), aborted(), refused(404, "NoSuchUpload")];
    let server = Server::answering(answers).await;

    server.store().abort_parts(KEY, &UploadToken("an-id".into())).await.unwrap();

    let seen = server.seen();
    assert_eq!(seen.iter().filter(|request| request.has("DELETE", "uploadId=an-id")).count(), 2);
}

fn page_of_parts(numbers: std::ops::RangeInclusive<u32>, next: Option<u32>) -> Answer {
    let parts: Vec<String> = numbers
        .map(|number| {
            format!(
                "<Part><PartNumber>{number}</PartNumber><ETag>\"e{number}\"</ETag>\
                 <LastModified>2026-05-01T12:00:00.000Z</LastModified><Size>5242880</Size></Part>"
            )
        })
        .collect();
    let (parts, more, marker) = (parts.concat(), next.is_some(), next.unwrap_or_default());
    ok(&format!(
        "<ListPartsResult><NextPartNumberMarker>{marker}</NextPartNumberMarker>\
         <IsTruncated>{more}</IsTruncated>{parts}</ListPartsResult>"
    ))
}

#[tokio::test]
async fn every_page_of_parts_is_read() {
    let pages = [page_of_parts(1..=1000, Some(1000)), page_of_parts(1001..=1200, None)];
    let server = Server::answering(pages).await;

    let parts = server.store().parts(KEY, &UploadToken("an-id".into())).await.unwrap();

    assert_eq!(parts.len(), 1200);
    assert_eq!(parts[1199], PartInfo { number: 1200, size: 5_242_880 });
    assert!(server.seen()[1].has("GET", "part-number-marker=1000"));
}

#[tokio::test]
async fn parts_are_joined_with_the_etags_that_s3_has() {
    let server = Server::answering([page_of_parts(1..=2, None), ok(COMPLETED)]).await;

    server.store().complete_parts(KEY, &UploadToken("an-id".into())).await.unwrap();

    let body = String::from_utf8(server.seen()[1].body.clone()).unwrap();
    let plain = body.replace("&quot;", "\"");
    for number in [1, 2] {
        let part = format!("<ETag>\"e{number}\"</ETag><PartNumber>{number}</PartNumber>");
        assert!(plain.contains(&part), "{body}");
    }
    assert!(!body.contains("Checksum"), "browsers send none: {body}");
}

#[tokio::test]
async fn uploads_are_purged_from_every_page_by_their_last_sign_of_life() {
    let now = DateTime::parse_from_rfc3339("2026-05-02T12:00:00Z").unwrap().with_timezone(&Utc);
    let upload = |id: &str, initiated: &str| {
        format!(
            "<Upload><Key>{KEY}</Key><UploadId>{id}</UploadId><Initiated>{initiated}</Initiated>\
             </Upload>"
        )
    };
    let page = |more: bool, uploads: String| {
        ok(&format!(
            "<R><IsTruncated>{more}</IsTruncated><NextKeyMarker>k</NextKeyMarker>\
             <NextUploadIdMarker>u</NextUploadIdMarker>{uploads}</R>"
        ))
    };
    let young = upload("young", "2026-05-02T11:00:00.000Z");
    let (alive, dead) =
        (upload("alive", "2026-04-01T00:00:00.000Z"), upload("dead", "2026-04-01T00:00:00.000Z"));
    let server = Server::answering([
        page(true, young + &alive),
        page(false, dead),
        // A part of 2026-05-01 12:00.
        page_of_parts(1..=1, None),
        ok("<ListPartsResult></ListPartsResult>"),
        (204, "", String::new()),
        refused(404, "NoSuchUpload"),
    ])
    .await;

    let purged = server.store().purge_staged(now - TimeDelta::days(2)).await.unwrap();

    assert_eq!(purged, 1);
    let seen = server.seen();
    assert!(seen[1].has("GET", "key-marker=k"), "{}", seen[1].line);
    assert!(seen[1].has("GET", "upload-id-marker=u"), "{}", seen[1].line);
    assert!(seen[4].has("DELETE", "uploadId=dead"), "{}", seen[4].line);
}

/// A bucket that cannot be seen must not look like one without objects: that
/// would call every original lost.
#[tokio::test]
async fn an_object_is_missing_only_from_a_bucket_that_is_there() {
    let store = |answer| async {
        Server::answering([(404, "", String::new()), answer]).await.store().head(KEY).await
    };

    let listed = store(ok("<ListBucketResult/>")).await.unwrap_err();
    let gone = store(refused(404, "NoSuchBucket")).await.unwrap_err();
    let hidden = store(refused(403, "AccessDenied")).await.unwrap_err();

    assert!(matches!(listed, BlobError::NotFound(key) if key == KEY));
    assert!(matches!(gone, BlobError::Unavailable(_)), "{gone}");
    assert!(matches!(hidden, BlobError::Unavailable(_)), "{hidden}");
}

#[tokio::test]
async fn a_part_link_binds_number_upload_and_size() {
    let server = Server::answering([]).await;
    let token = UploadToken("an+id".into());

    let store = server.store();
    let link = store.part_link(KEY, &token, 3, 5_242_880, Duration::from_mins(10)).await.unwrap();
    let parameter = |wanted: &str| {
        link.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    assert_eq!(parameter("partNumber").as_deref(), Some("3"));
    assert_eq!(parameter("uploadId").as_deref(), Some("an+id"));
    assert_eq!(parameter("X-Amz-SignedHeaders").as_deref(), Some("content-length;host"));
    assert_eq!(parameter("X-Amz-Expires").as_deref(), Some("600"));
    assert_eq!(parameter("X-Amz-Security-Token").as_deref(), Some("the+token"));
}
