//! Jury and votes together.

use super::Points;

/// How much the jury counts beside the votes, in whole percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct JuryWeight(u8);

impl JuryWeight {
    /// Votes alone.
    pub const NONE: Self = Self(0);

    /// From a fraction between 0 and 1 in steps of 0.01.
    #[must_use]
    pub fn from_fraction(fraction: f64) -> Option<Self> {
        let is = |percent: &u8| (f64::from(*percent) - fraction * 100.0).abs() < 1e-9;
        (0..=100).find(is).map(Self)
    }

    #[must_use]
    pub fn percent(self) -> u8 {
        self.0
    }

    #[must_use]
    pub fn counts(self) -> bool {
        self.0 > 0
    }
}

/// Somebody to be ranked among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contestant {
    pub votes: u64,
    /// `None`: no jury has scored them, which counts as no points.
    pub jury: Option<Points>,
}

/// What jury and votes come to together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FinalScore {
    pub jury: Option<Points>,
    /// Votes as points: the share of the most votes in the group.
    pub votes: Points,
    /// Both, weighted.
    pub total: Points,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Equal scores share a position (1, 1, 3).
    pub position: u64,
    pub score: FinalScore,
}

/// The places of a group, in the order in which its contestants are given.
///
/// The most votes in the group are worth ten points, and all others their
/// share of them. Positions compare exact scores: rounding is for the eye, and
/// makes no tie.
#[must_use]
pub fn places(group: &[Contestant], weight: JuryWeight) -> Vec<Place> {
    let scale = Scale { weight, top: group.iter().map(|one| one.votes).max().unwrap_or(0) };
    let exact: Vec<_> = group.iter().map(|one| scale.exact(one)).collect();
    let mut sorted = exact.clone();
    sorted.sort_unstable();
    let better = |score: &u128| sorted.len() - sorted.partition_point(|other| other <= score);
    let place = |(one, score): (&Contestant, &u128)| Place {
        position: 1 + better(score) as u64,
        score: scale.score(one, *score),
    };
    group.iter().zip(&exact).map(place).collect()
}

/// What the scores of a group are measured by.
struct Scale {
    weight: JuryWeight,
    /// The most votes.
    top: u64,
}

impl Scale {
    /// In parts of [`Scale::whole`]. Where nobody has votes, nobody gets points
    /// for them.
    fn exact(&self, one: &Contestant) -> u128 {
        let (percent, top) = (u128::from(self.weight.0), u128::from(self.top.max(1)));
        let jury = u128::from(one.jury.unwrap_or_default().hundredths());
        let votes = u128::from(Points::MOST) * u128::from(one.votes);
        percent * jury * top + (100 - percent) * votes
    }

    fn whole(&self) -> u128 {
        100 * u128::from(Points::MOST) * u128::from(self.top.max(1))
    }

    fn score(&self, one: &Contestant, exact: u128) -> FinalScore {
        FinalScore {
            jury: one.jury,
            votes: Points::share(one.votes.into(), self.top.into()),
            total: Points::share(exact, self.whole()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(percent: u8) -> JuryWeight {
        JuryWeight::from_fraction(f64::from(percent) / 100.0).unwrap()
    }

    fn one(votes: u64, jury: Option<u128>) -> Contestant {
        Contestant { votes, jury: jury.map(|hundredths| Points::share(hundredths, 1000)) }
    }

    fn told(group: &[Contestant], percent: u8) -> Vec<(u64, String)> {
        let places = places(group, weight(percent));
        places.iter().map(|place| (place.position, place.score.total.to_string())).collect()
    }

    fn told_as(expected: &[(u64, &str)]) -> Vec<(u64, String)> {
        expected.iter().map(|(position, score)| (*position, (*score).to_owned())).collect()
    }

    /// Groups of all kinds, the same at every run.
    fn groups() -> impl Iterator<Item = Vec<Contestant>> {
        let mut state = 7_u64;
        let mut next = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        (0..300).map(move |_| {
            let size = next(12);
            let most = [1, 3, 50, 1_000_000][usize::try_from(next(4)).unwrap()];
            let mut contestant =
                |_| one(next(most), (next(4) > 0).then(|| u128::from(next(11) * 100)));
            (0..size).map(&mut contestant).collect()
        })
    }

    #[test]
    fn jury_and_votes_are_weighted() {
        let group = [one(40, Some(600)), one(10, Some(1000)), one(20, None)];
        assert_eq!(told(&group, 60), told_as(&[(1, "7.60"), (2, "7.00"), (3, "2.00")]));
        assert_eq!(told(&group, 100), told_as(&[(2, "6.00"), (1, "10.00"), (3, "0.00")]));
        assert_eq!(told(&group, 0), told_as(&[(1, "10.00"), (3, "2.50"), (2, "5.00")]));
    }

    #[test]
    fn whoever_is_equal_shares_a_place() {
        let group = [one(5, Some(800)), one(5, Some(800)), one(1, Some(100)), one(1, Some(100))];
        let positions: Vec<_> = places(&group, weight(50)).iter().map(|p| p.position).collect();
        assert_eq!(positions, [1, 1, 3, 3]);
    }

    #[test]
    fn a_difference_too_small_to_be_shown_is_no_tie() {
        let group = [one(100_000, Some(500)), one(99_999, Some(500))];
        assert_eq!(told(&group, 50), told_as(&[(1, "7.50"), (2, "7.50")]));
    }

    #[test]
    fn without_votes_the_jury_decides_and_a_lone_contestant_has_all_votes() {
        assert_eq!(
            told(&[one(0, Some(500)), one(0, None)], 40),
            told_as(&[(1, "2.00"), (2, "0.00")])
        );
        assert_eq!(told(&[one(1, Some(500))], 40), told_as(&[(1, "8.00")]));
        assert_eq!(told(&[], 40), told_as(&[]));
    }

    #[test]
    fn votes_alone_rank_as_they_always_have() {
        for group in groups() {
            for (place, one) in places(&group, JuryWeight::NONE).iter().zip(&group) {
                let better = group.iter().filter(|other| other.votes > one.votes).count();
                assert_eq!(place.position, 1 + better as u64);
            }
        }
    }

    #[test]
    fn more_of_either_never_costs_a_place() {
        for group in groups().filter(|group| !group.is_empty()) {
            for percent in [1, 50, 99] {
                let before = places(&group, weight(percent));
                let best = one(group[0].votes, Some(1000));
                let votes = Contestant { votes: group[0].votes + 1, ..group[0] };
                for improved in [best, votes] {
                    let mut after = group.clone();
                    after[0] = improved;
                    let after = places(&after, weight(percent));
                    assert!(after[0].position <= before[0].position, "{group:?} {percent}");
                }
            }
        }
    }

    #[test]
    fn scores_stay_on_the_scale_and_follow_the_positions() {
        for group in groups() {
            for percent in [0, 1, 30, 100] {
                let mut places = places(&group, weight(percent));
                places.sort_by_key(|place| place.position);
                assert!(places.iter().rev().map(|place| place.score.total).is_sorted());
                assert!(places.iter().all(|place| place.score.total.hundredths() <= 1000));
                assert!(places.first().is_none_or(|first| first.position == 1));
            }
        }
    }

    #[test]
    fn weights_are_whole_percents() {
        assert_eq!(JuryWeight::from_fraction(0.29).map(JuryWeight::percent), Some(29));
        assert_eq!(JuryWeight::from_fraction(0.0), Some(JuryWeight::NONE));
        for wrong in [-0.01, 1.01, 0.335, f64::NAN] {
            assert_eq!(JuryWeight::from_fraction(wrong), None, "{wrong}");
        }
    }
}
