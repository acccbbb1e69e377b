//! `POST /console/sign-out`: ends the session.

use anb_domain::Action;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::header;

use crate::{
    Application, Routes,
    actor::By,
    refusal::Refusal,
    session::{self, Operator, SIGN_IN},
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console).post("/console/sign-out", sign_out)
}

async fn sign_out(
    State(app): State<AppState>,
    operator: Result<Operator, Redirect>,
    by: Result<By, Response>,
) -> Result<Response, Refusal> {
    if let (Ok(operator), Ok(By(actor))) = (operator, by) {
        let store = &app.operations.store;
        store
            .end_console_session(operator.session, operator.id, &actor, Action::SIGNED_OUT)
            .await
            .map_err(Refusal::internal)?;
    }
    Ok(([(header::SET_COOKIE, session::end(&app))], Redirect::to(SIGN_IN)).into_response())
}
