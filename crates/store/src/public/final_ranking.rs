//! The ranking in which a jury counts beside the votes.

use std::collections::HashMap;

use anb_domain::jury::{Contestant, JuryWeight, Place, places};

use super::{RankedPlayer, RankingFilter};
use crate::{Store, StoreError, key::key};

impl Store {
    /// Every player of the filter, the best first, votes and jury together;
    /// `None` as long as no closed panel has scored any of them: then votes
    /// alone decide.
    ///
    /// Within a city, votes are measured by the most votes of that city,
    /// whatever the filter: a place in the tournament is not won or lost by
    /// what somebody looks at.
    pub async fn final_ranking(
        &self,
        filter: &RankingFilter,
        weight: JuryWeight,
    ) -> Result<Option<Vec<RankedPlayer>>, StoreError> {
        let jury = self.jury_scores(filter.videos()).await?;
        if !weight.counts() || jury.is_empty() {
            return Ok(None);
        }
        let mut players = self.ranked(filter, 0, u64::MAX).await?;
        let contestant =
            |one: &RankedPlayer| Contestant { votes: one.votes, jury: jury.of(one.player) };
        let group: Vec<_> = players.iter().map(contestant).collect();
        let mut cities = HashMap::<_, Vec<usize>>::new();
        for (at, player) in players.iter().enumerate() {
            cities.entry((key(&player.country), key(&player.city))).or_default().push(at);
        }
        for (player, place) in players.iter_mut().zip(places(&group, weight)) {
            player.position = place.position;
            player.score = Some(place.score);
        }
        for members in cities.into_values() {
            let city: Vec<_> = members.iter().map(|at| group[*at]).collect();
            for (at, Place { position, .. }) in members.into_iter().zip(places(&city, weight)) {
                players[at].city_position = position;
            }
        }
        players
            .sort_by_cached_key(|player| (player.position, key(&player.username), player.player));
        Ok(Some(players))
    }
}
