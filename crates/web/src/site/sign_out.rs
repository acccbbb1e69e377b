//! `POST /sign-out`

use axum::{
    Router,
    extract::State,
    response::{IntoResponse as _, Response},
    routing::post,
};
use http::header;

use super::{notice::Notice, session};
use crate::state::AppState;

pub fn routes() -> Router<AppState> {
    Router::new().route("/sign-out", post(sign_out))
}

async fn sign_out(State(app): State<AppState>) -> Response {
    ([(header::SET_COOKIE, session::end(&app))], Notice::SignedOut.at("/")).into_response()
}
