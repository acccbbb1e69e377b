//! Error responses in the API's description, with an example of each code.

use std::collections::BTreeMap;

use serde_json::json;
use utoipa::openapi::{
    ContentBuilder, Ref, RefOr, Response, ResponseBuilder, example::ExampleBuilder,
};

use super::Code;

/// The responses that these codes can become, one for each status. Whatever
/// may fail inside may also find the database out, or take too long; whatever
/// needs a player may be asked by another site with the player's session.
#[must_use]
pub fn responses_for(codes: &[Code]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<String, Vec<Code>> = BTreeMap::new();
    let outages: &[_] = if codes.contains(&Code::Internal) {
        &[Code::DatabaseUnavailable, Code::OutOfTime]
    } else {
        &[]
    };
    let foreign: &[_] =
        if codes.contains(&Code::Unauthenticated) { &[Code::CrossSite] } else { &[] };
    for code in codes.iter().chain(outages).chain(foreign).copied() {
        by_status.entry(code.status().as_str().to_owned()).or_default().push(code);
    }
    by_status.into_iter().map(|(status, codes)| (status, response(&codes).into())).collect()
}

fn response(codes: &[Code]) -> Response {
    let titles: Vec<_> = codes.iter().map(|code| code.title().en).collect();
    let content = codes.iter().fold(
        ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))),
        |content, code| {
            let example =
                ExampleBuilder::new().summary(code.title().en).value(Some(example(*code))).build();
            content.examples_from_iter([(code.as_str(), example)])
        },
    );
    ResponseBuilder::new()
        .description(titles.join("; "))
        .content("application/problem+json", content.build())
        .build()
}

fn example(code: Code) -> serde_json::Value {
    json!({
        "type": format!("http://localhost:8000/problems#{}", code.as_str()),
        "title": code.title().en,
        "status": code.status().as_u16(),
        "detail": code.detail().en,
        "code": code.as_str(),
        "request_id": "0190d5a4-5c3f-4c1e-9a52-0d5f0a6c7b11",
    })
}
