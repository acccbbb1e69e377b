//! What is published, who leads and who waits, as pages show it: whatever takes long to
//! compute is a few seconds old at most ([`Recent`]).

use std::sync::Arc;

use anb_domain::{Standing, VideoId, VideoStatus, jury::JuryWeight};
use anb_store::{
    Page, PlaceCount, Player, PlayerStanding, PublicFilter, PublicVideo, RankedPlayer,
    RankingFilter, StoreError, Video,
};

use crate::{problem::Problem, recent::Recent, state::AppState};

pub struct Catalogue {
    totals: Recent<PublicFilter, u64>,
    places: Recent<(), Arc<[PlaceCount]>>,
    rankings: Recent<RankingPage, Arc<Ranking>>,
    finals: Recent<(JuryWeight, RankingFilter), Option<Arc<[RankedPlayer]>>>,
    lines: Recent<VideoId, u64>,
}

/// Which part of the ranking.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RankingPage {
    pub filter: RankingFilter,
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
            finals: Recent::new(),
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
            category: filter.category.clone(),
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
        if let Some(all) = self.final_ranking(&page.filter).await? {
            return Ok(Arc::new(Ranking::cut_out(&all, page)));
        }
        let load = async { Ok(Arc::new(load(self, page).await?)) };
        let ranking = self.catalogue.rankings.get(self.now(), page.clone(), load).await;
        ranking.map_err(Problem::internal)
    }

    /// A page of the ranking as it is now, and how many players there are on
    /// all pages.
    pub async fn ranks(
        &self,
        filter: &RankingFilter,
        page: u64,
        page_size: u64,
    ) -> Result<Page<RankedPlayer>, Problem> {
        if let Some(all) = self.final_ranking(filter).await? {
            let page = RankingPage { filter: filter.clone(), page, page_size };
            let Ranking { players, total, .. } = Ranking::cut_out(&all, &page);
            return Ok(Page { items: players, total });
        }
        self.store.rankings(filter, page, page_size).await.map_err(Problem::internal)
    }

    /// Where a player stands; `None` without a published video.
    pub async fn standing_of(&self, player: &Player) -> Result<Option<PlayerStanding>, Problem> {
        let in_country = RankingFilter::from_place(None, Some(&player.country));
        let Some(compatriots) = self.final_ranking(&in_country).await? else {
            return self.store.standing_of(player.id).await.map_err(Problem::internal);
        };
        let in_city = RankingFilter { city: Some(player.city.clone()), ..in_country };
        let neighbours = self.final_ranking(&in_city).await?.unwrap_or_default();
        let among = |all: &[RankedPlayer]| all.iter().find(|one| one.player == player.id).cloned();
        let (Some(here), Some(home)) = (among(&compatriots), among(&neighbours)) else {
            return Ok(None);
        };
        Ok(Some(PlayerStanding {
            city_position: home.position,
            country_position: here.position,
            votes: home.votes,
            score: home.score,
        }))
    }

    /// All players of a filter by votes and jury together; `None` where, or as
    /// long as, votes alone count: nothing of the jury shows before the
    /// results are published.
    async fn final_ranking(
        &self,
        filter: &RankingFilter,
    ) -> Result<Option<Arc<[RankedPlayer]>>, Problem> {
        let contest = self.contest.now();
        let weight = contest.jury.weight();
        if !weight.counts() || contest.contest().standing(self.now()) != Standing::Final {
            return Ok(None);
        }
        let load = async {
            let ranking = self.store.final_ranking(filter, weight).await?;
            Ok(ranking.map(Into::into))
        };
        let ranking = self.catalogue.finals.get(self.now(), (weight, filter.clone()), load).await;
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

impl Ranking {
    fn cut_out(all: &[RankedPlayer], page: &RankingPage) -> Self {
        let size = usize::try_from(page.page_size).unwrap_or(usize::MAX);
        let skip = usize::try_from(page.page.saturating_sub(1)).unwrap_or(usize::MAX);
        let begin = skip.saturating_mul(size).min(all.len());
        let end = begin.saturating_add(size).min(all.len());
        Self {
            before: begin.checked_sub(1).map(|at| all[at].clone()),
            players: all[begin..end].to_vec(),
            after: all.get(end).cloned(),
            total: all.len() as u64,
        }
    }
}

/// Reads one player more on either side of the page.
async fn load(app: &AppState, page: &RankingPage) -> Result<Ranking, StoreError> {
    let RankingPage { filter, page, page_size } = page;
    let skip = page.saturating_sub(1).saturating_mul(*page_size);
    let around = u64::from(skip > 0);
    let limit = page_size.saturating_add(1 + around);
    let mut players = app.store.ranked(filter, skip - around, limit).await?;
    let total = app.store.ranked_total(filter).await?;

    let full = players.len() as u64 == limit;
    let after = if full { players.pop() } else { None };
    let before = (around > 0 && !players.is_empty()).then(|| players.remove(0));
    Ok(Ranking { before, players, after, total })
}
