//! Leads people back to where they were, and never to another site.

use http::{HeaderMap, Uri, header};
use url::form_urlencoded;

const HOME: &str = "/";

/// The path if it is one of ours, the front page otherwise.
#[must_use]
pub fn own(path: &str) -> &str {
    // `//host` and `/\host` are other sites to a browser.
    let foreign = path.strip_prefix('/').is_none_or(|rest| rest.starts_with(['/', '\\']));
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic());
    if plain && !foreign { path } else { HOME }
}

/// A path that leads on to another: `/sign-in?next=/upload`.
#[must_use]
pub fn through(path: &str, next: &str) -> String {
    if next == HOME {
        return path.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    format!("{path}?{query}")
}

/// The page of ours that a form was on.
#[must_use]
pub fn referring(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name)?.to_str().ok();
    let from: Uri = text(header::REFERER)?.parse().ok()?;
    let ours = from.authority()?.as_str() == text(header::HOST)?;
    ours.then(|| super::notice::without(&from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ours_are_led_back_to() {
        for path in ["/", "/upload", "/videos/1?done=voted#a", "/?city=Bogot%C3%A1"] {
            assert_eq!(own(path), path);
        }
        for path in
            ["", "upload", "//evil.org", "/\\evil.org", "https://evil.org", "/a\r\nx: y", "/ñ"]
        {
            assert_eq!(own(path), HOME, "{path}");
        }
    }

    #[test]
    fn the_way_on_survives_the_address() {
        assert_eq!(through("/sign-in", "/"), "/sign-in");
        assert_eq!(through("/sign-in", "/?city=A&q=b"), "/sign-in?next=%2F%3Fcity%3DA%26q%3Db");
    }

    #[test]
    fn a_form_was_on_the_page_that_refers_if_that_is_ours() {
        let referring = |referer: &str| {
            let headers = [
                (header::HOST, "anb.example.com".parse().unwrap()),
                (header::REFERER, referer.parse().unwrap()),
            ];
            super::referring(&headers.into_iter().collect())
        };
        let page = referring("https://anb.example.com/videos/7?done=voted&sort=votes");
        assert_eq!(page.as_deref(), Some("/videos/7?sort=votes"));
        assert_eq!(referring("https://evil.org/videos/7"), None);
        assert_eq!(super::referring(&HeaderMap::new()), None);
    }
}
