//! `POST /console/moderation/undo`: takes the last ruling back.

use anb_store::RuleError;
use axum::{Form, extract::State, response::Redirect};

use super::{
    PATH,
    rule::{Fields, back_to, checked, one},
};
use crate::{actor::By, notice::Notice, refusal::Refusal, state::AppState};

pub async fn undo(
    State(app): State<AppState>,
    By(actor): By,
    Form(fields): Form<Fields>,
) -> Result<Redirect, Refusal> {
    let mut undone = 0;
    for video in checked(&fields) {
        match app.operations.store.undo_ruling(&actor, video).await {
            Ok(_) => undone += 1,
            Err(RuleError::Store(error)) => return Err(Refusal::internal(error)),
            Err(_) => {}
        }
    }
    Ok(Notice::UNDONE.with(&[undone], back_to(one(&fields, "back"), PATH)))
}
