//! The operators' console.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Report;

/// Section `console`. Everything that it serves to people lies below
/// `/console`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConsoleSettings {
    /// Address and port of the operators' console. Default `0.0.0.0:8001`.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// Proxies in front of the console, counted as for `web.trusted_proxies`.
    /// Default 0.
    pub trusted_proxies: usize,
    /// Minutes after which a session that is not used is over. Cookies are sent
    /// over TLS only when `web.public_url` begins with `https`. Default 60.
    pub session_minutes: u32,
    /// Hours after which a session is over, however busy it is. Default 12.
    pub session_hours: u32,
    /// Sign-ins per address and minute. Default 5.
    pub logins_per_minute: u32,
    /// Seconds a client may take to send its request head; also how long a
    /// connection may idle, so that it belongs above the idle timeout of a
    /// balancer in front. Default 10.
    pub header_timeout_s: u64,
    /// Seconds a request may take. Default 30.
    pub request_timeout_s: u64,
    /// Connections at the same time; more wait in the backlog. Default 256.
    pub max_connections: usize,
    /// Seconds to finish requests after SIGTERM. Default 20.
    pub drain_timeout_s: u64,
}

impl Default for ConsoleSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 8001),
            trusted_proxies: 0,
            session_minutes: 60,
            session_hours: 12,
            logins_per_minute: 5,
            header_timeout_s: 10,
            request_timeout_s: 30,
            max_connections: 256,
            drain_timeout_s: 20,
        }
    }
}

impl ConsoleSettings {
    pub(crate) fn check(&self, report: &mut Report) {
        report.within("console.trusted_proxies", self.trusted_proxies, 0, 16);
        report.within("console.session_minutes", self.session_minutes, 1, 24 * 60);
        report.within("console.session_hours", self.session_hours, 1, 24 * 7);
        report.at_least("console.logins_per_minute", self.logins_per_minute, 1);
        report.at_least("console.header_timeout_s", self.header_timeout_s, 1);
        report.at_least("console.request_timeout_s", self.request_timeout_s, 1);
        report.at_least("console.max_connections", self.max_connections, 1);
    }
}
