//! `POST /console/sign-out`

use anb_domain::{Action, Subject};
use anb_store::Deed;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::header;

use crate::{
    Application, Routes,
    actor::By,
    refusal::Refusal,
    session::{self, SIGN_IN},
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Console).post("/console/sign-out", sign_out)
}

async fn sign_out(
    State(app): State<AppState>,
    by: Result<By, Response>,
) -> Result<Response, Refusal> {
    if let Ok(By(actor)) = by {
        let deed = Deed::new(Action::SIGNED_OUT, Subject::only("console"));
        app.operations.store.record(&actor, deed).await.map_err(Refusal::internal)?;
    }
    Ok(([(header::SET_COOKIE, session::end(&app))], Redirect::to(SIGN_IN)).into_response())
}
