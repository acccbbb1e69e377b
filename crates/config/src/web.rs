//! The public service and its defences.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::check::Report;

/// Section `web`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WebSettings {
    /// Address and port of the public service. Default `0.0.0.0:8000`.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// The address under which the public reaches us; signed links begin with
    /// it. Default: `http://localhost:` and the port.
    pub public_url: Option<Url>,
    /// Proxies in front of us, counted from the right of `X-Forwarded-For`:
    /// 0 trusts no header, 1 is a load balancer. Rate limits and logs use the
    /// first address that no trusted proxy has written. Default 0.
    pub trusted_proxies: usize,
    /// Seconds a client may take to send its request head. Default 10.
    pub header_timeout_s: u64,
    /// Bytes of a request head. Default 16 KiB.
    pub max_header_bytes: usize,
    /// Seconds an upload may pause between two pieces. Default 30.
    pub body_idle_timeout_s: u64,
    /// Seconds a request other than an upload, a download or an event stream
    /// may take. Default 30.
    pub request_timeout_s: u64,
    /// Connections at the same time; more wait in the backlog. Default 2048.
    pub max_connections: usize,
    /// Uploads at the same time, and parts of uploads that pass through us;
    /// more get 503 with `Retry-After`. Default 64.
    pub max_concurrent_uploads: usize,
    /// Bytes of one part of an upload in parts: what has to be sent again when
    /// a connection breaks. S3 takes no less than 5 MiB. Files of more than a
    /// thousand parts get larger ones. Default 8 MiB.
    pub upload_part_bytes: u64,
    /// Uploads in parts that a player may have open at the same time; more get
    /// 409. Default 10.
    pub max_open_uploads: u64,
    /// Seconds to finish requests after SIGTERM. Default 20.
    pub drain_timeout_s: u64,
    /// Log-ins per address and minute. Default 10.
    pub logins_per_minute: u32,
    /// Sign-ups per address and minute. Default 10.
    pub signups_per_minute: u32,
    /// Uploads that a player may begin per minute. Default 30.
    pub uploads_per_minute: u32,
    /// Votes per player and minute. Default 60.
    pub votes_per_minute: u32,
    /// Videos that a client address may report per minute. Default 10.
    pub reports_per_minute: u32,
}

impl Default for WebSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 8000),
            public_url: None,
            trusted_proxies: 0,
            header_timeout_s: 10,
            max_header_bytes: 16 << 10,
            body_idle_timeout_s: 30,
            request_timeout_s: 30,
            max_connections: 2048,
            max_concurrent_uploads: 64,
            upload_part_bytes: 8 << 20,
            max_open_uploads: 10,
            drain_timeout_s: 20,
            logins_per_minute: 10,
            signups_per_minute: 10,
            uploads_per_minute: 30,
            votes_per_minute: 60,
            reports_per_minute: 10,
        }
    }
}

impl WebSettings {
    pub(crate) fn check(&self, report: &mut Report) {
        report.address("web.public_url", self.public_url.as_ref());
        report.within("web.trusted_proxies", self.trusted_proxies, 0, 16);
        report.within("web.max_header_bytes", self.max_header_bytes, 8 << 10, 1 << 20);
        report.at_least("web.header_timeout_s", self.header_timeout_s, 1);
        report.at_least("web.body_idle_timeout_s", self.body_idle_timeout_s, 1);
        report.at_least("web.request_timeout_s", self.request_timeout_s, 1);
        report.at_least("web.max_connections", self.max_connections, 1);
        report.at_least("web.max_concurrent_uploads", self.max_concurrent_uploads, 1);
        report.within("web.upload_part_bytes", self.upload_part_bytes, 5 << 20, 5 << 30);
        report.at_least("web.max_open_uploads", self.max_open_uploads, 1);
        report.at_least("web.logins_per_minute", self.logins_per_minute, 1);
        report.at_least("web.signups_per_minute", self.signups_per_minute, 1);
        report.at_least("web.uploads_per_minute", self.uploads_per_minute, 1);
        report.at_least("web.votes_per_minute", self.votes_per_minute, 1);
        report.at_least("web.reports_per_minute", self.reports_per_minute, 1);
    }
}
