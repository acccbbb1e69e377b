//! `POST /language`: the switch at the top of every page.

use axum::{
    Form,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::header;
use serde::Deserialize;

use super::way_back;
use crate::{
    Application, Routes,
    problem::{Code, Problem},
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Public).post("/language", choose)
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
