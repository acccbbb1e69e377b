//! Where a bucket is, and what its objects are called in a URL.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::BlobError;

/// What [Signature Version 4](https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html)
/// escapes in a query: all but the unreserved characters of RFC 3986.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const PATH: &AsciiSet = &QUERY.remove(b'/');

/// The address of a bucket, without a slash at its end.
#[derive(Debug, Clone)]
pub(super) struct Bucket(String);

impl Bucket {
    /// `name` at `endpoint`, or at AWS's own. With `path_style` the name is in
    /// the path, otherwise in the host.
    pub fn at(
        endpoint: Option<&Url>,
        region: &str,
        name: &str,
        path_style: bool,
    ) -> Result<Self, BlobError> {
        let endpoint = endpoint.map_or_else(|| aws(region), |url| Ok(url.clone()))?;
        let host = endpoint.host_str().unwrap_or_default();
        let mut url = endpoint.clone();
        url.set_query(None);
        url.set_fragment(None);
        if path_style {
            let mut path = url.path_segments_mut().map_err(|()| unusable(&endpoint))?;
            path.pop_if_empty().push(name);
        } else {
            url.set_host(Some(&format!("{name}.{host}"))).map_err(|_| unusable(&endpoint))?;
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// The object at `key` (the bucket itself if that is empty), with a query.
    pub fn url<'a>(
        &self,
        key: &str,
        query: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> String {
        let mut url = format!("{}/{}", self.0, utf8_percent_encode(key, PATH));
        append(&mut url, query);
        url
    }
}

/// Adds parameters to a URL, escaped as signatures need it.
pub(super) fn append<'a>(url: &mut String, query: impl IntoIterator<Item = (&'a str, &'a str)>) {
    for (name, value) in query {
        let separator = if url.contains('?') { '&' } else { '?' };
        let (name, value) = (utf8_percent_encode(name, QUERY), utf8_percent_encode(value, QUERY));
        // Writing to a string cannot fail.
        let _ = write!(url, "{separator}{name}={value}");
    }
}

/// [Amazon S3 endpoints](https://docs.aws.amazon.com/general/latest/gr/s3.html)
fn aws(region: &str) -> Result<Url, BlobError> {
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    let endpoint = format!("https://s3.{region}.{domain}");
    Url::parse(&endpoint).map_err(|error| BlobError::Unavailable(error.into()))
}

fn unusable(endpoint: &Url) -> BlobError {
    let why = format!("there can be no bucket in the host name of {endpoint}: use the path style");
    BlobError::Unavailable(why.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(endpoint: &str, path_style: bool) -> String {
        let endpoint = endpoint.parse().ok();
        Bucket::at(endpoint.as_ref(), "sa-east-1", "clips", path_style).unwrap().0
    }

    #[test]
    fn the_bucket_is_in_the_host_or_in_the_path() {
        assert_eq!(at("", false), "https://clips.s3.sa-east-1.amazonaws.com");
        assert_eq!(at("", true), "https://s3.sa-east-1.amazonaws.com/clips");
        assert_eq!(at("http://127.0.0.1:9000/", true), "http://127.0.0.1:9000/clips");
        assert_eq!(at("https://minio.example/s3", true), "https://minio.example/s3/clips");
        assert_eq!(at("https://minio.example", false), "https://clips.minio.example");
        let china = Bucket::at(None, "cn-north-1", "clips", false).unwrap();
        assert_eq!(china.as_str(), "https://clips.s3.cn-north-1.amazonaws.com.cn");
    }

    #[test]
    fn an_address_has_no_room_for_a_bucket() {
        let endpoint = "http://127.0.0.1:9000".parse().unwrap();

        let refused = Bucket::at(Some(&endpoint), "us-east-1", "clips", false).unwrap_err();

        assert!(refused.to_string().contains("path style"), "{refused}");
    }

    #[test]
    fn keys_and_parameters_are_escaped_as_signatures_need_it() {
        let bucket = Bucket("https://x".into());
        assert_eq!(
            bucket.url("a/b c+(1).mp4", [("name", "á b"), ("uploads", "")]),
            "https://x/a/b%20c%2B%281%29.mp4?name=%C3%A1%20b&uploads="
        );
    }
}
