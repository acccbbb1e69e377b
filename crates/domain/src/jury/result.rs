//! From the marks of jurors to the score of a video.

use super::Points;

/// What one juror gives one video over all criteria: the sum of half points
/// times whole percents, 0 to [`Total::MOST`]. Exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Total(u32);

impl Total {
    pub const MOST: u32 = 2000;

    #[must_use]
    pub fn points(self) -> Points {
        Points::share(self.0.into(), Self::MOST.into())
    }

    #[must_use]
    pub fn weighted_half_points(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Total {
    type Error = u32;

    fn try_from(sum: u32) -> Result<Self, u32> {
        if sum <= Self::MOST { Ok(Self(sum)) } else { Err(sum) }
    }
}

/// A panel's score of a video: the plain mean of the jurors who finished it.
/// `None` while nobody has.
#[must_use]
pub fn panel_score(totals: &[Total]) -> Option<Points> {
    if totals.is_empty() {
        return None;
    }
    let sum: u128 = totals.iter().map(|total| u128::from(total.0)).sum();
    Some(Points::share(sum, u128::from(Total::MOST) * totals.len() as u128))
}

/// A video's score where several panels have looked at it: their plain mean,
/// so that a panel of many jurors does not outvote a small one.
#[must_use]
pub fn video_score(panels: &[Points]) -> Option<Points> {
    if panels.is_empty() {
        return None;
    }
    let sum: u128 = panels.iter().map(|points| u128::from(points.hundredths())).sum();
    Some(Points::share(sum, u128::from(Points::MOST) * panels.len() as u128))
}

/// How far the jurors of a video are apart: the best total minus the worst.
#[must_use]
pub fn spread(totals: &[Total]) -> Option<Points> {
    let (worst, best) = (totals.iter().min()?, totals.iter().max()?);
    Some(Points::share((best.0 - worst.0).into(), Total::MOST.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jury::Mark;

    fn totals(sums: &[u32]) -> Vec<Total> {
        sums.iter().map(|sum| Total::try_from(*sum).unwrap()).collect()
    }

    #[test]
    fn a_panel_gives_the_mean_of_those_who_finished() {
        assert_eq!(panel_score(&[]), None);
        assert_eq!(panel_score(&totals(&[1610])).unwrap().to_string(), "8.05");
        assert_eq!(panel_score(&totals(&[2000, 0])).unwrap().to_string(), "5.00");
        assert_eq!(panel_score(&totals(&[2000, 2000, 0])).unwrap().to_string(), "6.67");
        assert!(Total::try_from(2001).is_err());
        assert_eq!(Total::MOST, 100 * u32::from(Mark::MOST));
    }

    #[test]
    fn every_panel_has_one_voice() {
        let (many, one) = (panel_score(&totals(&[2000; 9])), panel_score(&totals(&[0])));
        let both = video_score(&[many.unwrap(), one.unwrap()]).unwrap();
        assert_eq!(both.to_string(), "5.00");
        assert_eq!(video_score(&[]), None);
    }

    #[test]
    fn a_mean_lies_between_the_worst_and_the_best_and_no_order_changes_it() {
        let mut sums = vec![1, 17, 333, 999, 1500, 1999, 2000, 0, 2];
        for _ in 0..sums.len() {
            sums.rotate_left(1);
            for length in 1..=sums.len() {
                let mut some = totals(&sums[..length]);
                let mean = panel_score(&some).unwrap();
                let worst = some.iter().min().unwrap().points();
                let best = some.iter().max().unwrap().points();
                assert!(worst <= mean && mean <= best, "{some:?}");
                some.reverse();
                assert_eq!(panel_score(&some), Some(mean));
            }
        }
    }

    #[test]
    fn jurors_who_agree_are_not_apart() {
        assert_eq!(spread(&[]), None);
        assert_eq!(spread(&totals(&[1200])).unwrap().to_string(), "0.00");
        assert_eq!(spread(&totals(&[1200, 600, 900])).unwrap().to_string(), "3.00");
    }
}
