//! The cookies that a request brings
//! ([RFC 6265](https://www.rfc-editor.org/rfc/rfc6265)).

use cookie::Cookie;
use http::{HeaderMap, header};

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

#[cfg(test)]
mod tests {
    use super::*;

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
