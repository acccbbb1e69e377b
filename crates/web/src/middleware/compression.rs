//! Pages and their files travel compressed; videos and pictures are already,
//! and event streams must not wait for a block to fill.

use http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower_http::compression::{
    CompressionLayer,
    predicate::{And, Predicate as _, SizeAbove},
};

/// What is smaller travels in one packet anyway.
const SMALLEST: u64 = 860;

const KINDS: [&str; 4] = ["text/html", "text/css", "text/javascript", "image/svg+xml"];

type Worthwhile = And<SizeAbove, fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool>;

/// With brotli or gzip, whichever the client prefers.
pub fn of_pages() -> CompressionLayer<Worthwhile> {
    let worthwhile = SizeAbove::new(SMALLEST).and(is_of_a_page as _);
    CompressionLayer::new().compress_when(worthwhile)
}

fn is_of_a_page(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| KINDS.iter().any(|page| kind.starts_with(page)))
}
