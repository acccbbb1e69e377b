//! Votes: who cast them, and from where, under pseudonyms.

use anb_auth::Pseudonyms;
use anb_domain::vote_review::VoteKey;
use anb_store::{CastVote, Store, StoreError};
use serde_json::json;

use super::{PAGE, Row, moment};

pub const COLUMNS: [&str; 8] =
    ["video", "voter", "network", "device", "cast_at", "counts", "struck_at", "struck_reason"];

pub async fn page(
    store: &Store,
    last: &mut Option<VoteKey>,
    pseudonyms: &Pseudonyms,
) -> Result<Vec<Row>, StoreError> {
    let votes = store.votes_after(*last, PAGE).await?;
    *last = votes.last().map(|vote| (vote.video, vote.voter)).or(*last);
    Ok(votes.iter().map(|vote| row(vote, pseudonyms)).collect())
}

/// What is kept of networks and devices is hashed already; but that hash is the
/// same in every export.
fn row(vote: &CastVote, pseudonyms: &Pseudonyms) -> Row {
    let again = |hash: &Option<String>| hash.as_ref().map(|hash| pseudonyms.of(hash));
    vec![
        json!(vote.video),
        json!(pseudonyms.of(vote.voter.0)),
        json!(again(&vote.network)),
        json!(again(&vote.device)),
        moment(vote.cast_at),
        json!(vote.struck_at.is_none()),
        json!(vote.struck_at.map(moment)),
        json!(vote.struck_reason),
    ]
}
