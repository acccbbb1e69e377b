//! Whether a request comes from a page of ours: what keeps other sites from
//! acting in the name of whoever is signed in here (cross-site request forgery).
//!
//! Browsers say by themselves where a request comes from, and no page can make
//! them lie: `Sec-Fetch-Site` towards every secure address
//! ([Fetch Metadata](https://www.w3.org/TR/fetch-metadata/)), and `Origin` with
//! whatever is no GET and no HEAD
//! ([Fetch](https://fetch.spec.whatwg.org/#origin-header)). So there is no token
//! to hide in each form, and none to lose.

use http::{HeaderMap, HeaderName, header};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What says neither where it comes from is refused: no browser in use sends
/// such a form.
#[must_use]
pub fn is_own(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        // `none`: by the user's own hand, as a reload.
        return site == "same-origin" || site == "none";
    }
    let origin = text(headers, &header::ORIGIN).and_then(host_of);
    origin.is_some() && origin == text(headers, &header::HOST)
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// `https://showcase.example.com:8443` → `showcase.example.com:8443`. The
/// scheme is not compared: a balancer in front of us may speak TLS where we
/// do not.
fn host_of(origin: &str) -> Option<&str> {
    let (_, host) = origin.split_once("://")?;
    Some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(headers: &[(&str, &str)]) -> bool {
        let parsed = headers
            .iter()
            .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()));
        is_own(&parsed.chain([(header::HOST, "anb.example.com".parse().unwrap())]).collect())
    }

    #[test]
    fn a_browser_that_says_which_site_it_comes_from_is_believed() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("sec-fetch-site", "none")]));
        // Another subdomain is another site's business.
        for site in ["cross-site", "same-site", ""] {
            assert!(!own(&[("sec-fetch-site", site), ("origin", "https://anb.example.com")]));
        }
    }

    #[test]
    fn without_that_the_origin_decides() {
        assert!(own(&[("origin", "https://anb.example.com")]));
        assert!(own(&[("origin", "http://anb.example.com")]));
        for origin in ["https://evil.example.com", "null", "https://anb.example.com.evil.org", ""] {
            assert!(!own(&[("origin", origin)]), "{origin}");
        }
        assert!(!own(&[("origin", "https://anb.example.com:8443")]), "another port");
    }

    #[test]
    fn who_says_nothing_is_refused() {
        assert!(!own(&[]));
        assert!(!own(&[("referer", "https://anb.example.com/")]));
        assert!(!is_own(&HeaderMap::new()));
    }
}
