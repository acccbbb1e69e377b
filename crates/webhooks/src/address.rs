//! Where events may be sent. An operator types the address, and a server that
//! fetches whatever it is told can be made to knock at doors that nobody
//! outside could reach ([OWASP](https://owasp.org/www-community/attacks/Server_Side_Request_Forgery)):
//! the cloud's metadata service, the database, a colleague's printer.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use thiserror::Error;
use url::{Host, Url};

/// How far events may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To public addresses, encrypted.
    Public,
    /// Anywhere, also within the own network and in the clear.
    Anywhere,
}

impl Reach {
    /// As far as `webhooks.allow_private` allows.
    #[must_use]
    pub fn of(allow_private: bool) -> Self {
        if allow_private { Self::Anywhere } else { Self::Public }
    }
}

/// Why events cannot be sent to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AddressError {
    #[error("not a web address such as https://example.org/events")]
    NotAnAddress,
    #[error("the address must begin with https://")]
    NotEncrypted,
    #[error("a user name or password does not belong into the address")]
    Credentials,
    #[error("the address lies within our own network")]
    Private,
}

/// Reads an address to which events are to be sent.
///
/// # Errors
/// [`AddressError`]. That a name leads to a private address is found only when
/// something is sent.
pub fn check(address: &str, reach: Reach) -> Result<Url, AddressError> {
    let url = Url::parse(address.trim()).map_err(|_| AddressError::NotAnAddress)?;
    match url.scheme() {
        "https" => {}
        "http" if reach == Reach::Anywhere => {}
        "http" => return Err(AddressError::NotEncrypted),
        _ => return Err(AddressError::NotAnAddress),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::Credentials);
    }
    let is_public = match url.host().ok_or(AddressError::NotAnAddress)? {
        Host::Ipv4(address) => is_public(address.into()),
        Host::Ipv6(address) => is_public(address.into()),
        Host::Domain(name) => !is_local(name),
    };
    if is_public || reach == Reach::Anywhere { Ok(url) } else { Err(AddressError::Private) }
}

/// Names that never leave the machine or the network
/// ([RFC 6761](https://www.rfc-editor.org/rfc/rfc6761), RFC 6762, RFC 8375).
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    !name.contains('.')
        || ["localhost", "local", "internal", "home.arpa"]
            .iter()
            .any(|local| name == *local || name.ends_with(&format!(".{local}")))
}

/// Whether the whole Internet can reach this address
/// ([IANA's special-purpose registries](https://www.iana.org/assignments/iana-ipv4-special-registry)).
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocols = (a, b, c) == (192, 0, 0);
    let benchmarks = a == 198 && (18..20).contains(&b);
    let nobody = a == 0 || a >= 240;
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || shared
        || protocols
        || benchmarks
        || nobody)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let embedded = match segments {
        // Mapped addresses, and those behind a translator (RFC 6052).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some((high, low))
        }
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => Some((high, low)),
        _ => None,
    };
    if let Some((high, low)) = embedded {
        return is_public_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    }
    let documentation = segments[0] == 0x2001 && segments[1] == 0xdb8;
    let protocols = segments[0] == 0x2001 && segments[1] < 0x200;
    // Everything public that has been given out so far lies in 2000::/3.
    segments[0] & 0xe000 == 0x2000 && !documentation && !protocols
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_go_to_encrypted_public_addresses() {
        for good in [
            "https://example.org/events?team=1",
            " https://93.184.215.14:8443/ ",
            "https://[2606:2800:21f::1]/",
        ] {
            assert!(check(good, Reach::Public).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("", AddressError::NotAnAddress),
            ("example.org", AddressError::NotAnAddress),
            ("file:///etc/passwd", AddressError::NotAnAddress),
            ("http://example.org", AddressError::NotEncrypted),
            ("https://ana:secret@example.org", AddressError::Credentials),
            ("https://localhost/", AddressError::Private),
            ("https://printer/", AddressError::Private),
            ("https://db.internal./", AddressError::Private),
            ("https://127.0.0.1/", AddressError::Private),
            ("https://2130706433/", AddressError::Private),
            ("https://0x7f.1/", AddressError::Private),
            ("https://169.254.169.254/latest/meta-data", AddressError::Private),
            ("https://[::1]/", AddressError::Private),
            ("https://[::ffff:10.0.0.1]/", AddressError::Private),
            ("https://[64:ff9b::a9fe:a9fe]/", AddressError::Private),
            ("https://[2002:7f00:1::]/", AddressError::Private),
            ("https://[fd00::1]/", AddressError::Private),
        ] {
            assert_eq!(check(bad, Reach::Public), Err(why), "{bad}");
        }
    }

    #[test]
    fn who_wants_to_may_send_events_within_the_own_network() {
        assert!(check("http://localhost:9000/events", Reach::Anywhere).is_ok());
        assert_eq!(check("ftp://localhost/", Reach::Anywhere), Err(AddressError::NotAnAddress));
    }

    #[test]
    fn every_special_range_is_left_out() {
        let special = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "172.16.9.9",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.0.1",
            "198.18.0.1",
            "203.0.113.7",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "fe80::1",
            "2001:db8::1",
            "2001::1",
            "ff02::1",
            "100::1",
        ];
        for address in special {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["1.1.1.1", "100.128.0.1", "172.32.0.1", "2a00:1450:4001::1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
