//! `GET /api/public/videos`

use std::{fmt, str::FromStr};

use anb_blob::BlobError;
use anb_domain::VideoId;
use anb_store::{PublicFilter, PublicVideo, Sort, StoreError, public::Cursor};
use axum::{Json, extract::State};
use futures::future;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use thiserror::Error;
use url::form_urlencoded;
use utoipa::IntoParams;

use super::PublicVideoView;
use crate::{
    extract::{ApiQuery, FromParameters, Parameters},
    problem::{Problem, Sentence, answers},
    state::AppState,
};

const DEFAULT_LIMIT: u64 = 20;
const MAX_LIMIT: u64 = 100;
/// Who wants to get this far uses the cursor: skipped rows are read as well.
const MAX_SKIP: u64 = 1_000_000;
const TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");

/// The parameters, as they are documented.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters")]
pub struct ListParameters {
    /// Only of players from this city, in whatever case.
    city: Option<String>,
    /// Only of players from this country, in whatever case.
    country: Option<String>,
    /// Words that occur in the title or the player's name.
    q: Option<String>,
    /// `recent` (default) or `votes`.
    #[param(example = "votes")]
    sort: Option<String>,
    /// Videos per page; 20 when absent. `page_size` means the same.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
    /// Begins where the previous page ended; from its `Link` header.
    cursor: Option<String>,
    /// Leaves out so many from the beginning.
    #[param(maximum = 1_000_000)]
    skip: Option<u64>,
    /// Pages of `page_size`, counted from 1; instead of `skip` and `cursor`.
    #[param(minimum = 1)]
    page: Option<u64>,
    #[param(minimum = 1, maximum = 100)]
    page_size: Option<u64>,
}

/// Which videos, and how the caller walks through the pages.
#[derive(Debug, Clone)]
pub struct Listing {
    filter: PublicFilter,
    page: Option<u64>,
}

impl FromParameters for Listing {
    fn from_parameters(parameters: &mut Parameters) -> Self {
        let limit = parameters.number("limit", 1..=MAX_LIMIT);
        let page_size = parameters.number("page_size", 1..=MAX_LIMIT);
        let limit = limit.or(page_size).unwrap_or(DEFAULT_LIMIT);
        let skip = parameters.number("skip", 0..=MAX_SKIP);
        let page = parameters.number("page", 1..=MAX_SKIP / MAX_LIMIT);
        let after = parameters.parse("cursor", cursor_expected()).map(|OpaqueCursor(at)| at);
        if page.is_some() && (skip.is_some() || after.is_some()) {
            parameters.refuse::<()>("page", page_alone());
        }
        let filter = PublicFilter {
            city: parameters.text("city"),
            country: parameters.text("country"),
            q: parameters.text("q"),
            sort: parameters.parse("sort", sort_expected()).map_or(Sort::Recent, |Order(by)| by),
            limit,
            skip: page.map_or(skip.unwrap_or(0), |page| (page - 1) * limit),
            after,
        };
        Self { filter, page }
    }
}

fn cursor_expected() -> Sentence {
    Sentence::new(
        "debe venir de la cabecera Link de la página anterior",
        "must come from the Link header of the previous page",
    )
}

fn sort_expected() -> Sentence {
    Sentence::new("debe ser recent o votes", "must be recent or votes")
}

fn page_alone() -> Sentence {
    Sentence::new("no se combina con skip ni con cursor", "cannot be combined with skip or cursor")
}

struct Order(Sort);

impl FromStr for Order {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "recent" => Ok(Self(Sort::Recent)),
            "votes" => Ok(Self(Sort::Votes)),
            _ => Err(()),
        }
    }
}

/// A cursor as clients carry it: meaningless to them.
struct OpaqueCursor(Cursor);

impl fmt::Display for OpaqueCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}_{}", self.0.votes, self.0.id.0.simple())
    }
}

impl FromStr for OpaqueCursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (votes, id) = text.split_once('_').ok_or(())?;
        let votes = u64::from_str_radix(votes, 16).map_err(drop)?;
        let fits = i64::try_from(votes).is_ok();
        let id = id.parse::<VideoId>().map_err(drop)?;
        if fits { Ok(Self(Cursor { votes, id })) } else { Err(()) }
    }
}

#[derive(Debug, Error)]
pub enum ListError {
    #[error(transparent)]
    Link(#[from] BlobError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ListError> for Problem {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Link(error) => Self::internal(error),
            ListError::Store(error) => Self::internal(error),
        }
    }
}

answers!(ListError: InvalidQuery, Internal);

/// Lists the published videos.
#[utoipa::path(
    get, path = "/api/public/videos", tag = "public", operation_id = "list_public_videos",
    params(ListParameters),
    responses(
        (status = OK, description = "A page of videos", body = Vec<PublicVideoView>, headers(
            ("X-Total-Count" = u64, description = "Videos on all pages"),
            ("Link" = String, description = "The next page, as rel=\"next\"; absent on the last"),
        )),
        ListError,
    ),
)]
pub async fn list(
    State(app): State<AppState>,
    ApiQuery(listing): ApiQuery<Listing>,
) -> Result<(HeaderMap, Json<Vec<PublicVideoView>>), ListError> {
    // One more than asked for tells whether there is a next page.
    let limit = listing.filter.limit;
    let filter = PublicFilter { limit: limit + 1, ..listing.filter.clone() };
    let mut page = app.store.public_videos(&filter).await?;
    let more = page.items.len() as u64 > limit;
    page.items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));

    let mut headers = HeaderMap::new();
    headers.insert(TOTAL_COUNT, page.total.into());
    if let Some(last) = page.items.last().filter(|_| more) {
        headers.extend(listing.link_after(last).map(|link| (header::LINK, link)));
    }
    let views = page.items.into_iter().map(|video| PublicVideoView::new(&app, video));
    Ok((headers, Json(future::try_join_all(views).await?)))
}

impl Listing {
    /// The `Link` to the page that begins after this video
    /// ([RFC 8288](https://www.rfc-editor.org/rfc/rfc8288)).
    fn link_after(&self, last: &PublicVideo) -> Option<HeaderValue> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in
            [("city", &self.filter.city), ("country", &self.filter.country), ("q", &self.filter.q)]
        {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        if self.filter.sort == Sort::Votes {
            query.append_pair("sort", "votes");
        }
        match self.page {
            Some(page) => query
                .append_pair("page", &(page + 1).to_string())
                .append_pair("page_size", &self.filter.limit.to_string()),
            None => query
                .append_pair("limit", &self.filter.limit.to_string())
                .append_pair("cursor", &OpaqueCursor(at(last)).to_string()),
        };
        let link = format!("</api/public/videos?{}>; rel=\"next\"", query.finish());
        HeaderValue::from_str(&link).ok()
    }
}

fn at(video: &PublicVideo) -> Cursor {
    Cursor { votes: video.votes, id: video.id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_journey_and_nonsense_does_not() {
        let place = Cursor { votes: 31, id: VideoId(uuid::Uuid::from_u128(7)) };
        let text = OpaqueCursor(place.clone()).to_string();
        assert_eq!(text.parse::<OpaqueCursor>().map(|OpaqueCursor(at)| at), Ok(place));
        for text in ["", "_", "x_y", "1_", "ffffffffffffffff_00000000000000000000000000000007"] {
            assert!(text.parse::<OpaqueCursor>().is_err(), "{text}");
        }
    }
}
