//! `POST /sign-out`

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::header;

use super::{notice::Notice, session};
use crate::{Application, Routes, state::AppState};

pub fn routes() -> Routes {
    Routes::new(Application::Public).post("/sign-out", sign_out)
}

async fn sign_out(State(app): State<AppState>) -> Response {
    ([(header::SET_COOKIE, session::end(&app))], Notice::SignedOut.at("/")).into_response()
}
