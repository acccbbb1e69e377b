//! `POST /language`: the switch at the top of every page.

use axum::{
    Form, Router,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
    routing::post,
};
use http::header;
use serde::Deserialize;

use super::way_back;
use crate::{
    problem::{Code, Problem},
    state::AppState,
};

pub fn routes() -> Router<AppState> {
    Router::new().route("/language", post(choose))
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
) -> Result<Response, Problem> {
    let chosen = anb_http::language::tagged(&choice.to);
    let chosen = chosen.ok_or_else(|| Problem::new(Code::MalformedRequest))?;
    let cookie = [(header::SET_COOKIE, anb_http::language::choice(chosen, app.site.reach))];
    Ok((cookie, Redirect::to(way_back::own(&choice.back))).into_response())
}
