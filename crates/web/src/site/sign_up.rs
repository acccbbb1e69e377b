//! `/sign-up`

use std::collections::BTreeSet;

use anb_domain::{Email, PersonName, Place};
use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use http::{StatusCode, header};
use serde::Deserialize;

use super::{
    form::FieldErrors,
    frame::{Frame, page, page_with_status},
    notice::Notice,
    session,
    sign_in::{Destination, after_a_while},
    way_back,
};
use crate::{
    Application, Routes,
    footprint::SentFrom,
    problem::{Code, Problem},
    registration::{self, Applicant, MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, SignupError},
    request::RequestContext,
    state::AppState,
};

pub fn routes() -> Routes {
    Routes::new(Application::Public).get("/sign-up", form).post("/sign-up", sign_up)
}

#[derive(Template)]
#[template(path = "sign_up.html")]
struct SignUpPage<'a> {
    frame: &'a Frame,
    applicant: &'a Applicant,
    next: &'a str,
    errors: FieldErrors,
    /// Why nobody can sign up just now.
    alert: Option<String>,
    cities: BTreeSet<String>,
    countries: BTreeSet<String>,
}

/// What the fields take.
impl SignUpPage<'_> {
    const NAME_CHARS: usize = PersonName::MAX_CHARS;
    const PLACE_CHARS: usize = Place::MAX_CHARS;
    const EMAIL_CHARS: usize = Email::MAX_LEN;
    const LEAST: usize = MIN_PASSWORD_CHARS;
    const MOST: usize = MAX_PASSWORD_CHARS;
    const WORDS: &'static [&'static str] = &["account-met", "account-unmet"];
}

async fn form(
    State(app): State<AppState>,
    frame: Frame,
    Query(destination): Query<Destination>,
) -> Result<Response, Problem> {
    let next = way_back::own(&destination.next);
    if frame.viewer.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    let applicant = Applicant::default();
    let template = shown(&app, &frame, &applicant, next, FieldErrors::default()).await?;
    page(&frame, &template)
}

#[derive(Deserialize)]
struct SignUpForm {
    #[serde(flatten)]
    applicant: Applicant,
    #[serde(default)]
    next: String,
}

async fn sign_up(
    State(app): State<AppState>,
    context: RequestContext,
    frame: Frame,
    SentFrom(from): SentFrom,
    Form(SignUpForm { applicant, next }): Form<SignUpForm>,
) -> Result<Response, Problem> {
    let next = way_back::own(&next);
    match registration::register(&app, &context.client_key(), from, &applicant).await {
        Ok(player) => {
            let cookie = session::begin(&app, player.id).map_err(Problem::internal)?;
            Ok(([(header::SET_COOKIE, cookie)], Notice::Welcome.at(next)).into_response())
        }
        Err(error) => asked_again(&app, &frame, &applicant, next, error).await,
    }
}

/// The same form, with what was typed and what is wrong with it.
async fn asked_again(
    app: &AppState,
    frame: &Frame,
    applicant: &Applicant,
    next: &str,
    error: SignupError,
) -> Result<Response, Problem> {
    let field = match &error {
        SignupError::EmailTaken => "email",
        SignupError::TooWeak | SignupError::TooLong => "password1",
        SignupError::PasswordsDiffer => "password2",
        SignupError::Fields(_) | SignupError::TooMany(_) => "",
        SignupError::Password(_) | SignupError::Store(_) => return Err(error.into()),
    };
    let problem = Problem::from(error);
    let errors = match problem.code {
        Code::ValidationFailed => FieldErrors::new(&problem.errors, frame.language),
        Code::TooManyRequests => FieldErrors::default(),
        code => FieldErrors::of(field, code.detail(), frame.language),
    };
    let mut template = shown(app, frame, applicant, next, errors).await?;
    if let Some(wait) = problem.retry_after {
        template.alert = Some(frame.counted("account-too-many", wait.as_secs() + 1));
    }
    let answer = page_with_status(shown_status(&problem), frame, &template)?;
    Ok(after_a_while(answer, &problem))
}

/// A form with errors is no fault of the protocol: what the API says with 422
/// is said with 400, which every browser shows alike.
fn shown_status(problem: &Problem) -> StatusCode {
    match problem.code.status() {
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
        status => status,
    }
}

async fn shown<'a>(
    app: &AppState,
    frame: &'a Frame,
    applicant: &'a Applicant,
    next: &'a str,
    errors: FieldErrors,
) -> Result<SignUpPage<'a>, Problem> {
    let places = app.places().await?;
    let countries = places.iter().map(|place| place.country.clone()).collect();
    let cities = places.iter().map(|place| place.city.clone()).collect();
    Ok(SignUpPage { frame, applicant, next, errors, alert: None, cities, countries })
}
