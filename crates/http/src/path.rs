//! A slash at the end of a path makes no difference.

use http::{Request, Uri, uri::PathAndQuery};

/// Rewrites rather than redirects: a redirected POST loses its body.
#[must_use]
pub fn trim_trailing_slash<B>(mut request: Request<B>) -> Request<B> {
    if let Some(uri) = trimmed(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

/// The same, but where a slash at the end means a folder: its pages link to
/// each other.
pub fn trim_outside<B>(folder: &'static str) -> impl Fn(Request<B>) -> Request<B> + Clone {
    move |request| {
        if request.uri().path() == folder { request } else { trim_trailing_slash(request) }
    }
}

fn trimmed(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    let short = path.trim_end_matches('/');
    if short.is_empty() || short.len() == path.len() {
        return None;
    }
    let path_and_query = match uri.query() {
        Some(query) => PathAndQuery::try_from(format!("{short}?{query}")),
        None => PathAndQuery::try_from(short),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path_and_query.ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(uri: &'static str) -> String {
        let request = Request::builder().uri(uri).body(()).unwrap();
        trim_outside("/docs/")(request).uri().to_string()
    }

    #[test]
    fn the_slash_goes_and_the_query_stays() {
        assert_eq!(seen("/api/videos/"), "/api/videos");
        assert_eq!(seen("/api/videos//?a=/"), "/api/videos?a=/");
        assert_eq!(seen("/"), "/");
        assert_eq!(seen("/docs/"), "/docs/");
    }
}
