//! `/videos/{id}`: a play, its player, and the vote.

use anb_domain::{VideoId, Window, keys::ResultFile};
use anb_store::{Ballot as Cast, PublicFilter, PublicVideo, Sort};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use http::{StatusCode, header};
use url::form_urlencoded;

use super::{
    card::Card,
    filters::all_from,
    frame::{Frame, page},
};
use crate::{
    Application, Routes,
    extract::VideoPath,
    problem::{Code, Problem},
    state::AppState,
};

/// A row of the widest grid.
const OTHERS: usize = 4;

pub fn routes() -> Routes {
    Routes::new(Application::Public)
        .get("/videos/{id}", video)
        .get("/videos/{id}/poster.jpg", poster)
}

#[derive(Template)]
#[template(path = "video.html")]
struct VideoPage<'a> {
    frame: &'a Frame,
    video: &'a PublicVideo,
    /// Signed, and good for a while.
    source: String,
    poster: String,
    ballot: Ballot,
    more: More,
}

pub async fn video(
    State(app): State<AppState>,
    frame: Frame,
    VideoPath(id): VideoPath,
) -> Result<Response, Problem> {
    let video = public(&app, id).await?;
    let link = |file| app.page_link(video.id, video.attempt, file);
    let template = VideoPage {
        frame: &frame,
        source: link(ResultFile::Video).await.map_err(Problem::internal)?,
        poster: link(ResultFile::PosterLargeJpeg).await.map_err(Problem::internal)?,
        ballot: Ballot::of(&app, &frame, &video).await?,
        more: More::than(&app, &video).await?,
        video: &video,
    };
    page(&frame, &template)
}

/// The picture by an address that stays: links that are shared show it.
pub async fn poster(
    State(app): State<AppState>,
    VideoPath(id): VideoPath,
) -> Result<Response, Problem> {
    let video = public(&app, id).await?;
    let link = app.page_link(video.id, video.attempt, ResultFile::PosterLargeJpeg).await;
    let location = (header::LOCATION, link.map_err(Problem::internal)?);
    // The link is good for much longer.
    let cached = (header::CACHE_CONTROL, "public, max-age=60".to_owned());
    Ok((StatusCode::FOUND, [location, cached]).into_response())
}

/// The video that a path names, if the public may see it.
pub async fn public(app: &AppState, id: VideoId) -> Result<PublicVideo, Problem> {
    let found = app.store.public_video(id).await.map_err(Problem::internal)?;
    found.ok_or_else(|| Problem::new(Code::VideoNotFound))
}

/// More to see: those with the most votes, from as near as there are any.
struct More {
    /// `None`: from everywhere.
    place: Option<String>,
    /// Where all of them are.
    all: String,
    cards: Vec<Card>,
}

impl More {
    async fn than(app: &AppState, video: &PublicVideo) -> Result<Self, Problem> {
        let country = Some(&video.country);
        let mut more = Self::from(app, video, Some(&video.city), country).await?;
        for country in [country, None] {
            if more.cards.is_empty() {
                more = Self::from(app, video, None, country).await?;
            }
        }
        Ok(more)
    }

    async fn from(
        app: &AppState,
        video: &PublicVideo,
        city: Option<&String>,
        country: Option<&String>,
    ) -> Result<Self, Problem> {
        let filter = PublicFilter {
            city: city.cloned(),
            country: country.cloned(),
            sort: Sort::Votes,
            limit: OTHERS as u64 + 1,
            ..PublicFilter::default()
        };
        let mut videos = app.store.public_page(&filter).await.map_err(Problem::internal)?;
        videos.retain(|other| other.id != video.id);
        videos.truncate(OTHERS);
        let cards = Card::all(app, videos).await.map_err(Problem::internal)?;
        let all = all_from(city.map(String::as_str), country.map(String::as_str));
        Ok(Self { place: city.or(country).cloned(), all, cards })
    }
}

impl VideoPage<'_> {
    fn address(&self) -> String {
        self.frame.absolute(&format!("/videos/{}", self.video.id))
    }

    fn picture(&self) -> String {
        format!("{}/poster.jpg", self.address())
    }

    fn same_city(&self) -> String {
        all_from(Some(&self.video.city), Some(&self.video.country))
    }

    /// Opens a message with the link in it, ready to be sent.
    fn whatsapp(&self) -> String {
        let text = format!("{} {}", self.summary(), self.address());
        let text =
            form_urlencoded::Serializer::new(String::new()).append_pair("text", &text).finish();
        format!("https://wa.me/?{text}")
    }

    /// One sentence that says what there is to see.
    fn summary(&self) -> String {
        let PublicVideo { title, player_name, city, .. } = self.video;
        self.frame
            .with_all("video-summary", &[("title", title), ("player", player_name), ("city", city)])
    }
}

/// What the viewer can do with their vote, or why nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ballot {
    Cast,
    Withdraw,
    /// It was struck after a review.
    Struck,
    /// Nobody is signed in.
    SignIn,
    /// It is the viewer's own.
    Own,
    NotYet(DateTime<Utc>),
    Closed(DateTime<Utc>),
}

impl Ballot {
    async fn of(app: &AppState, frame: &Frame, video: &PublicVideo) -> Result<Self, Problem> {
        let status = match &frame.viewer {
            Some(viewer) => app.store.vote_status(video.id, viewer.id).await,
            None => Ok(None),
        };
        let cast = status.map_err(Problem::internal)?.map_or(Cast::NotCast, |(cast, _)| cast);
        let window = app.contest.now().voting.window();
        Ok(match (&frame.viewer, cast) {
            // Told for as long as the video is there.
            (_, Cast::Struck) => Self::Struck,
            (viewer, cast) => Self::shut(&window, app.now()).unwrap_or(match (viewer, cast) {
                (None, _) => Self::SignIn,
                (Some(viewer), _) if viewer.id == video.owner => Self::Own,
                (_, Cast::Counts) => Self::Withdraw,
                _ => Self::Cast,
            }),
        })
    }

    /// Outside the time of voting.
    fn shut(window: &Window, now: DateTime<Utc>) -> Option<Self> {
        let ahead = window.opens_at.filter(|_| window.is_ahead(now)).map(Self::NotYet);
        ahead.or_else(|| window.closes_at.filter(|_| window.is_over(now)).map(Self::Closed))
    }
}
