//! `POST /console/language`: the switch at the top of every page.

use anb_http::language;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::header;
use serde::Deserialize;

use crate::{
    Application, PREFIX, Routes, cookies,
    refusal::{Reason, Refusal},
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console).post("/console/language", choose)
}

#[derive(Deserialize)]
struct Choice {
    to: String,
    /// The page on which it was made.
    back: String,
}

async fn choose(
    State(app): State<AppState>,
    Form(choice): Form<Choice>,
) -> Result<Response, Refusal> {
    let chosen = language::tagged(&choice.to).ok_or(Refusal::new(Reason::Malformed))?;
    let cookie = [(header::SET_COOKIE, language::choice(chosen, cookies::reach(&app)))];
    Ok((cookie, Redirect::to(within(&choice.back))).into_response())
}

/// Nobody is led away from the console.
fn within(back: &str) -> &str {
    let plain = back.bytes().all(|byte| byte.is_ascii_graphic());
    let rest =
        back.strip_prefix(PREFIX).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    if plain && rest.is_some() { back } else { PREFIX }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_console_are_led_back_to() {
        for back in ["/console", "/console?done=retried", "/console/videos?status=failed&page=2"] {
            assert_eq!(within(back), back);
        }
        for back in
            ["", "/", "//evil.org", "https://evil.org", "/console.evil.org", "/console/\r\nx: y"]
        {
            assert_eq!(within(back), PREFIX, "{back}");
        }
    }
}
