//! Presigned requests: whoever has the URL may send that one request until it
//! expires ([Authenticating requests: using query
//! parameters](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html)).

use std::{sync::Arc, time::Duration};

use anb_domain::Clock;
use aws_sigv4::{
    http_request::{
        PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
        UriPathNormalizationMode, sign,
    },
    sign::v4::SigningParams,
};
use chrono::{DateTime, Utc};
use http::Method;
use url::Url;

use super::{bucket, credentials::Credentials};

/// The longest life of a presigned request: seven days.
const MAX_LIFE: Duration = Duration::from_hours(7 * 24);

type Trouble = Box<dyn std::error::Error + Send + Sync>;

pub(super) struct Signer {
    pub region: String,
    pub credentials: Arc<Credentials>,
    pub clock: Arc<dyn Clock>,
}

/// A request whose URL is to carry a signature.
pub(super) struct Unsigned<'a> {
    pub method: &'a Method,
    /// Escaped as [`bucket::Bucket::url`] does it.
    pub url: String,
    /// Whoever sends the request must send exactly these.
    pub headers: &'a [(&'static str, String)],
}

impl Signer {
    /// The URL of `request`, good for `life` from now on.
    pub async fn presign(&self, request: Unsigned<'_>, life: Duration) -> Result<Url, Trouble> {
        self.presign_at(request, self.clock.now(), life).await
    }

    /// The URL of `request`, good for `life` from `date` on.
    pub async fn presign_at(
        &self,
        request: Unsigned<'_>,
        date: DateTime<Utc>,
        life: Duration,
    ) -> Result<Url, Trouble> {
        let Unsigned { method, mut url, headers } = request;
        let identity = self.credentials.current().await?.into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("s3")
            .time(date.into())
            .settings(settings(life))
            .build()?
            .into();
        let headers = headers.iter().map(|(name, value)| (*name, value.as_str()));
        let body = SignableBody::UnsignedPayload;
        let signable = SignableRequest::new(method.as_str(), url.as_str(), headers, body)?;
        let (signed, _) = sign(signable, &params)?.into_parts();
        bucket::append(&mut url, signed.params().iter().map(|(name, value)| (*name, &**value)));
        Ok(Url::parse(&url)?)
    }
}

fn settings(life: Duration) -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(life.min(MAX_LIFE));
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings
}

#[cfg(test)]
mod tests {
    use anb_testkit::FakeClock;
    use aws_credential_types::{Credentials as AwsKeys, provider::SharedCredentialsProvider};

    use super::*;

    fn signer(token: Option<&str>) -> Signer {
        let clock = FakeClock::default();
        clock.set("2013-05-24T00:00:00Z".parse().unwrap());
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let keys = AwsKeys::new(
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            token.map(Into::into),
            None,
            "test",
        );
        let provider = SharedCredentialsProvider::new(keys);
        let credentials = Arc::new(Credentials::new(provider, Arc::clone(&clock)));
        Signer { region: "us-east-1".into(), credentials, clock }
    }

    fn parameter(url: &Url, wanted: &str) -> Option<String> {
        url.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    }

    /// The example of the page that the module refers to.
    #[tokio::test]
    async fn it_signs_as_amazon_does() {
        let url = "https://examplebucket.s3.amazonaws.com/test.txt".to_owned();
        let request = Unsigned { method: &Method::GET, url, headers: &[] };

        let signed = signer(None).presign(request, Duration::from_hours(24)).await.unwrap();

        assert_eq!(
            parameter(&signed, "X-Amz-Signature").as_deref(),
            Some("aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
        );
        assert_eq!(parameter(&signed, "X-Amz-Expires").as_deref(), Some("86400"));
    }

    #[tokio::test]
    async fn a_temporary_token_is_part_of_the_link() {
        let url = "https://examplebucket.s3.amazonaws.com/test.txt".to_owned();
        let request = Unsigned { method: &Method::GET, url, headers: &[] };

        let signed =
            signer(Some("a+/token=")).presign(request, Duration::from_mins(1)).await.unwrap();

        assert_eq!(parameter(&signed, "X-Amz-Security-Token").as_deref(), Some("a+/token="));
        assert!(signed.as_str().contains("a%2B%2Ftoken%3D"), "{signed}");
    }

    #[tokio::test]
    async fn headers_that_must_be_sent_change_the_signature() {
        let signed = |size: &str| {
            let headers = [("content-length", size.to_owned())];
            async move {
                let url = "https://examplebucket.s3.amazonaws.com/test.txt".to_owned();
                let request = Unsigned { method: &Method::PUT, url, headers: &headers };
                signer(None).presign(request, Duration::from_mins(1)).await.unwrap()
            }
        };
        let (ten, eleven) = (signed("10").await, signed("11").await);

        for link in [&ten, &eleven] {
            let headers = parameter(link, "X-Amz-SignedHeaders");
            assert_eq!(headers.as_deref(), Some("content-length;host"));
        }
        assert_ne!(parameter(&ten, "X-Amz-Signature"), parameter(&eleven, "X-Amz-Signature"));
    }

    #[tokio::test]
    async fn no_link_lives_longer_than_amazon_allows() {
        let url = "https://examplebucket.s3.amazonaws.com/test.txt".to_owned();
        let request = Unsigned { method: &Method::GET, url, headers: &[] };

        let signed = signer(None).presign(request, Duration::from_hours(1000)).await.unwrap();

        assert_eq!(parameter(&signed, "X-Amz-Expires").as_deref(), Some("604800"));
    }
}
