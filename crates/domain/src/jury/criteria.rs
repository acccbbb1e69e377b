//! What a panel looks at, and how much each thing counts.

use thiserror::Error;

use super::{Mark, Total};
use crate::text::CriterionName;

/// One thing that is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    pub name: CriterionName,
    /// Whole percent of the score.
    pub weight: u8,
}

/// One to [`Criteria::MOST`] criteria whose weights add up to 100 %.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criteria(Vec<Criterion>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidCriteria {
    #[error("there must be at least one criterion")]
    None,
    #[error("there must not be more than {} criteria", Criteria::MOST)]
    TooMany,
    #[error("two criteria have the same name")]
    SameName,
    #[error("every weight must be between 1 and 100 percent")]
    Weight,
    #[error("the weights must add up to 100 percent, but add up to {0}")]
    Sum(u32),
}

impl Criteria {
    /// More than anybody marks with care.
    pub const MOST: usize = 10;

    pub fn new(criteria: Vec<Criterion>) -> Result<Self, InvalidCriteria> {
        if criteria.is_empty() {
            return Err(InvalidCriteria::None);
        }
        if criteria.len() > Self::MOST {
            return Err(InvalidCriteria::TooMany);
        }
        let named = |one: &Criterion, other: &Criterion| {
            one.name.as_str().to_lowercase() == other.name.as_str().to_lowercase()
        };
        let twice = |(at, one): (usize, &Criterion)| {
            criteria.iter().skip(at + 1).any(|other| named(one, other))
        };
        if criteria.iter().enumerate().any(twice) {
            return Err(InvalidCriteria::SameName);
        }
        if criteria.iter().any(|criterion| !(1..=100).contains(&criterion.weight)) {
            return Err(InvalidCriteria::Weight);
        }
        match criteria.iter().map(|criterion| u32::from(criterion.weight)).sum() {
            100 => Ok(Self(criteria)),
            sum => Err(InvalidCriteria::Sum(sum)),
        }
    }

    #[must_use]
    pub fn as_slice(&self) -> &[Criterion] {
        &self.0
    }

    /// The weighted mean of marks given in the order of the criteria; `None`
    /// as long as one is missing.
    #[must_use]
    pub fn total(&self, marks: &[Option<Mark>]) -> Option<Total> {
        if marks.len() != self.0.len() {
            return None;
        }
        let weighted = self.0.iter().zip(marks).map(|(criterion, mark)| {
            Some(u32::from(criterion.weight) * u32::from((*mark)?.half_points()))
        });
        weighted.sum::<Option<u32>>().and_then(|sum| Total::try_from(sum).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criteria(weights: &[u8]) -> Result<Criteria, InvalidCriteria> {
        let named = |(at, weight): (usize, &u8)| Criterion {
            name: format!("Criterion {at}").parse().unwrap(),
            weight: *weight,
        };
        Criteria::new(weights.iter().enumerate().map(named).collect())
    }

    fn marks(half_points: &[u8]) -> Vec<Option<Mark>> {
        half_points.iter().map(|half| Mark::try_from(*half).ok()).collect()
    }

    #[test]
    fn weights_add_up_to_a_hundred() {
        assert!(criteria(&[100]).is_ok());
        assert!(criteria(&[50, 30, 20]).is_ok());
        assert_eq!(criteria(&[50, 30]), Err(InvalidCriteria::Sum(80)));
        assert_eq!(criteria(&[50, 60]), Err(InvalidCriteria::Sum(110)));
        assert_eq!(criteria(&[100, 0]), Err(InvalidCriteria::Weight));
        assert_eq!(criteria(&[156, 200]), Err(InvalidCriteria::Weight));
        assert_eq!(criteria(&[]), Err(InvalidCriteria::None));
        assert_eq!(criteria(&[9; 11]), Err(InvalidCriteria::TooMany));
    }

    #[test]
    fn two_criteria_of_one_name_are_refused() {
        let named = |name: &str| Criterion { name: name.parse().unwrap(), weight: 50 };
        let twice = Criteria::new(vec![named("Técnica"), named("técnica ")]);
        assert_eq!(twice, Err(InvalidCriteria::SameName));
    }

    #[test]
    fn a_total_is_the_weighted_mean() {
        let criteria = criteria(&[50, 30, 20]).unwrap();
        let points = |half_points: &[u8]| criteria.total(&marks(half_points)).unwrap().points();
        assert_eq!(points(&[20, 20, 20]).to_string(), "10.00");
        assert_eq!(points(&[0, 0, 0]).to_string(), "0.00");
        // 0.5 × 8 + 0.3 × 7.5 + 0.2 × 9
        assert_eq!(points(&[16, 15, 18]).to_string(), "8.05");
        assert_eq!(criteria.total(&marks(&[16, 21, 18])), None, "a mark is missing");
        assert_eq!(criteria.total(&marks(&[16, 15])), None);
    }

    #[test]
    fn a_better_mark_never_lowers_the_total_and_no_total_leaves_the_scale() {
        let criteria = criteria(&[1, 33, 66]).unwrap();
        for low in Mark::all() {
            for other in Mark::all() {
                let total = |mark| criteria.total(&[Some(mark), Some(other), Some(low)]).unwrap();
                let totals: Vec<_> = Mark::all().map(total).collect();
                assert!(totals.is_sorted() && totals[0] < totals[20]);
                assert!(totals[20].points().hundredths() <= 1000);
            }
        }
    }
}
