//! Writes the body of every error response, also of those that come from the
//! router or a library, and logs what is our fault.

use anb_domain::Language;
use anb_http::fault;
use axum::{
    Json,
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header};

use crate::{
    measure,
    problem::{Code, FieldErrorBody, Problem, ProblemBody},
    request::RequestContext,
    site::Asked,
    state::AppState,
};

const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");

pub async fn render(
    State(app): State<AppState>,
    context: RequestContext,
    request: Request,
    next: Next,
) -> Response {
    let asked = Asked::by_a_person(&request);
    let (method, route) = (request.method().clone(), route_of(&request));
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let content_type = response.headers().get(header::CONTENT_TYPE);
    if content_type.is_some_and(is_report) {
        return response;
    }
    if content_type.is_some_and(is_page) {
        measure::shown_again(status);
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let problem = parts
        .extensions
        .remove::<Problem>()
        .unwrap_or_else(|| Problem::new(Code::of_status(status)));
    measure::problem(&method, &route, problem.code);
    if status.is_server_error() {
        log(&problem);
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    if let Some(asked) = asked
        && let Some(mut page) = asked.told(&app, &context, status, &problem).await
    {
        parts.headers.remove(header::CONTENT_TYPE);
        page.headers_mut().extend(parts.headers);
        return page;
    }
    let body = Json(body_of(&problem, status.as_u16(), &context, &app.public_url));
    parts.headers.insert(header::CONTENT_TYPE, MEDIA_TYPE);
    parts.headers.insert(header::CONTENT_LANGUAGE, language_tag(context.language));
    (parts, body.into_response().into_body()).into_response()
}

fn route_of(request: &Request) -> String {
    request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned()
}

/// Of readiness, which says more than a problem document.
fn is_report(content_type: &HeaderValue) -> bool {
    content_type == "application/json"
}

/// A form that is shown again.
fn is_page(content_type: &HeaderValue) -> bool {
    content_type.as_bytes().starts_with(b"text/html")
}

fn language_tag(language: Language) -> HeaderValue {
    HeaderValue::from_static(language.tag())
}

fn body_of(
    problem: &Problem,
    status: u16,
    context: &RequestContext,
    public_url: &str,
) -> ProblemBody {
    let code = problem.code;
    let language = context.language;
    let title = code.title();
    let field = |error: &crate::problem::FieldProblem| FieldErrorBody {
        field: error.field.to_string(),
        message: error.message.text(language).to_owned(),
    };
    ProblemBody {
        r#type: format!("{public_url}/problems#{}", code.as_str()),
        title: title.text(language).to_owned(),
        status,
        detail: problem.detail_in(language),
        code,
        request_id: context.id.to_string(),
        errors: problem.errors.iter().map(field).collect(),
        missing_parts: problem.missing_parts.to_vec(),
    }
}

/// Once, with every cause beneath it.
fn log(problem: &Problem) {
    let cause = problem.cause.as_deref().map(|cause| fault::causes(cause)).unwrap_or_default();
    if problem.code == Code::Internal {
        tracing::error!(code = problem.code.as_str(), cause, "request failed");
    } else {
        tracing::warn!(code = problem.code.as_str(), cause, "request refused");
    }
}
