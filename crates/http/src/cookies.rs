//! The cookies that a request brings, and those that we give out
//! ([RFC 6265](https://www.rfc-editor.org/rfc/rfc6265)).

use std::time::Duration;

use cookie::{Cookie, SameSite, time};
use http::{HeaderMap, HeaderValue, header};

/// The value of the first cookie with this name.
#[must_use]
pub fn value(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// Where a cookie that we give out is sent back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// What lies below this path.
    pub path: &'static str,
    /// Whether only over TLS.
    pub secure: bool,
}

/// A cookie of ours: no script reads it, and other sites' forms do not send
/// it. Without a lifetime the browser forgets it at once.
///
/// # Panics
/// When the value is none for a cookie; ours are tokens and tags.
#[must_use]
pub fn issue(name: &str, value: &str, reach: Reach, lifetime: Duration) -> HeaderValue {
    let seconds = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
    let cookie = Cookie::build((name, value))
        .path(reach.path)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(reach.secure)
        .max_age(time::Duration::seconds(seconds));
    HeaderValue::from_str(&cookie.to_string()).expect("a token or a tag, in plain letters")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_of_ours_is_out_of_reach_of_scripts_and_other_sites() {
        let reach = Reach { path: "/", secure: true };
        let issued = issue("a", "b", reach, Duration::from_mins(1));
        let issued = issued.to_str().unwrap();
        for part in ["a=b", "HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=60"] {
            assert!(issued.split("; ").any(|found| found == part), "{part} in {issued}");
        }
        let plain = issue("a", "b", Reach { secure: false, ..reach }, Duration::ZERO);
        assert!(!plain.to_str().unwrap().contains("Secure"));
    }

    fn found(lines: &[&str]) -> Option<String> {
        let headers = lines.iter().map(|line| (header::COOKIE, line.parse().unwrap()));
        value(&headers.collect(), "b")
    }

    #[test]
    fn a_cookie_is_found_among_others_and_nonsense() {
        assert_eq!(found(&["a=1; b=2; bb=3"]).as_deref(), Some("2"));
        assert_eq!(found(&["a=1; =; ;;", "b=x=y"]).as_deref(), Some("x=y"));
        assert_eq!(found(&["a=b", "B=1"]), None);
        assert_eq!(found(&[]), None);
    }
}
