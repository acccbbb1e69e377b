//! HTTP to what a test has started itself.

use reqwest::{Client, ClientBuilder};

/// A client that trusts no certificates: without optimisation, reading those of
/// the machine takes longer than most stories.
pub fn http() -> ClientBuilder {
    Client::builder().no_proxy().tls_certs_only([])
}
