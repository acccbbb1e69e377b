//! The trace to which a request belongs
//! ([W3C Trace Context](https://www.w3.org/TR/trace-context/)).

use anb_domain::IdSource;
use http::HeaderMap;

/// The request's `traceparent` if it is valid, or else one of our own.
#[must_use]
pub fn traceparent(headers: &HeaderMap, ids: &dyn IdSource) -> String {
    received(headers).map_or_else(|| begin(ids), str::to_owned)
}

/// The request's `traceparent`, if it is valid.
#[must_use]
pub fn received(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get("traceparent")?.to_str().ok()?;
    is_valid(value).then_some(value)
}

fn begin(ids: &dyn IdSource) -> String {
    let trace = ids.unguessable().as_u128();
    let (span, _) = ids.unguessable().as_u64_pair();
    format!("00-{trace:032x}-{span:016x}-01")
}

/// Version 00, neither id zero, lower-case hexadecimal.
fn is_valid(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let [version, trace, span, flags] = parts[..] else { return false };
    let hex = |part: &str, len| {
        part.len() == len && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let nonzero = |part: &str| part.bytes().any(|b| b != b'0');
    version == "00"
        && hex(trace, 32)
        && nonzero(trace)
        && hex(span, 16)
        && nonzero(span)
        && hex(flags, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM_THE_SPECIFICATION: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn traced(text: &str) -> String {
        let headers = [("traceparent".parse().unwrap(), text.parse().unwrap())];
        traceparent(&headers.into_iter().collect(), &anb_domain::SystemIds)
    }

    #[test]
    fn a_callers_trace_is_continued() {
        assert_eq!(traced(FROM_THE_SPECIFICATION), FROM_THE_SPECIFICATION);
    }

    #[test]
    fn nonsense_is_replaced_by_a_trace_of_our_own() {
        let zero = "00-00000000000000000000000000000000-b7ad6b7169203331-01";
        let upper = FROM_THE_SPECIFICATION.to_uppercase();
        for text in ["", "x", zero, &upper, "00-1-2-3-4"] {
            let ours = traced(text);
            assert!(is_valid(&ours) && ours != text, "{ours}");
        }
    }
}
