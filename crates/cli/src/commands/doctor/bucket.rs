//! The chain from a task to S3 and back, and the way that browsers take there:
//! by signed links, over plain HTTP.

use std::time::Duration;

use anb_blob::{BlobError, ByteSource, LinkOptions};
use anyhow::{Context as _, ensure};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::{Method, Response, header};
use url::Url;

use super::{Ailment, Check};
use crate::platform::Platform;

const PROBE: &[u8] = b"anb-video doctor";
const CONTENT_TYPE: &str = "text/plain";

/// How long a step over HTTP may take, and how long its link is good for.
const PATIENCE: Duration = Duration::from_secs(20);

/// S3 refuses requests whose clock is 15 minutes off
/// ([`RequestTimeTooSkewed`](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html));
/// links and leases suffer much earlier.
const MAX_SKEW: TimeDelta = TimeDelta::minutes(1);

/// Every step of the chain. Without objects there is nothing to link to.
pub async fn checks(platform: &Platform) -> Vec<Check> {
    let probe = Probe::new(platform);
    let objects = probe.objects().await;
    if objects.is_err() {
        return vec![check("storage", objects, OBJECTS)];
    }
    vec![
        check("storage", objects, OBJECTS),
        check("storage: read link", probe.read_link().await, READ_LINK),
        check("storage: part link", probe.part_link().await, PART_LINK),
        check("storage: CORS", probe.cors().await, &probe.cors_remedy()),
        check("storage: clock", probe.clock().await, CLOCK),
        check("storage: delete", probe.remove().await, OBJECTS),
    ]
}

const OBJECTS: &str = "allow the role s3:PutObject, s3:GetObject and s3:DeleteObject on both \
                       prefixes and s3:ListBucket on the bucket; check AWS_S3_BUCKET, AWS_REGION \
                       and storage.endpoint";
const READ_LINK: &str = "whoever watches needs this: check storage.public_endpoint, and that no \
                         bucket policy refuses presigned links";
const PART_LINK: &str = "uploads in parts need this: allow the role s3:PutObject, \
                         s3:AbortMultipartUpload and s3:ListMultipartUploadParts on \
                         storage.upload_prefix";
const CLOCK: &str = "set this machine's clock (NTP): signatures and leases depend on it";

struct Probe<'p> {
    platform: &'p Platform,
    key: String,
    http: reqwest::Client,
}

impl<'p> Probe<'p> {
    /// The key is not of the kind that the reconciler looks after.
    fn new(platform: &'p Platform) -> Self {
        let name = format!("doctor-{}", platform.ids.sortable());
        let key = format!("{}{name}", platform.layout.uploads_prefix());
        Self { platform, key, http: reqwest::Client::new() }
    }

    /// Put, head, ranged get.
    async fn objects(&self) -> anyhow::Result<String> {
        let blobs = &self.platform.blobs;
        blobs.put(&self.key, CONTENT_TYPE, source()).await.context("cannot write")?;
        let info = blobs.head(&self.key).await.context("cannot look at what was written")?;
        ensure!(
            info.size == PROBE.len() as u64,
            "{} bytes were written of {}",
            info.size,
            PROBE.len()
        );
        let read = blobs.get(&self.key, Some(4..9)).await.context("cannot read a range")?;
        let parts: Vec<Bytes> = read.stream.try_collect().await.context("cannot read a range")?;
        ensure!(parts.concat() == PROBE[4..9], "what was read is not what was written");
        let bucket = self.platform.settings.storage.bucket.as_deref().unwrap_or_default();
        Ok(format!("{bucket}: written, looked at, read in part"))
    }

    /// A presigned GET, as a browser sends it.
    async fn read_link(&self) -> anyhow::Result<String> {
        let link = self.link().await?;
        let answer = self.ask(Method::GET, link.clone(), &[]).await?;
        let host = link.host_str().unwrap_or_default();
        let body = succeeded(answer).await?.bytes().await?;
        ensure!(body == PROBE, "the link gives other bytes than were written");
        Ok(format!("{host} gives the object to whoever has the link"))
    }

    /// A presigned `UploadPart`, as a browser sends it; then given up.
    async fn part_link(&self) -> anyhow::Result<String> {
        let blobs = &self.platform.blobs;
        let key = format!("{}-parts", self.key);
        let token = blobs.begin_parts(&key, CONTENT_TYPE).await.context("cannot begin")?;
        let outcome = async {
            let size = PROBE.len() as u64;
            let link = blobs.part_link(&key, &token, 1, size, PATIENCE).await?;
            let sent = self.http.put(link).timeout(PATIENCE).body(PROBE).send().await;
            succeeded(sent.map_err(reqwest::Error::without_url)?).await?;
            let parts = blobs.parts(&key, &token).await.context("cannot list the parts")?;
            let arrived = parts.iter().any(|part| (part.number, part.size) == (1, size));
            ensure!(arrived, "a part that was accepted is not listed");
            Ok("a part was sent, and found".to_owned())
        };
        let outcome = outcome.await;
        blobs.abort_parts(&key, &token).await.context("cannot give up an upload in parts")?;
        outcome
    }

    /// The question that browsers ask before they send a part to another host
    /// ([Fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch)).
    async fn cors(&self) -> anyhow::Result<String> {
        let origin = self.origin();
        let headers = [("origin", origin.as_str()), ("access-control-request-method", "PUT")];
        let mut target = self.link().await?;
        target.set_query(None);
        target.set_path(&format!("{}-parts", target.path()));
        let answer = self.ask(Method::OPTIONS, target, &headers).await?;
        let allowed = answer.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        let allowed = allowed.and_then(|value| value.to_str().ok()).unwrap_or_default();
        ensure!(allowed == "*" || allowed == origin, "the bucket does not let {origin} send parts");
        Ok(format!("pages of {origin} may send parts"))
    }

    fn cors_remedy(&self) -> String {
        format!(
            "give the bucket a CORS rule: AllowedOrigins [{:?}], AllowedMethods [\"GET\", \"PUT\"], \
             AllowedHeaders [\"*\"]",
            self.origin()
        )
    }

    fn origin(&self) -> String {
        let site = self.platform.settings.web.public_url.as_ref();
        site.map(|url| url.origin().ascii_serialization()).unwrap_or_default()
    }

    /// What S3 says the time is, against ours.
    async fn clock(&self) -> anyhow::Result<String> {
        let answer = self.ask(Method::GET, self.link().await?, &[]).await?;
        let date = answer.headers().get(header::DATE).and_then(|date| date.to_str().ok());
        let date = date.context("the answer has no date")?;
        let theirs = httpdate::parse_http_date(date).context("the answer's date is malformed")?;
        let skew = difference(theirs.into(), self.platform.clock.now());
        ensure!(skew <= MAX_SKEW, "this machine's clock is {} s off", skew.num_seconds());
        Ok(format!("within {} s of S3's", skew.num_seconds().max(1)))
    }

    /// And that it is gone.
    async fn remove(&self) -> anyhow::Result<String> {
        let blobs = &self.platform.blobs;
        blobs.delete(&self.key).await.context("cannot delete")?;
        let gone = matches!(blobs.head(&self.key).await, Err(BlobError::NotFound(_)));
        ensure!(gone, "a deleted object is still there");
        Ok("deleted".to_owned())
    }

    async fn link(&self) -> anyhow::Result<Url> {
        let options = LinkOptions {
            expires_in: PATIENCE,
            content_type: CONTENT_TYPE.to_owned(),
            download_as: None,
        };
        self.platform.blobs.signed_link(&self.key, &options).await.context("cannot sign a link")
    }

    /// Errors do not show the link: it is a key to the object.
    async fn ask(
        &self,
        method: Method,
        link: Url,
        headers: &[(&str, &str)],
    ) -> anyhow::Result<Response> {
        let mut request = self.http.request(method, link).timeout(PATIENCE);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Ok(request.send().await.map_err(reqwest::Error::without_url)?)
    }
}

fn check(name: &str, outcome: anyhow::Result<String>, remedy: &str) -> Check {
    Check::new(name, outcome.map_err(|error| Ailment::new(format!("{error:#}"), remedy)))
}

fn source() -> ByteSource {
    stream::once(async { Ok(Bytes::from_static(PROBE)) }).boxed()
}

/// The answer, unless it is a refusal; then S3's own word for it.
async fn succeeded(answer: Response) -> anyhow::Result<Response> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let body = answer.text().await.unwrap_or_default();
    let code = body.split("<Code>").nth(1).and_then(|rest| rest.split("</Code>").next());
    anyhow::bail!(
        "refused with {status}{}",
        code.map(|code| format!(" ({code})")).unwrap_or_default()
    );
}

fn difference(one: DateTime<Utc>, other: DateTime<Utc>) -> TimeDelta {
    (one - other).abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_be_off_in_either_direction() {
        let now = DateTime::UNIX_EPOCH;
        let hour = TimeDelta::hours(1);
        assert_eq!(difference(now, now + hour), hour);
        assert_eq!(difference(now + hour, now), hour);
    }
}
