//! Which of our languages a request asks for, and which its sender has chosen.

use std::time::Duration;

use anb_domain::Language;
use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, HeaderValue, header};

use crate::{
    RequestContext,
    cookies::{self, Reach},
};

const COOKIE: &str = "anb_language";

const A_YEAR: Duration = Duration::from_hours(365 * 24);

/// The language with this tag, if it is one of ours.
#[must_use]
pub fn tagged(tag: &str) -> Option<Language> {
    [Language::Es, Language::En].into_iter().find(|language| language.tag() == tag)
}

/// The cookie that remembers a choice.
#[must_use]
pub fn choice(language: Language, reach: Reach) -> HeaderValue {
    cookies::issue(COOKIE, language.tag(), reach, A_YEAR)
}

/// Answers in the language that was chosen, if one was: a choice wins over what
/// the browser asks for.
pub async fn remember(mut request: Request, next: Next) -> Response {
    let chosen = cookies::value(request.headers(), COOKIE).and_then(|tag| tagged(&tag));
    let context = request.extensions_mut().get_mut::<RequestContext>();
    if let (Some(language), Some(context)) = (chosen, context) {
        context.language = language;
    }
    next.run(request).await
}

/// The best match for `Accept-Language`
/// ([RFC 9110 §12.5.4](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4)):
/// the highest weight wins, among equals the first; `default` when nothing
/// fits.
#[must_use]
pub fn negotiate(headers: &HeaderMap, default: Language) -> Language {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut best = (default, 0.0);
    for range in wanted.unwrap_or_default().split(',') {
        let (tag, weight) = parse(range);
        let language = match tag.split('-').next().unwrap_or_default() {
            tag if tag.eq_ignore_ascii_case("es") => Language::Es,
            tag if tag.eq_ignore_ascii_case("en") => Language::En,
            "*" => default,
            _ => continue,
        };
        if weight > best.1 {
            best = (language, weight);
        }
    }
    best.0
}

fn parse(range: &str) -> (&str, f32) {
    let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
    let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse().ok());
    (tag.trim(), weight.unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(wanted: &str) -> Language {
        let headers = [(header::ACCEPT_LANGUAGE, wanted.parse().unwrap())].into_iter().collect();
        negotiate(&headers, Language::Es)
    }

    #[test]
    fn the_highest_weight_that_we_speak_wins() {
        assert_eq!(asked("en-GB,en;q=0.9,es;q=0.8"), Language::En);
        assert_eq!(asked("en;q=0.3, es-CO;q=0.7"), Language::Es);
        assert_eq!(asked("fr, en;q=0.1"), Language::En);
        assert_eq!(asked("es;q=0, en;q=0.1"), Language::En);
    }

    #[test]
    fn the_showcases_language_is_the_rest() {
        for wanted in ["fr", "*", "", ";;;q=x", "en;q=nonsense"] {
            assert_eq!(asked(wanted), Language::Es, "{wanted}");
        }
        assert_eq!(negotiate(&HeaderMap::new(), Language::En), Language::En);
    }
}
