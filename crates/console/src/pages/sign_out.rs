//! `POST /console/sign-out`

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::header;

use crate::{
    session::{self, SIGN_IN},
    state::AppState,
};

pub async fn sign_out(State(app): State<AppState>) -> Response {
    ([(header::SET_COOKIE, session::end(&app))], Redirect::to(SIGN_IN)).into_response()
}
