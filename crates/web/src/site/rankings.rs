//! `/rankings`: who leads, by country and by city, and who goes through to the
//! tournament. `/rankings/table` is its table alone: an open page asks for it
//! again and again, and is told when nothing has changed.

mod table;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use anb_config::Category;
use anb_store::{PlaceCount, RankingFilter};
use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode, header};
use url::form_urlencoded;

use super::{
    filters::{Choice, Country, Filters},
    frame::{Frame, page},
};
use crate::{Application, Routes, catalogue::RankingPage, problem::Problem, state::AppState};
use table::{Context, Row, StandingView, Table, news};

const PAGE_SIZE: u64 = 50;
/// Further than anybody turns over.
const MAX_PAGE: u64 = 10_000;

pub fn routes() -> Routes {
    Routes::new(Application::Public).get("/rankings", show).get("/rankings/table", table)
}

#[derive(Template)]
#[template(path = "rankings.html")]
struct RankingsPage<'a> {
    frame: &'a Frame,
    countries: Vec<Country>,
    categories: Vec<Choice>,
    my_city: Option<String>,
    cut: u32,
    /// Where the table alone is to be had, and which one this is.
    source: String,
    tag: String,
    table: String,
}

async fn show(
    State(app): State<AppState>,
    frame: Frame,
    filters: Filters,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let places = app.places().await?;
    let wanted = Wanted::new(filters, query.as_deref(), &places, &app.categories());
    let table = wanted.table(&app, &frame).await?;
    let template = RankingsPage {
        countries: wanted.filters.choices(&places),
        categories: wanted.filters.categories(&app.categories(), frame.language),
        my_city: frame
            .viewer
            .as_ref()
            .map(|viewer| address("/rankings", Some(&viewer.city), Some(&viewer.country), 1)),
        cut: app.contest.now().cut_per_city,
        source: wanted.address("/rankings/table", wanted.page),
        tag: tag(&table),
        table,
        frame: &frame,
    };
    page(&frame, &template)
}

async fn table(
    State(app): State<AppState>,
    frame: Frame,
    filters: Filters,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wanted = Wanted::new(filters, query.as_deref(), &app.places().await?, &app.categories());
    let table = wanted.table(&app, &frame).await?;
    let tag = tag(&table);
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str());
    let headers = [
        (header::ETAG, tag.as_str()),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::VARY, "Accept-Language, Cookie"),
        (header::CONTENT_LANGUAGE, frame.language.tag()),
    ];
    Ok(if known {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, Html(table)).into_response()
    })
}

/// Weak, since the same table may be sent compressed in more than one way.
fn tag(table: &str) -> String {
    let mut hasher = DefaultHasher::new();
    table.hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

/// The part of the ranking that an address names.
struct Wanted {
    filters: Filters,
    page: u64,
    /// As its players spell it.
    place: Option<String>,
    /// Whether it is the ranking of a single city: there the line can be drawn.
    one_city: bool,
}

impl Wanted {
    fn new(
        filters: Filters,
        query: Option<&str>,
        places: &[PlaceCount],
        categories: &[Category],
    ) -> Self {
        let filters = filters.settled(places, categories);
        let (city, country) = (filters.city.as_deref(), filters.country.as_deref());
        let mut found = places.iter().filter(|place| place.is(city, country));
        let first = found.next();
        let spelled = |typed: Option<&str>, usual: Option<&String>| {
            typed.map(|typed| usual.cloned().unwrap_or_else(|| typed.to_owned()))
        };
        let names = [
            spelled(city, first.map(|at| &at.city)),
            spelled(country, first.map(|at| &at.country)),
        ];
        let place = names.into_iter().flatten().collect::<Vec<_>>().join(", ");
        Self {
            one_city: city.is_some() && found.next().is_none(),
            place: (!place.is_empty()).then_some(place),
            page: page_number(query.unwrap_or_default()),
            filters,
        }
    }

    fn part(&self, page: u64) -> RankingPage {
        let Filters { city, country, category, .. } = self.filters.clone();
        RankingPage {
            filter: RankingFilter { city, country, category },
            page,
            page_size: PAGE_SIZE,
        }
    }

    fn address(&self, path: &str, page: u64) -> String {
        let Filters { city, country, category, .. } = &self.filters;
        let address = address(path, city.as_deref(), country.as_deref(), page);
        let Some(category) = category else { return address };
        let joint = if address.contains('?') { '&' } else { '?' };
        format!("{address}{joint}category={category}")
    }

    async fn table(&self, app: &AppState, frame: &Frame) -> Result<String, Problem> {
        let ranking = app.ranking(&self.part(self.page)).await?;
        let top = app.ranking(&self.part(1)).await?;
        let context = Context {
            viewer: frame.viewer.as_ref().map(|viewer| viewer.id),
            leader_votes: top.players.iter().map(|player| player.votes).max().unwrap_or(0),
            cut: app.contest.now().cut_per_city.into(),
            one_city: self.one_city,
            one_category: self.filters.category.is_some(),
        };
        let table = Table {
            frame,
            standing: StandingView::of(&app.contest.now().contest(), app.now()),
            news: news(frame, &top),
            rows: Row::all(&ranking, &context),
            with_jury: ranking.players.iter().any(|player| player.score.is_some()),
            total: ranking.total,
            place: self.place.as_deref(),
            beyond: self.page > 1,
            first: self.address("/rankings", 1),
            previous: (self.page > 1).then(|| self.address("/rankings", self.page - 1)),
            next: ranking.after.is_some().then(|| self.address("/rankings", self.page + 1)),
            pages: frame.with_all(
                "rankings-page",
                &[
                    ("page", &frame.figure(self.page)),
                    ("pages", &frame.figure(ranking.total.div_ceil(PAGE_SIZE))),
                ],
            ),
        };
        table.render().map_err(Problem::internal)
    }
}

fn page_number(query: &str) -> u64 {
    let page = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "page");
    page.and_then(|(_, number)| number.parse().ok()).unwrap_or(1).clamp(1, MAX_PAGE)
}

fn address(path: &str, city: Option<&str>, country: Option<&str>, page: u64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("country", country), ("city", city)] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
