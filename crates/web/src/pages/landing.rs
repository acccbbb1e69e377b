//! `/`: what the showcase is, its newest videos, who leads.

use anb_blob::BlobError;
use anb_domain::{Language, keys::ResultFile};
use anb_store::{PublicFilter, PublicVideo, Sort, StoreError};
use askama::Template;
use axum::{extract::State, response::Response};
use futures::future;

use super::{Policy, page};
use crate::{
    api::public::{PublicVideoView, rankings::Rank},
    problem::Problem,
    request::RequestContext,
    state::AppState,
};

/// Enough for a first look; the grid has two, three or four columns.
const NEWEST: u64 = 12;
const LEADERS: u64 = 10;

#[derive(Template)]
#[template(path = "landing.html")]
struct LandingPage {
    language: Language,
    nonce: String,
    name: String,
    videos: Vec<PublicVideoView>,
    total_videos: u64,
    leaders: Vec<Rank>,
    total_players: u64,
    voting_open: bool,
}

impl LandingPage {
    /// One of two sentences, for the template.
    fn say(&self, es: &'static str, en: &'static str) -> &'static str {
        self.language.pick(es, en)
    }
}

pub async fn landing(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, Problem> {
    let (videos, total_videos) = newest(&app).await?;
    let ranked = app.store.rankings(None, None, 1, LEADERS).await.map_err(Problem::internal)?;
    let policy = Policy::of(&app);
    let showcase = &app.settings.showcase;
    let template = LandingPage {
        language: context.language,
        nonce: policy.nonce(),
        name: showcase.name.clone(),
        videos,
        total_videos,
        leaders: ranked.items.into_iter().map(Rank::from).collect(),
        total_players: ranked.total,
        voting_open: showcase.voting.is_open(app.now()),
    };
    page(&app, &policy, &template)
}

async fn newest(app: &AppState) -> Result<(Vec<PublicVideoView>, u64), Problem> {
    let filter = PublicFilter { sort: Sort::Recent, limit: NEWEST, ..PublicFilter::default() };
    let found =
        app.store.public_videos(&filter).await.map_err(|e: StoreError| Problem::internal(e))?;
    let views = future::try_join_all(found.items.into_iter().map(|video| card(app, video))).await;
    Ok((views.map_err(Problem::internal)?, found.total))
}

/// With the small still: a dozen large ones would take longer than the page.
async fn card(app: &AppState, video: PublicVideo) -> Result<PublicVideoView, BlobError> {
    let poster_url = app.result_link(video.id, video.attempt, ResultFile::PosterSmallJpeg).await?;
    Ok(PublicVideoView { poster_url, ..PublicVideoView::new(app, video).await? })
}
