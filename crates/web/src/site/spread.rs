//! One page of a longer list of videos, and the ways to its neighbours.

use std::convert::Infallible;

use anb_store::{Cursor, Page, PublicFilter, PublicVideo};
use axum::extract::FromRequestParts;
use http::request::Parts;
use url::form_urlencoded;

use crate::{api::public::cursor::OpaqueCursor, problem::Problem, state::AppState};

/// Where in the list a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    #[default]
    Start,
    After(Cursor),
    Before(Cursor),
}

/// Videos, and where the pages next to them lie.
pub struct Spread {
    pub videos: Vec<PublicVideo>,
    /// On all pages.
    pub total: u64,
    pub previous: Option<Cursor>,
    pub next: Option<Cursor>,
}

impl Place {
    /// From `?after=` or `?before=`; `Err` when that is no place at all.
    pub fn of(after: Option<&str>, before: Option<&str>) -> Result<Self, ()> {
        let cursor = |text: &str| text.parse().map(|OpaqueCursor(cursor)| cursor);
        match (after, before) {
            (Some(after), _) => cursor(after).map(Self::After),
            (None, Some(before)) => cursor(before).map(Self::Before),
            (None, None) => Ok(Self::Start),
        }
    }

    fn cut(self, filter: &PublicFilter) -> PublicFilter {
        let (after, before) = match self {
            Self::Start => (None, None),
            Self::After(cursor) => (Some(cursor), None),
            Self::Before(cursor) => (None, Some(cursor)),
        };
        // One more than asked for tells whether there is yet another page.
        PublicFilter { limit: filter.limit + 1, after, before, ..filter.clone() }
    }
}

/// From the address; what is no place is the start.
impl<S: Sync> FromRequestParts<S> for Place {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let value = |name: &str| {
            form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).map(|(_, v)| v)
        };
        Ok(Self::of(value("after").as_deref(), value("before").as_deref()).unwrap_or_default())
    }
}

impl Spread {
    /// The page of `filter.limit` videos at this place. What lies before the
    /// first page is the first page, and so is what lies behind the last one.
    pub async fn read(
        app: &AppState,
        filter: &PublicFilter,
        place: Place,
    ) -> Result<Self, Problem> {
        let spread = Self::at(app, filter, place).await?;
        let astray = match place {
            Place::Start => false,
            Place::After(_) => spread.videos.is_empty(),
            Place::Before(_) => spread.previous.is_none(),
        };
        if astray { Self::at(app, filter, Place::Start).await } else { Ok(spread) }
    }

    async fn at(app: &AppState, filter: &PublicFilter, place: Place) -> Result<Self, Problem> {
        let Page { items: mut videos, total } = app.published(&place.cut(filter)).await?;
        let more = videos.len() as u64 > filter.limit;
        if more {
            // On the way back the row too many comes first.
            let surplus = if let Place::Before(_) = place { 0 } else { videos.len() - 1 };
            videos.remove(surplus);
        }
        let first = videos.first().map(Cursor::from);
        let last = videos.last().map(Cursor::from);
        let (previous, next) = match place {
            Place::Start => (None, last.filter(|_| more)),
            Place::After(_) => (first, last.filter(|_| more)),
            Place::Before(_) => (first.filter(|_| more), last),
        };
        Ok(Self { videos, total, previous, next })
    }
}

/// The parameter that leads to the page after this place, or before it.
pub fn after(cursor: Cursor) -> (&'static str, String) {
    ("after", OpaqueCursor(cursor).to_string())
}

pub fn before(cursor: Cursor) -> (&'static str, String) {
    ("before", OpaqueCursor(cursor).to_string())
}
