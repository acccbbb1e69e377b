//! By what a request is called: in the log, in the audit log, in traces, and in
//! what the client is told.
//!
//! A balancer in front has named it already, and writes that name into its own
//! log; then ours is the same. Nobody else is believed, and a name that is no
//! UUID is none: what comes from outside stands in every line of the log.

use http::HeaderMap;
use uuid::Uuid;

/// Where clients find it, and where proxies other than AWS's write it.
pub const OURS: &str = "x-request-id";

const AMAZON: &str = "x-amzn-trace-id";

/// Longer than any of these headers has use for.
const LONGEST: usize = 256;

/// The name that one of our `trusted` proxies has given; `None` without one.
#[must_use]
pub fn of(headers: &HeaderMap, trusted: usize) -> Option<Uuid> {
    if trusted == 0 {
        return None;
    }
    // A proxy appends to what a client sent, if it does not replace it.
    let last = |name| headers.get_all(name).iter().next_back()?.to_str().ok();
    let last = |name| last(name).filter(|value: &&str| value.len() <= LONGEST);
    last(AMAZON).and_then(of_amazon).or_else(|| last(OURS).and_then(uuid))
}

/// `Root=1-67891233-abcdef012345678912345678`: 32 digits, like a UUID. Where a
/// client has brought a `Root` of its own, the balancer leaves it and names the
/// request in `Self`
/// ([request tracing](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html)).
fn of_amazon(header: &str) -> Option<Uuid> {
    let field = |name| header.split(';').find_map(|field| field.trim().strip_prefix(name));
    let name = field("Self=").or_else(|| field("Root="))?;
    let (time, random) = name.strip_prefix("1-")?.split_once('-')?;
    if (time.len(), random.len()) != (8, 24) {
        return None;
    }
    uuid(&format!("{time}{random}"))
}

fn uuid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text.trim()).ok().filter(|id| !id.is_nil())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "Root=1-67891233-abcdef012345678912345678";

    fn named(headers: &[(&'static str, &str)], trusted: usize) -> Option<String> {
        let headers = headers
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()));
        of(&headers.collect(), trusted).map(|id| id.simple().to_string())
    }

    #[test]
    fn the_load_balancers_name_is_ours() {
        let ours = Some("67891233abcdef012345678912345678".to_owned());
        assert_eq!(named(&[(AMAZON, ROOT)], 1), ours);
        assert_eq!(named(&[(AMAZON, &format!("X=1; {ROOT};Lineage=a:0"))], 2), ours);
        let both = [(AMAZON, ROOT), (OURS, "0197f3a2-8c1e-7c44-9d3b-5a2f1e0c7b66")];
        assert_eq!(named(&both, 1), ours);
    }

    #[test]
    fn a_clients_root_does_not_name_the_request() {
        let both = format!("Self=1-67891234-12456789abcdef012345678a;{ROOT}");
        assert_eq!(named(&[(AMAZON, &both)], 1).unwrap(), "6789123412456789abcdef012345678a");
    }

    #[test]
    fn other_proxies_write_a_uuid() {
        let ours = Some("0197f3a28c1e7c449d3b5a2f1e0c7b66".to_owned());
        assert_eq!(named(&[(OURS, "0197f3a2-8c1e-7c44-9d3b-5a2f1e0c7b66")], 1), ours);
        assert_eq!(named(&[(OURS, "0197f3a28c1e7c449d3b5a2f1e0c7b66")], 1), ours);
        let appended = [(OURS, "forged"), (OURS, "0197f3a28c1e7c449d3b5a2f1e0c7b66")];
        assert_eq!(named(&appended, 1), ours);
    }

    #[test]
    fn without_a_proxy_nobody_is_believed() {
        assert_eq!(named(&[(AMAZON, ROOT), (OURS, "0197f3a28c1e7c449d3b5a2f1e0c7b66")], 0), None);
    }

    #[test]
    fn what_is_no_name_is_none() {
        let long = "a".repeat(300);
        for value in ["", "Root=", "Root=1-2-3", "Root=1-zzzzzzzz-abcdef012345678912345678", &long]
        {
            assert_eq!(named(&[(AMAZON, value)], 1), None, "{value}");
            assert_eq!(named(&[(OURS, value)], 1), None, "{value}");
        }
        let nil = "Root=1-00000000-000000000000000000000000";
        assert_eq!(named(&[(AMAZON, nil)], 1), None);
    }
}
