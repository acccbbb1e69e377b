//! `POST` and `DELETE /api/public/videos/{id}/vote`, `GET …/vote-status`

use anb_domain::voting::VoteRefused;
use anb_store::{Ballot, StoreError, VoteTotal};
use axum::{Json, extract::State};
use serde::Serialize;
use thiserror::Error;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    auth::CurrentPlayer,
    extract::VideoPath,
    footprint::SentFrom,
    limits::TooMany,
    measure,
    problem::{Code, Problem, answers},
    request::RequestContext,
    state::AppState,
};

/// A vote was counted.
#[derive(Serialize, ToSchema)]
pub struct Voted {
    #[schema(example = "Vote counted.")]
    message: &'static str,
    video_id: Uuid,
    #[schema(example = 8)]
    total_votes: u64,
}

/// Whether this player has voted.
#[derive(Serialize, ToSchema)]
pub struct VoteStatus {
    video_id: Uuid,
    has_voted: bool,
    /// The vote was struck after a review: it does not count, and it can
    /// neither be withdrawn nor cast again.
    struck: bool,
    #[schema(example = 8)]
    total_votes: u64,
}

#[derive(Debug, Error)]
pub enum VoteError {
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Vote(#[from] anb_store::VoteError),
}

impl From<VoteError> for Problem {
    fn from(error: VoteError) -> Self {
        use anb_store::VoteError as V;
        match error {
            VoteError::TooMany(error) => error.into(),
            VoteError::Vote(V::NotFound) => Self::new(Code::VideoNotFound),
            VoteError::Vote(V::Refused(VoteRefused::Closed)) => Self::new(Code::VotingClosed),
            VoteError::Vote(V::Refused(VoteRefused::OwnVideo)) => Self::new(Code::OwnVideo),
            VoteError::Vote(V::AlreadyVoted) => Self::new(Code::AlreadyVoted),
            VoteError::Vote(V::Struck) => Self::new(Code::VoteStruck),
            VoteError::Vote(V::NotVoted) => Self::new(Code::NotVoted),
            VoteError::Vote(V::Store(error)) => Self::internal(error),
        }
    }
}

answers!(VoteError:
    AlreadyVoted, NotVoted, VoteStruck, OwnVideo, VotingClosed, Unauthenticated, VideoNotFound,
    TooManyRequests, Internal);

/// Votes for a video, once.
#[utoipa::path(
    post, path = "/api/public/videos/{id}/vote", tag = "votes", operation_id = "cast_vote",
    params(("id" = Uuid, Path, description = "The video")), security(("bearer" = [])),
    responses((status = OK, description = "Counted", body = Voted), VoteError),
)]
pub async fn cast(
    State(app): State<AppState>,
    context: RequestContext,
    player: CurrentPlayer,
    SentFrom(from): SentFrom,
    VideoPath(id): VideoPath,
) -> Result<Json<Voted>, VoteError> {
    app.limits.votes.check(&player.id)?;
    let window = &app.contest.now().voting;
    let VoteTotal(total_votes) = app.store.cast_vote(id, player.id, window, &from).await?;
    measure::vote_cast();
    let message = context.language.pick("Voto contado.", "Vote counted.");
    Ok(Json(Voted { message, video_id: id.0, total_votes }))
}

/// Takes a vote back.
#[utoipa::path(
    delete, path = "/api/public/videos/{id}/vote", tag = "votes",
    operation_id = "withdraw_vote",
    params(("id" = Uuid, Path, description = "The video")), security(("bearer" = [])),
    responses((status = OK, description = "Withdrawn", body = Voted), VoteError),
)]
pub async fn withdraw(
    State(app): State<AppState>,
    context: RequestContext,
    player: CurrentPlayer,
    VideoPath(id): VideoPath,
) -> Result<Json<Voted>, VoteError> {
    app.limits.votes.check(&player.id)?;
    let window = &app.contest.now().voting;
    let VoteTotal(total_votes) = app.store.withdraw_vote(id, player.id, window).await?;
    measure::vote_withdrawn();
    let message = context.language.pick("Voto retirado.", "Vote withdrawn.");
    Ok(Json(Voted { message, video_id: id.0, total_votes }))
}

#[derive(Debug, Error)]
pub enum StatusError {
    #[error("there is no such published video")]
    NotFound,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<StatusError> for Problem {
    fn from(error: StatusError) -> Self {
        match error {
            StatusError::NotFound => Self::new(Code::VideoNotFound),
            StatusError::Store(error) => Self::internal(error),
        }
    }
}

answers!(StatusError: Unauthenticated, VideoNotFound, Internal);

/// Tells whether this player has voted for a video.
#[utoipa::path(
    get, path = "/api/public/videos/{id}/vote-status", tag = "votes",
    operation_id = "vote_status",
    params(("id" = Uuid, Path, description = "The video")), security(("bearer" = [])),
    responses((status = OK, description = "The status", body = VoteStatus), StatusError),
)]
pub async fn status(
    State(app): State<AppState>,
    player: CurrentPlayer,
    VideoPath(id): VideoPath,
) -> Result<Json<VoteStatus>, StatusError> {
    let status = app.store.vote_status(id, player.id).await?;
    let (ballot, VoteTotal(total_votes)) = status.ok_or(StatusError::NotFound)?;
    let (has_voted, struck) = (ballot != Ballot::NotCast, ballot == Ballot::Struck);
    Ok(Json(VoteStatus { video_id: id.0, has_voted, struck, total_votes }))
}
