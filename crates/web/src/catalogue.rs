//! What is published, who leads and who waits, as pages show it: whatever takes long to
//! compute is a few seconds old at most ([`Recent`]).

use std::sync::Arc;

use anb_domain::{VideoId, VideoStatus};
use anb_store::{Page, PlaceCount, PublicFilter, PublicVideo, RankedPlayer, StoreError, Video};

use crate::{problem::Problem, recent::Recent, state::AppState};

pub struct Catalogue {
    totals: Recent<PublicFilter, u64>,
    places: Recent<(), Arc<[PlaceCount]>>,
    rankings: Recent<RankingPage, Arc<Ranking>>,
    lines: Recent<VideoId, u64>,
}

/// Which part of the ranking.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RankingPage {
    pub city: Option<String>,
    pub country: Option<String>,
    /// Counted from 1.
    pub page: u64,
    pub page_size: u64,
}

/// A page of the ranking, and what lies around it.
#[derive(Debug)]
pub struct Ranking {
    /// The last player of the page before.
    pub before: Option<RankedPlayer>,
    pub players: Vec<RankedPlayer>,
    /// The first player of the page after.
    pub after: Option<RankedPlayer>,
    /// Players on all pages.
    pub total: u64,
}

impl Default for Catalogue {
    fn default() -> Self {
        Self {
            totals: Recent::new(),
            places: Recent::new(),
            rankings: Recent::new(),
            lines: Recent::new(),
        }
    }
}

impl AppState {
    /// A page of published videos as they are now, and how many there are on
    /// all pages.
    pub async fn published(&self, filter: &PublicFilter) -> Result<Page<PublicVideo>, Problem> {
        let items = self.store.public_page(filter).await.map_err(Problem::internal)?;
        // A first page that is not full needs no counting.
        let begins = filter.after.is_none() && filter.before.is_none() && filter.skip == 0;
        let seen = items.len() as u64;
        if begins && seen < filter.limit {
            return Ok(Page { items, total: seen });
        }
        let all = PublicFilter {
            city: filter.city.clone(),
            country: filter.country.clone(),
            q: filter.q.clone(),
            player: filter.player,
            ..PublicFilter::default()
        };
        let count = self.store.public_total(filter);
        let total = self.catalogue.totals.get(self.now(), all, count).await;
        Ok(Page { items, total: total.map_err(Problem::internal)?.max(seen) })
    }

    /// The cities with published videos, by country and city.
    pub async fn places(&self) -> Result<Arc<[PlaceCount]>, Problem> {
        let load = async { Ok(self.store.places().await?.into()) };
        self.catalogue.places.get(self.now(), (), load).await.map_err(Problem::internal)
    }

    pub async fn ranking(&self, page: &RankingPage) -> Result<Arc<Ranking>, Problem> {
        let load = async { Ok(Arc::new(load(self, page).await?)) };
        let ranking = self.catalogue.rankings.get(self.now(), page.clone(), load).await;
        ranking.map_err(Problem::internal)
    }

    /// Which place a video has in the line for a worker, from 1 on; `None` for
    /// one that does not wait. Somebody else's retry may come first, so this is
    /// what to expect and not what is promised; nor is it worth failing for, if
    /// the database does not say.
    pub async fn place_in_line(&self, video: &Video) -> Option<u64> {
        if video.status != VideoStatus::Pending {
            return None;
        }
        let ahead = self.store.ahead_of(video);
        let ahead = self.catalogue.lines.get(self.now(), video.id, ahead).await.ok()?;
        Some(ahead + 1)
    }
}

/// Reads one player more on either side of the page.
async fn load(app: &AppState, page: &RankingPage) -> Result<Ranking, StoreError> {
    let RankingPage { city, country, page, page_size } = page;
    let (city, country) = (city.as_deref(), country.as_deref());
    let skip = page.saturating_sub(1).saturating_mul(*page_size);
    let around = u64::from(skip > 0);
    let limit = page_size.saturating_add(1 + around);
    let mut players = app.store.ranked(city, country, skip - around, limit).await?;
    let total = app.store.ranked_total(city, country).await?;

    let full = players.len() as u64 == limit;
    let after = if full { players.pop() } else { None };
    let before = (around > 0 && !players.is_empty()).then(|| players.remove(0));
    Ok(Ranking { before, players, after, total })
}
