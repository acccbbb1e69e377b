//! Every answer in every test must be one that the API's description knows.

use std::sync::LazyLock;

use serde_json::Value;

use super::Answer;

static DESCRIPTION: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(anb_web::openapi()).unwrap());

pub fn check(method: &str, path: &str, answer: &Answer) {
    assert!(!answer.header("x-request-id").is_empty(), "every answer has an id");
    let status = answer.status.as_u16();
    if status >= 400 && answer.header("content-type") == "application/problem+json" {
        check_problem(answer);
    }
    let operation = match method {
        "HEAD" => operation("get", path),
        method => operation(&method.to_lowercase(), path),
    };
    let Some(operation) = operation else { return };
    let described = &operation["responses"][status.to_string()];
    assert!(described.is_object(), "{method} {path} answers {status}, which is not described");
    if let Some(examples) = described["content"]["application/problem+json"]["examples"].as_object()
        && method != "HEAD"
    {
        let (_, code) = answer.problem();
        assert!(examples.contains_key(&code), "{method} {path}: {code} is not described");
    }
}

/// RFC 9457, and what we add to it.
fn check_problem(answer: &Answer) {
    if answer.body.is_empty() {
        return;
    }
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status.as_u16());
    assert_eq!(problem["request_id"], answer.header("x-request-id"));
    for field in ["type", "title", "detail", "code"] {
        assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
    }
}

fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let paths = DESCRIPTION["paths"].as_object().unwrap();
    let exact = paths.get(path.trim_end_matches('/'));
    let template = || paths.iter().find(|(template, _)| fits(template, path)).map(|(_, item)| item);
    exact.or_else(template)?.get(method)
}

fn fits(template: &str, path: &str) -> bool {
    if let Some(prefix) = template.strip_suffix("{key}") {
        return path.starts_with(prefix);
    }
    let path = path.trim_end_matches('/');
    template.split('/').count() == path.split('/').count()
        && template.split('/').zip(path.split('/')).all(|(t, p)| t.starts_with('{') || t == p)
}
