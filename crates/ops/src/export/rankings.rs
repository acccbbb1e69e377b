//! The ranking: votes, jury and what both come to, each apart.

use anb_store::RankedPlayer;
use serde_json::json;

use super::{PAGE, Row};

pub const COLUMNS: [&str; 10] = [
    "position",
    "city_position",
    "player",
    "name",
    "city",
    "country",
    "votes",
    // Empty where no jury counts.
    "vote_points",
    "jury_points",
    "final_points",
];

pub fn page(players: &mut std::vec::IntoIter<RankedPlayer>) -> Vec<Row> {
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    players.by_ref().take(page).map(|player| row(&player)).collect()
}

fn row(player: &RankedPlayer) -> Row {
    vec![
        json!(player.position),
        json!(player.city_position),
        json!(player.player),
        json!(&player.username),
        json!(&player.city),
        json!(&player.country),
        json!(player.votes),
        json!(player.score.map(|score| score.votes)),
        json!(player.score.and_then(|score| score.jury)),
        json!(player.score.map(|score| score.total)),
    ]
}
