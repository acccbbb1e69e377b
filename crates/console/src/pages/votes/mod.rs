//! `/console/votes`: what is suspected of votes, and what is decided about it.

mod flag;
mod form;
mod list;
mod table;
mod timeline;
mod video;

use anb_domain::vote_review::FlagKind;
use anb_store::{Ruling, VoteFlag};
use axum::response::Redirect;

use crate::{Application, Routes, frame::Frame, notice::Notice};

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console/votes", list::list)
        .get("/console/votes/{id}", flag::show)
        .post("/console/votes/{id}/dismiss", flag::dismiss)
        .post("/console/votes/{id}/restore", flag::judge)
        .post("/console/votes/{id}/strike", flag::judge)
        .get("/console/videos/{id}/votes", video::show)
        .post("/console/videos/{id}/votes/restore", video::judge)
        .post("/console/videos/{id}/votes/strike", video::judge)
}

/// Sends the browser on, and says how many votes that was.
fn judged(ruling: Ruling, votes: u64, page: &str) -> Redirect {
    let notice = match ruling {
        Ruling::Strike => Notice::VOTES_STRUCK,
        Ruling::Restore => Notice::VOTES_RESTORED,
    };
    notice.with(&[votes], page)
}

/// What a suspicion is, and why it is one, in words.
fn words(frame: &Frame, flag: &VoteFlag) -> [String; 2] {
    let [kind, why] = match flag.kind {
        FlagKind::Network => ["votes-network", "votes-network-why"],
        FlagKind::Device => ["votes-device", "votes-device-why"],
        FlagKind::Burst => ["votes-burst", "votes-burst-why"],
        FlagKind::Fast => ["votes-fast", "votes-fast-why"],
    };
    let from = short(flag.network.as_ref().or(flag.device.as_ref()));
    let why = frame.with_all(why, &[("votes", &frame.figure(flag.votes)), ("from", &from)]);
    [frame.say(kind).into_owned(), why]
}

/// What it is about: a video's title, or an account's name.
fn about(flag: &VoteFlag) -> &str {
    let title = flag.video.as_ref().map(|video| video.title.as_str());
    title.or_else(|| flag.voter.as_ref().map(|(_, name)| name.as_str())).unwrap_or_default()
}

/// Percent of the video's votes that are under this suspicion.
fn share(flag: &VoteFlag) -> Option<u64> {
    let total = flag.video.as_ref()?.total;
    (flag.counting * 100).checked_div(total)
}

/// The first digits of a keyed hash: enough to see that two are the same.
fn short(hash: Option<&String>) -> String {
    hash.map_or_else(|| "–".to_owned(), |hash| hash.chars().take(6).collect())
}
