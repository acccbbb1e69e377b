//! What a decision is sent with: its ruling, a reason, and the votes that it is
//! about.

use anb_domain::{PlayerId, VideoId, vote_review::VoteKey};
use anb_store::Ruling;
use axum::extract::{FromRequest, FromRequestParts, RawForm, Request};
use http::request::Parts;
use url::form_urlencoded;

use crate::{
    refusal::{Reason, Refusal},
    state::AppState,
};

/// Longest reason.
const MAX_REASON: usize = 500;

/// Extracts a decision.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// Trimmed, and not longer than it may be.
    pub reason: String,
    /// About every vote, and not only the chosen ones.
    pub all: bool,
    pub chosen: Vec<VoteKey>,
}

/// What is missing in a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    Reason,
    Votes,
}

impl Missing {
    /// The message that says so.
    pub fn message(self) -> &'static str {
        match self {
            Self::Reason => "votes-reason-missing",
            Self::Votes => "votes-chosen-missing",
        }
    }
}

impl Decision {
    fn of(form: &[u8]) -> Self {
        let mut decision = Self::default();
        for (name, value) in form_urlencoded::parse(form) {
            match &*name {
                "reason" => decision.reason = value.trim().chars().take(MAX_REASON).collect(),
                "scope" => decision.all = value == "all",
                "vote" => decision.chosen.extend(key(&value)),
                _ => {}
            }
        }
        decision
    }

    /// What keeps it from being one.
    pub fn missing(&self) -> Option<Missing> {
        if self.reason.is_empty() {
            return Some(Missing::Reason);
        }
        (!self.all && self.chosen.is_empty()).then_some(Missing::Votes)
    }
}

impl FromRequest<AppState> for Decision {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Self::Rejection> {
        let form = RawForm::from_request(request, app).await;
        form.map(|RawForm(form)| Self::of(&form)).map_err(|_| Refusal::new(Reason::Malformed))
    }
}

/// Extracts the ruling that an address ends with.
pub struct InAddress(pub Ruling);

impl FromRequestParts<AppState> for InAddress {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Self::Rejection> {
        match parts.uri.path().rsplit('/').next() {
            Some("strike") => Ok(Self(Ruling::Strike)),
            Some("restore") => Ok(Self(Ruling::Restore)),
            _ => Err(Refusal::new(Reason::NotFound)),
        }
    }
}

/// `{video}.{voter}`, as tables have it.
fn key(text: &str) -> Option<VoteKey> {
    let (video, voter) = text.split_once('.')?;
    Some((video.parse().map(VideoId).ok()?, voter.parse().map(PlayerId).ok()?))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_decision_needs_a_reason_and_something_to_decide_about() {
        let vote = format!("{}.{}", Uuid::from_u128(7).simple(), Uuid::from_u128(1).simple());
        let decision = Decision::of(format!("reason=+one+shop+&vote={vote}&vote=x.y").as_bytes());
        let key = (VideoId(Uuid::from_u128(7)), PlayerId(Uuid::from_u128(1)));
        assert_eq!((decision.reason.as_str(), &decision.chosen[..]), ("one shop", &[key][..]));
        assert_eq!(decision.missing(), None);
        assert_eq!(Decision::of(b"reason=+&scope=all").missing(), Some(Missing::Reason));
        assert_eq!(Decision::of(b"reason=why&scope=chosen").missing(), Some(Missing::Votes));
        assert_eq!(Decision::of(b"reason=why&scope=all").missing(), None);
    }
}
