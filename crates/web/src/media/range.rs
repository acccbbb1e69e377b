//! Ranges and conditions
//! ([RFC 9110 §13 and §14](https://www.rfc-editor.org/rfc/rfc9110#section-13)).

use std::ops::Range;

use anb_blob::BlobInfo;
use http::{HeaderMap, HeaderName, header};

/// What of an object a client wants.
#[derive(Debug, PartialEq, Eq)]
pub enum Wanted {
    All,
    Part(Range<u64>),
    /// A range behind the end.
    Nothing,
}

/// Whether the client has these bytes already.
#[must_use]
pub fn is_known(headers: &HeaderMap, info: &BlobInfo) -> bool {
    match (text(headers, header::IF_NONE_MATCH), &info.etag) {
        (Some(known), Some(etag)) => known
            .split(',')
            .map(str::trim)
            .any(|known| known == "*" || known.trim_start_matches("W/") == etag),
        (Some(_), None) => false,
        (None, _) => text(headers, header::IF_MODIFIED_SINCE)
            .and_then(|since| httpdate::parse_http_date(since).ok())
            .is_some_and(|since| info.modified_at.timestamp() <= seconds(since)),
    }
}

/// One range is served as such; several at once may be answered with all,
/// and are.
#[must_use]
pub fn wanted(headers: &HeaderMap, info: &BlobInfo) -> Wanted {
    let Some(spec) = text(headers, header::RANGE).and_then(|range| range.strip_prefix("bytes="))
    else {
        return Wanted::All;
    };
    if !still_the_same(headers, info) {
        return Wanted::All;
    }
    parse(spec.trim(), info.size).unwrap_or(Wanted::All)
}

/// `If-Range`: a part of other bytes than the client has the rest of is
/// worth nothing. Only a strong match will do.
fn still_the_same(headers: &HeaderMap, info: &BlobInfo) -> bool {
    match text(headers, header::IF_RANGE) {
        None => true,
        Some(etag) if etag.starts_with('"') => info.etag.as_deref() == Some(etag),
        Some(date) => httpdate::parse_http_date(date)
            .is_ok_and(|date| info.modified_at.timestamp() == seconds(date)),
    }
}

/// `None` for what is no single range: it is ignored.
fn parse(spec: &str, size: u64) -> Option<Wanted> {
    let (first, last) = spec.split_once('-')?;
    let range = if first.is_empty() {
        let suffix = number(last)?;
        size.saturating_sub(suffix)..size
    } else {
        let first = number(first)?;
        let last = if last.is_empty() { u64::MAX } else { number(last)? };
        if last < first {
            return None;
        }
        first..last.saturating_add(1).min(size)
    };
    Some(if range.start < range.end { Wanted::Part(range) } else { Wanted::Nothing })
}

/// Digits only: `u64::from_str` would take a sign.
fn number(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(u64::MAX))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn seconds(time: std::time::SystemTime) -> i64 {
    chrono::DateTime::<chrono::Utc>::from(time).timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(headers: &[(HeaderName, &str)]) -> Wanted {
        wanted(&map(headers), &info())
    }

    fn map(headers: &[(HeaderName, &str)]) -> HeaderMap {
        headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    fn info() -> BlobInfo {
        BlobInfo {
            key: "k".into(),
            size: 1000,
            modified_at: "2026-05-01T09:00:00.5Z".parse().unwrap(),
            etag: Some("\"v1\"".into()),
        }
    }

    #[test]
    fn single_ranges_are_understood() {
        let cases = [
            ("bytes=0-99", Wanted::Part(0..100)),
            ("bytes=900-", Wanted::Part(900..1000)),
            ("bytes=-100", Wanted::Part(900..1000)),
            ("bytes=-5000", Wanted::Part(0..1000)),
            ("bytes=990-5000", Wanted::Part(990..1000)),
            ("bytes=0-99999999999999999999999", Wanted::Part(0..1000)),
            ("bytes=1000-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
        ];
        for (range, expected) in cases {
            assert_eq!(asked(&[(header::RANGE, range)]), expected, "{range}");
        }
    }

    #[test]
    fn what_is_no_single_range_gets_everything() {
        for range in ["bytes=5-2", "bytes=", "bytes=-", "bytes=+1-2", "items=0-1", "bytes=0-1,5-6"]
        {
            assert_eq!(asked(&[(header::RANGE, range)]), Wanted::All, "{range}");
        }
    }

    #[test]
    fn a_part_of_other_bytes_is_not_served() {
        let part = (header::RANGE, "bytes=0-9");
        let with = |condition| asked(&[part.clone(), (header::IF_RANGE, condition)]);
        assert_eq!(with("\"v1\""), Wanted::Part(0..10));
        assert_eq!(with("Fri, 01 May 2026 09:00:00 GMT"), Wanted::Part(0..10));
        for other in ["\"v2\"", "W/\"v1\"", "Fri, 01 May 2026 08:00:00 GMT"] {
            assert_eq!(with(other), Wanted::All, "{other}");
        }
    }

    #[test]
    fn who_has_the_bytes_is_told_so() {
        let known = |name, value| is_known(&map(&[(name, value)]), &info());
        assert!(known(header::IF_NONE_MATCH, "\"v0\", W/\"v1\""));
        assert!(known(header::IF_MODIFIED_SINCE, "Fri, 01 May 2026 09:00:00 GMT"));
        assert!(!known(header::IF_NONE_MATCH, "\"v2\""));
        assert!(!known(header::IF_MODIFIED_SINCE, "Fri, 01 May 2026 08:59:59 GMT"));
    }
}
