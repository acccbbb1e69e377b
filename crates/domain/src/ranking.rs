//! From votes to positions.

/// Standard competition ranking ("1224"): equal votes share a position, and
/// the next one is as far down as there are players before it.
///
/// `above` is the number of players with strictly more votes.
#[must_use]
pub fn position(above: u64) -> u64 {
    above + 1
}

/// The positions of vote counts sorted from most to least.
pub fn positions(votes: impl IntoIterator<Item = u64>) -> impl Iterator<Item = u64> {
    let mut shared: Option<(u64, u64)> = None;
    votes.into_iter().enumerate().map(move |(index, count)| match shared {
        Some((previous, place)) if previous == count => place,
        _ => {
            let place = position(index as u64);
            shared = Some((count, place));
            place
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_votes_share_a_position() {
        assert_eq!(positions([9, 9, 4, 4, 4, 0]).collect::<Vec<_>>(), [1, 1, 3, 3, 3, 6]);
        assert_eq!(positions([]).count(), 0);
    }
}
