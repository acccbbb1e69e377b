//! `GET /api/public/videos`

use std::str::FromStr;

use anb_blob::BlobError;
use anb_store::{PublicFilter, PublicVideo, Sort, StoreError};
use axum::{Json, extract::State};
use futures::future;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use thiserror::Error;
use url::form_urlencoded;
use utoipa::IntoParams;

use super::{PublicVideoView, cursor::OpaqueCursor};
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
    /// Only of this category: the id of one of the contest's.
    category: Option<String>,
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
            category: parameters.text("category"),
            sort: parameters.parse("sort", sort_expected()).map_or(Sort::Recent, |Order(by)| by),
            limit,
            skip: page.map_or(skip.unwrap_or(0), |page| (page - 1) * limit),
            after,
            ..PublicFilter::default()
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
        for (name, value) in [
            ("city", &self.filter.city),
            ("country", &self.filter.country),
            ("category", &self.filter.category),
            ("q", &self.filter.q),
        ] {
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
                .append_pair("cursor", &OpaqueCursor(last.into()).to_string()),
        };
        let link = format!("</api/public/videos?{}>; rel=\"next\"", query.finish());
        HeaderValue::from_str(&link).ok()
    }
}
