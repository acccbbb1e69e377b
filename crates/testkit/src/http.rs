//! HTTP to what a test has started itself.

use reqwest::{Client, ClientBuilder};

/// A client that trusts no certificates and uses no proxy: nothing that stories
/// start speaks TLS, and reading the certificates of the machine takes time.
pub fn http() -> ClientBuilder {
    Client::builder().no_proxy().tls_certs_only([])
}
