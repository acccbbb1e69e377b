//! The table of a ranking, line by line.

use anb_domain::{
    PlayerId,
    contest::{Contest, Standing},
    jury::FinalScore,
};
use anb_store::RankedPlayer;
use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::address;
use crate::{catalogue::Ranking, site::frame::Frame};

#[derive(Template)]
#[template(path = "rankings_table.html")]
pub struct Table<'a> {
    pub frame: &'a Frame,
    pub standing: StandingView,
    /// What is said aloud when it changes.
    pub news: String,
    pub rows: Vec<Row>,
    /// Votes and jury are shown apart.
    pub with_jury: bool,
    /// Players on all pages.
    pub total: u64,
    pub place: Option<&'a str>,
    /// Not the first page.
    pub beyond: bool,
    pub first: String,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub pages: String,
}

/// What the figures are worth, in words.
pub struct StandingView {
    pub name: &'static str,
    /// Class of its badge.
    pub badge: &'static str,
    pub say: &'static str,
    pub about: &'static str,
    /// What is said of those who go through.
    pub through: &'static str,
}

#[expect(clippy::struct_excessive_bools, reason = "each marks the row in a way of its own")]
pub struct Row {
    pub player: Uuid,
    pub name: String,
    pub city: String,
    pub country: String,
    /// The ranking of their city, unless it is this one.
    pub home: Option<String>,
    pub position: u64,
    pub tied: bool,
    pub votes: u64,
    /// Where a jury counts: what it gives, and what both come to.
    pub score: Option<FinalScore>,
    /// Hundredths of the leader's votes.
    pub share: u64,
    /// Whether they go through, told by a badge where no line can be drawn.
    pub through: bool,
    pub cut_below: bool,
    pub own: bool,
}

/// What lines are compared with.
pub struct Context {
    pub viewer: Option<PlayerId>,
    pub leader_votes: u64,
    pub cut: u64,
    /// All of them are of the same city.
    pub one_city: bool,
    /// Ranked within a category: the line is drawn over all of them.
    pub one_category: bool,
}

impl StandingView {
    #[must_use]
    pub fn of(contest: &Contest, now: DateTime<Utc>) -> Self {
        let standing = contest.standing(now);
        let open = contest.voting.is_open(now);
        let (badge, say, about) = match standing {
            Standing::Live if !open => ("pending", "rankings-waiting", "rankings-waiting-about"),
            Standing::Live => ("processing", "rankings-live", "rankings-live-about"),
            Standing::Provisional => {
                ("pending", "rankings-provisional", "rankings-provisional-about")
            }
            Standing::Final => ("completed", "rankings-final", "rankings-final-about"),
        };
        let through = match standing {
            Standing::Final => "rankings-through-final",
            _ => "rankings-through",
        };
        Self { name: standing.as_str(), badge, say, about, through }
    }
}

impl Row {
    pub fn all(ranking: &Ranking, context: &Context) -> Vec<Self> {
        let Ranking { before, players, after, .. } = ranking;
        let behind = players.iter().skip(1).chain(after).map(Some).chain([None]);
        let ahead = [before.as_ref()].into_iter().chain(players.iter().map(Some));
        let lines = players.iter().zip(ahead).zip(behind);
        lines.map(|((player, ahead), behind)| Self::new(player, ahead, behind, context)).collect()
    }

    fn new(
        player: &RankedPlayer,
        ahead: Option<&RankedPlayer>,
        behind: Option<&RankedPlayer>,
        context: &Context,
    ) -> Self {
        let (city, country) = (player.city.clone(), player.country.clone());
        let home = address("/rankings", Some(&city), Some(&country), 1);
        let through = context.goes_through(player);
        let last = behind.is_some_and(|behind| !context.goes_through(behind));
        Self {
            player: player.player.0,
            name: player.username.clone(),
            home: (!context.one_city).then_some(home),
            city,
            country,
            position: player.position,
            tied: [ahead, behind]
                .into_iter()
                .flatten()
                .any(|other| other.position == player.position),
            votes: player.votes,
            score: player.score,
            share: (player.votes * 100).checked_div(context.leader_votes).unwrap_or(0),
            through: through && !context.one_city,
            cut_below: through && last && context.one_city,
            own: context.viewer == Some(player.player),
        }
    }

    /// The message that says the position aloud.
    #[must_use]
    pub fn spoken(&self) -> &'static str {
        if self.tied { "rankings-spoken-tied" } else { "rankings-spoken" }
    }
}

impl Context {
    /// Whoever shares the last position that does goes through as well.
    fn goes_through(&self, player: &RankedPlayer) -> bool {
        !self.one_category && player.city_position <= self.cut
    }
}

/// Who leads, in a sentence; nothing as long as there are no votes, or where
/// votes alone do not decide.
pub fn news(frame: &Frame, top: &Ranking) -> String {
    if top.players.first().is_some_and(|first| first.score.is_some()) {
        return String::new();
    }
    let Some(first) = top.players.first().filter(|first| first.votes > 0) else {
        return String::new();
    };
    let votes = frame.counted("votes", first.votes);
    let leaders = top.players.iter().filter(|player| player.position == 1).count();
    if leaders == 1 {
        let leader = &first.username;
        return frame.with_all("rankings-news-leader", &[("player", leader), ("votes", &votes)]);
    }
    let figure = frame.figure(leaders as u64);
    frame.with_all("rankings-news-tied", &[("figure", &figure), ("votes", &votes)])
}

#[cfg(test)]
mod tests {
    use super::*;

    const CITY: Context =
        Context { viewer: None, leader_votes: 8, cut: 2, one_city: true, one_category: false };

    fn player(number: u128, position: u64, votes: u64) -> RankedPlayer {
        RankedPlayer {
            position,
            city_position: position,
            player: PlayerId(Uuid::from_u128(number)),
            username: format!("Ana {number}"),
            city: "Bogotá".into(),
            country: "Colombia".into(),
            votes,
            score: None,
        }
    }

    fn ranking(players: &[(u64, u64)]) -> Ranking {
        let players =
            (0..).zip(players).map(|(at, (position, votes))| player(at, *position, *votes));
        Ranking { before: None, players: players.collect(), after: None, total: 9 }
    }

    fn lines(rows: &[Row]) -> Vec<(u64, bool, bool)> {
        rows.iter().map(|row| (row.position, row.tied, row.cut_below)).collect()
    }

    #[test]
    fn whoever_ties_at_the_line_goes_through() {
        let rows = Row::all(&ranking(&[(1, 8), (2, 5), (2, 5), (4, 1)]), &CITY);
        assert_eq!(
            lines(&rows),
            [(1, false, false), (2, true, false), (2, true, true), (4, false, false)]
        );
        assert_eq!(rows.iter().map(|row| row.share).collect::<Vec<_>>(), [100, 62, 62, 12]);
    }

    #[test]
    fn ties_and_the_line_are_seen_across_pages() {
        let page = Ranking {
            before: Some(player(7, 2, 5)),
            after: Some(player(8, 3, 4)),
            ..ranking(&[(2, 5)])
        };
        assert_eq!(lines(&Row::all(&page, &CITY)), [(2, true, true)]);
    }

    #[test]
    fn no_line_is_drawn_where_nobody_stays_behind() {
        for (cut, positions) in [(2, &[(1, 8), (2, 5)][..]), (0, &[(1, 8), (2, 5)])] {
            let rows = Row::all(&ranking(positions), &Context { cut, ..CITY });
            assert!(rows.iter().all(|row| !row.cut_below), "{cut}");
        }
    }

    #[test]
    fn among_many_cities_a_badge_tells_who_goes_through() {
        let rows = Row::all(&ranking(&[(1, 8), (3, 5)]), &Context { one_city: false, ..CITY });
        let told: Vec<_> = rows.iter().map(|row| (row.through, row.cut_below)).collect();
        assert_eq!(told, [(true, false), (false, false)]);
    }

    #[test]
    fn without_votes_every_bar_is_empty() {
        let rows = Row::all(&ranking(&[(1, 0), (1, 0)]), &Context { leader_votes: 0, ..CITY });
        assert!(rows.iter().all(|row| row.share == 0 && row.tied));
    }
}
