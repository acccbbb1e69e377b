//! `GET /api/public/rankings`

use anb_domain::{contest::Standing, jury::Points};
use anb_store::{RankedPlayer, RankingFilter};
use axum::{Json, extract::State};
use serde::Serialize;
use thiserror::Error;
use utoipa::{IntoParams, ToSchema};

use crate::{
    extract::{ApiQuery, FromParameters, Parameters},
    problem::{Problem, answers},
    state::AppState,
};

const DEFAULT_PAGE_SIZE: u64 = 20;
const MAX_PAGE_SIZE: u64 = 100;
const MAX_PAGE: u64 = 10_000;

/// The parameters, as they are documented.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters")]
pub struct RankingParameters {
    /// Only players from this city, ranked among themselves.
    city: Option<String>,
    /// Only players from this country, ranked among themselves.
    country: Option<String>,
    /// Only videos of this category count: the id of one of the contest's.
    category: Option<String>,
    /// Counted from 1.
    #[param(minimum = 1, maximum = 10_000)]
    page: Option<u64>,
    /// Players per page; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    page_size: Option<u64>,
}

#[derive(Debug, Clone)]
pub struct RankingQuery {
    filter: RankingFilter,
    page: u64,
    page_size: u64,
}

impl FromParameters for RankingQuery {
    fn from_parameters(parameters: &mut Parameters) -> Self {
        Self {
            filter: RankingFilter {
                city: parameters.text("city"),
                country: parameters.text("country"),
                category: parameters.text("category"),
            },
            page: parameters.number("page", 1..=MAX_PAGE).unwrap_or(1),
            page_size: parameters
                .number("page_size", 1..=MAX_PAGE_SIZE)
                .unwrap_or(DEFAULT_PAGE_SIZE),
        }
    }
}

/// A page of the ranking.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names are the contract's")]
pub struct Rankings {
    rankings: Vec<Rank>,
    /// What the figures are worth: `live` while votes change them,
    /// `provisional` once voting is over, `final` once the results are
    /// published.
    #[schema(value_type = String, example = "live")]
    standing: Standing,
    /// Players on all pages.
    #[schema(example = 42)]
    total: u64,
    #[schema(example = 1)]
    page: u64,
    #[schema(example = 20)]
    page_size: u64,
    #[schema(example = 3)]
    total_pages: u64,
}

/// A player's place.
#[derive(Serialize, ToSchema)]
pub struct Rank {
    /// Equal votes share a position: 1, 1, 3. Where a jury counts, equal final
    /// scores do.
    #[schema(example = 1)]
    pub position: u64,
    /// The same among the players of the same city and country.
    #[schema(example = 1)]
    pub city_position: u64,
    /// Whether the player is above the line behind which nobody of their city
    /// goes to the tournament; `false` where the contest draws none. Absent
    /// within a category: the line is drawn over all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = true)]
    pub advances: Option<bool>,
    #[schema(example = "Ana Ruiz")]
    pub username: String,
    #[schema(example = "Bogotá")]
    pub city: String,
    #[schema(example = "Colombia")]
    pub country: String,
    /// Of all the player's published videos.
    #[schema(example = 31)]
    pub votes: u64,
    /// What the jury gives the player's best video, 0 to 10. Absent until the
    /// results are published, where no jury counts, and where none has scored
    /// the player.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, example = 8.25)]
    pub jury_score: Option<Points>,
    /// Votes and jury together, 0 to 10, measured by the most votes among those
    /// who are ranked here: what positions follow. Absent until the results are
    /// published, and where no jury counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, example = 7.91)]
    pub final_score: Option<Points>,
}

impl Rank {
    /// Where the first `cut` of each city go through, if that can be said.
    #[must_use]
    pub fn new(player: RankedPlayer, cut: Option<u32>) -> Self {
        Self {
            position: player.position,
            city_position: player.city_position,
            advances: cut.map(|cut| player.city_position <= u64::from(cut)),
            username: player.username,
            city: player.city,
            country: player.country,
            votes: player.votes,
            jury_score: player.score.and_then(|score| score.jury),
            final_score: player.score.map(|score| score.total),
        }
    }
}

#[derive(Debug, Error)]
pub enum RankingError {
    #[error("the ranking cannot be read")]
    Read(Problem),
}

impl From<Problem> for RankingError {
    fn from(problem: Problem) -> Self {
        Self::Read(problem)
    }
}

impl From<RankingError> for Problem {
    fn from(RankingError::Read(problem): RankingError) -> Self {
        problem
    }
}

answers!(RankingError: InvalidQuery, Internal);

/// Ranks the players with published videos by their votes; once the results
/// are published, by votes and jury together where a jury counts.
#[utoipa::path(
    get, path = "/api/public/rankings", tag = "public", operation_id = "rankings",
    params(RankingParameters),
    responses((status = OK, description = "A page of the ranking", body = Rankings), RankingError),
)]
pub async fn rankings(
    State(app): State<AppState>,
    ApiQuery(query): ApiQuery<RankingQuery>,
) -> Result<Json<Rankings>, RankingError> {
    let RankingQuery { filter, page, page_size } = query;
    let found = app.ranks(&filter, page, page_size).await?;
    let contest = app.contest.now();
    let cut = filter.category.is_none().then_some(contest.cut_per_city);
    Ok(Json(Rankings {
        rankings: found.items.into_iter().map(|player| Rank::new(player, cut)).collect(),
        standing: contest.contest().standing(app.now()),
        total: found.total,
        page,
        page_size,
        total_pages: found.total.div_ceil(page_size),
    }))
}
