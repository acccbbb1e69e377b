//! Which votes somebody should look at: clusters of new accounts, bursts, and
//! accounts that vote faster than a person. Pure functions over votes that
//! were seen; nothing here refuses, hides or strikes a vote. A family behind
//! one router, a class in a school's network and a link that goes round on a
//! phone all look a little like fraud: people decide.

use std::{collections::BTreeMap, fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{PlayerId, VideoId};

/// When votes are flagged for review (settings `vote_review.*`). No threshold
/// blocks a vote: it only brings it before an operator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewRules {
    /// Votes for one video by new accounts from one network (an IPv4 /24 or an
    /// IPv6 /48) within `cluster_minutes` that are a cluster. Default 8: more
    /// than a family, or friends on one sofa, sign up within a quarter of an
    /// hour.
    pub network_votes: u32,
    /// The same from one kind of device (browser, system and language).
    /// Default 30: many phones are alike, so that a link shared in a large
    /// group must not look like one person.
    pub device_votes: u32,
    /// Minutes within which the votes of a cluster are cast. Default 15.
    pub cluster_minutes: u32,
    /// Minutes for which an account is new. Default 60: who signs up to vote
    /// once, votes in the same hour.
    pub new_account_minutes: u32,
    /// A vote within this many seconds after its account was made weighs half
    /// as much again in a cluster. Default 5: people still read, programs do
    /// not. 0 for no such weight.
    pub newborn_seconds: u32,
    /// Fewest votes for one video within `burst_minutes` that can be a burst.
    /// Default 40: below that, chance and a good goal explain them.
    pub burst_votes: u32,
    /// Minutes of a burst. Default 10.
    pub burst_minutes: u32,
    /// How many times as many votes as usual are a burst: as this video had on
    /// average in the day before, and as the other videos have in the same
    /// minutes, whichever is more. Default 8: an appearance on television
    /// brings votes to many videos, a rented click farm to one.
    pub burst_factor: u32,
    /// Votes that one account casts within `fast_seconds` to be faster than a
    /// person. Default 10.
    pub fast_votes: u32,
    /// Default 20: opening a video and voting for it takes a person more than
    /// two seconds.
    pub fast_seconds: u32,
    /// Days for which the keyed hashes of networks and devices are kept with
    /// votes, sign-ups and what was flagged; then they are removed. Default
    /// 180: a contest, and the complaints after it.
    pub keep_hashes_days: u32,
}

impl Default for ReviewRules {
    fn default() -> Self {
        Self {
            network_votes: 8,
            device_votes: 30,
            cluster_minutes: 15,
            new_account_minutes: 60,
            newborn_seconds: 5,
            burst_votes: 40,
            burst_minutes: 10,
            burst_factor: 8,
            fast_votes: 10,
            fast_seconds: 20,
            keep_hashes_days: 180,
        }
    }
}

impl ReviewRules {
    /// For how long before and after a vote others matter to a cluster or a
    /// burst.
    #[must_use]
    pub fn reach(&self) -> TimeDelta {
        TimeDelta::minutes(self.cluster_minutes.max(self.burst_minutes).into())
    }

    #[must_use]
    pub fn burst_window(&self) -> TimeDelta {
        TimeDelta::minutes(self.burst_minutes.into())
    }

    #[must_use]
    pub fn fast_window(&self) -> TimeDelta {
        TimeDelta::seconds(self.fast_seconds.into())
    }

    #[must_use]
    pub fn keep_hashes(&self) -> TimeDelta {
        TimeDelta::days(self.keep_hashes_days.into())
    }

    fn is_new(&self, vote: &SeenVote) -> bool {
        vote.age() < TimeDelta::minutes(self.new_account_minutes.into())
    }

    /// In halves of a vote.
    fn weight(&self, vote: &SeenVote) -> u64 {
        if vote.age() < TimeDelta::seconds(self.newborn_seconds.into()) { 3 } else { 2 }
    }
}

/// Where a request comes from, as far as it is kept: keyed hashes, never the
/// address or the headers themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Footprint {
    pub network: Option<String>,
    pub device: Option<String>,
}

/// A vote by its key.
pub type VoteKey = (VideoId, PlayerId);

/// A vote that counts, with what is known of its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenVote {
    pub video: VideoId,
    pub voter: PlayerId,
    pub cast_at: DateTime<Utc>,
    /// When the account was made.
    pub voter_since: DateTime<Utc>,
    /// Of the vote, and of the sign-up.
    pub cast_from: Footprint,
    pub signed_up_from: Footprint,
}

impl SeenVote {
    #[must_use]
    pub fn key(&self) -> VoteKey {
        (self.video, self.voter)
    }

    fn age(&self) -> TimeDelta {
        self.cast_at - self.voter_since
    }

    /// Every network that the account was seen in, once.
    fn networks(&self) -> impl Iterator<Item = &String> {
        both(self.cast_from.network.as_ref(), self.signed_up_from.network.as_ref())
    }

    fn devices(&self) -> impl Iterator<Item = &String> {
        both(self.cast_from.device.as_ref(), self.signed_up_from.device.as_ref())
    }
}

fn both<'a>(
    one: Option<&'a String>,
    other: Option<&'a String>,
) -> impl Iterator<Item = &'a String> {
    one.into_iter().chain(other.filter(|other| Some(*other) != one))
}

/// What is suspected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlagKind {
    /// Many new accounts from one network for one video.
    Network,
    /// Many new accounts from one kind of device for one video.
    Device,
    /// Far more votes for one video than usual.
    Burst,
    /// One account votes faster than a person.
    Fast,
}

/// What has become of a suspicion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlagState {
    Open,
    Dismissed,
    Struck,
}

/// The text names none of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown name {0:?}")]
pub struct UnknownName(String);

macro_rules! named {
    ($kind:ty: $($value:ident = $name:literal),+) => {
        impl $kind {
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$value => $name),+ }
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $kind {
            type Err = UnknownName;

            fn from_str(text: &str) -> Result<Self, UnknownName> {
                match text { $($name => Ok(Self::$value),)+ _ => Err(UnknownName(text.to_owned())) }
            }
        }
    };
}

named!(FlagKind: Network = "network", Device = "device", Burst = "burst", Fast = "fast");
named!(FlagState: Open = "open", Dismissed = "dismissed", Struck = "struck");

/// Of whom something is suspected. The same subject is flagged once, and grows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suspect {
    Network { video: VideoId, network: String },
    Device { video: VideoId, device: String },
    Burst { video: VideoId },
    Fast { voter: PlayerId },
}

impl Suspect {
    #[must_use]
    pub fn kind(&self) -> FlagKind {
        match self {
            Self::Network { .. } => FlagKind::Network,
            Self::Device { .. } => FlagKind::Device,
            Self::Burst { .. } => FlagKind::Burst,
            Self::Fast { .. } => FlagKind::Fast,
        }
    }

    #[must_use]
    pub fn video(&self) -> Option<VideoId> {
        match self {
            Self::Network { video, .. } | Self::Device { video, .. } | Self::Burst { video } => {
                Some(*video)
            }
            Self::Fast { .. } => None,
        }
    }
}

/// By which two findings are known to be of the same subject.
impl fmt::Display for Suspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind();
        match self {
            Self::Network { video, network: from } | Self::Device { video, device: from } => {
                write!(f, "{kind}:{video}:{from}")
            }
            Self::Burst { video } => write!(f, "{kind}:{video}"),
            Self::Fast { voter } => write!(f, "{kind}:{voter}"),
        }
    }
}

/// Votes that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspicion {
    pub suspect: Suspect,
    /// In the order in which they were cast.
    pub votes: Vec<VoteKey>,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    /// Percent of what it takes to be flagged: at least 100.
    pub score: u32,
}

impl Suspicion {
    fn of(suspect: Suspect, votes: &[&SeenVote], score: u64) -> Option<Self> {
        let (first, last) = (votes.first()?, votes.last()?);
        Some(Self {
            suspect,
            votes: votes.iter().map(|vote| vote.key()).collect(),
            first_at: first.cast_at,
            last_at: last.cast_at,
            score: u32::try_from(score).unwrap_or(u32::MAX).min(MAX_SCORE),
        })
    }
}

/// More says nothing to anybody.
const MAX_SCORE: u32 = 9_999;

/// Clusters among the votes for one video: new accounts from one network or
/// one kind of device, near to each other in time.
#[must_use]
pub fn clusters(votes: &[SeenVote], rules: &ReviewRules) -> Vec<Suspicion> {
    let mut groups: BTreeMap<Suspect, Vec<&SeenVote>> = BTreeMap::new();
    for vote in in_order(votes).into_iter().filter(|vote| rules.is_new(vote)) {
        let video = vote.video;
        for network in vote.networks().cloned() {
            groups.entry(Suspect::Network { video, network }).or_default().push(vote);
        }
        for device in vote.devices().cloned() {
            groups.entry(Suspect::Device { video, device }).or_default().push(vote);
        }
    }
    let window = TimeDelta::minutes(rules.cluster_minutes.into());
    let found = groups.into_iter().filter_map(|(suspect, votes)| {
        let least = match suspect.kind() {
            FlagKind::Device => rules.device_votes,
            _ => rules.network_votes,
        };
        let least = 2 * u64::from(least);
        let (members, most) = dense(&votes, window, least, |vote| rules.weight(vote));
        Suspicion::of(suspect, &members, most * 100 / least)
    });
    found.collect()
}

/// One account's votes, if it casts them faster than a person.
#[must_use]
pub fn faster_than_a_person(
    account: PlayerId,
    votes: &[SeenVote],
    rules: &ReviewRules,
) -> Option<Suspicion> {
    let votes = in_order(votes);
    let least = rules.fast_votes.into();
    let (members, most) = dense(&votes, rules.fast_window(), least, |_| 1);
    Suspicion::of(Suspect::Fast { voter: account }, &members, most * 100 / least)
}

/// The minutes with the most votes for a video, if they could be a burst: then
/// [`burst`] wants to know what is usual.
#[must_use]
pub fn peak(votes: &[SeenVote], rules: &ReviewRules) -> Option<Peak> {
    let votes = in_order(votes);
    let window = rules.burst_window();
    let starts = (0..votes.len()).map(|first| (first, end_of_window(&votes, first, window)));
    let (first, end) =
        starts.max_by_key(|(first, end)| (end - first, std::cmp::Reverse(*first)))?;
    if end - first < rules.burst_votes as usize {
        return None;
    }
    let from = votes[first].cast_at;
    Some(Peak { from, until: from + window })
}

/// A stretch of time, its end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peak {
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

/// What a peak is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usual {
    /// Votes for this video in the day before the peak.
    pub day_before: u64,
    /// Votes in the peak's minutes for other videos, and for how many.
    pub elsewhere: u64,
    pub other_videos: u64,
}

/// The day before a peak.
pub const DAY: TimeDelta = TimeDelta::days(1);

/// A peak as a burst, if it stands out from what is usual.
#[must_use]
pub fn burst(
    video: VideoId,
    votes: &[SeenVote],
    peak: Peak,
    usual: Usual,
    rules: &ReviewRules,
) -> Option<Suspicion> {
    let mut members = in_order(votes);
    members.retain(|vote| peak.from <= vote.cast_at && vote.cast_at < peak.until);
    // In votes per hundred of these windows, so that whole numbers do.
    let windows_a_day = (DAY.num_minutes().unsigned_abs() / u64::from(rules.burst_minutes)).max(1);
    let own = usual.day_before * 100 / windows_a_day;
    let others = (usual.elsewhere * 100).checked_div(usual.other_videos).unwrap_or(0);
    // What is usual is at least so much that `burst_votes` can be a burst.
    let least = u64::from(rules.burst_votes) * 100;
    let needed = (own.max(others) * u64::from(rules.burst_factor)).max(least);
    let score = members.len() as u64 * 100 * 100 / needed;
    if score < 100 {
        return None;
    }
    Suspicion::of(Suspect::Burst { video }, &members, score)
}

/// Whether a suspicion that somebody has decided about comes up again: when at
/// least twice as many of its votes count as the decision left counting.
#[must_use]
pub fn has_outgrown(left_at_decision: u64, counting: u64) -> bool {
    counting >= (2 * left_at_decision).max(1)
}

fn in_order(votes: &[SeenVote]) -> Vec<&SeenVote> {
    let mut votes: Vec<_> = votes.iter().collect();
    votes.sort_by_key(|vote| (vote.cast_at, vote.key()));
    votes
}

/// One past the last vote of the window that begins with the vote `first`.
fn end_of_window(votes: &[&SeenVote], first: usize, window: TimeDelta) -> usize {
    let until = votes[first].cast_at + window;
    first + votes[first..].partition_point(|vote| vote.cast_at < until)
}

/// The votes of every window that weighs at least `least`, and the weight of
/// the heaviest.
fn dense<'v>(
    votes: &[&'v SeenVote],
    window: TimeDelta,
    least: u64,
    weight: impl Fn(&SeenVote) -> u64,
) -> (Vec<&'v SeenVote>, u64) {
    let (mut members, mut taken, mut most) = (Vec::new(), 0, 0);
    for first in 0..votes.len() {
        let end = end_of_window(votes, first, window);
        let total: u64 = votes[first..end].iter().map(|vote| weight(vote)).sum();
        if total >= least {
            members.extend(&votes[first.max(taken)..end.max(taken)]);
            taken = taken.max(end);
            most = most.max(total);
        }
    }
    (members, most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const VIDEO: VideoId = VideoId(Uuid::from_u128(7));

    fn noon() -> DateTime<Utc> {
        "2026-05-01T12:00:00Z".parse().unwrap()
    }

    /// Cast this many seconds after noon by an account of that age in seconds.
    fn vote(voter: u128, at: i64, age: i64, network: &str) -> SeenVote {
        let cast_at = noon() + TimeDelta::seconds(at);
        let from = Footprint { network: Some(network.into()), device: None };
        SeenVote {
            video: VIDEO,
            voter: PlayerId(Uuid::from_u128(voter)),
            cast_at,
            voter_since: cast_at - TimeDelta::seconds(age),
            cast_from: from.clone(),
            signed_up_from: from,
        }
    }

    fn votes(count: u128, apart: i64, age: i64) -> Vec<SeenVote> {
        (0..count).map(|n| vote(n, i64::try_from(n).unwrap() * apart, age, "café")).collect()
    }

    #[test]
    fn new_accounts_from_one_network_within_minutes_are_a_cluster() {
        let rules = ReviewRules::default();
        let found = clusters(&votes(9, 60, 600), &rules);
        let [one] = &found[..] else { panic!("{found:?}") };
        assert_eq!(one.suspect, Suspect::Network { video: VIDEO, network: "café".into() });
        assert_eq!((one.votes.len(), one.score), (9, 112));
        assert_eq!(one.last_at - one.first_at, TimeDelta::minutes(8));
    }

    #[test]
    fn a_family_a_school_and_a_slow_trickle_are_none() {
        let rules = ReviewRules::default();
        assert_eq!(clusters(&votes(7, 60, 600), &rules), [], "a family behind one router");
        assert_eq!(clusters(&votes(40, 5, 30 * 24 * 3600), &rules), [], "accounts of last month");
        assert_eq!(clusters(&votes(40, 150, 600), &rules), [], "one every two and a half minutes");
        let mut apart = votes(20, 20, 600);
        for (n, vote) in apart.iter_mut().enumerate() {
            let from = Footprint { network: Some(format!("home {}", n / 5)), device: None };
            (vote.cast_from, vote.signed_up_from) = (from.clone(), from);
        }
        assert_eq!(clusters(&apart, &rules), [], "five from each of four networks");
    }

    #[test]
    fn votes_right_after_the_sign_up_weigh_more() {
        let rules = ReviewRules::default();
        // Six, each counting one and a half times, are nine.
        let found = clusters(&votes(6, 60, 2), &rules);
        assert_eq!((found.len(), found[0].score), (1, 112));
        assert_eq!(clusters(&votes(5, 60, 2), &rules), []);
        let without = ReviewRules { newborn_seconds: 0, ..rules };
        assert_eq!(clusters(&votes(6, 60, 2), &without), []);
    }

    #[test]
    fn who_votes_from_elsewhere_is_still_known_by_the_sign_up() {
        let rules = ReviewRules::default();
        let mut hidden = votes(8, 10, 600);
        for (n, vote) in hidden.iter_mut().enumerate() {
            vote.cast_from.network = Some(format!("proxy {n}"));
        }
        let found = clusters(&hidden, &rules);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].suspect.to_string(), format!("network:{VIDEO}:café"));
    }

    #[test]
    fn a_kind_of_device_takes_more_and_is_a_suspicion_of_its_own() {
        let rules = ReviewRules::default();
        let on_phones = |count| {
            let mut votes = votes(count, 10, 600);
            for (n, vote) in votes.iter_mut().enumerate() {
                let device = Some("phone".into());
                vote.cast_from = Footprint { network: Some(format!("home {n}")), device };
                vote.signed_up_from = Footprint::default();
            }
            votes
        };
        assert_eq!(clusters(&on_phones(29), &rules), []);
        let found = clusters(&on_phones(30), &rules);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].suspect.kind(), FlagKind::Device);
    }

    #[test]
    fn only_the_votes_of_crowded_windows_belong_to_a_cluster() {
        let mut all = votes(8, 30, 600);
        all.push(vote(100, 5000, 600, "café"));
        all.push(vote(101, -5000, 600, "café"));
        let found = clusters(&all, &ReviewRules::default());
        assert_eq!(found[0].votes.len(), 8);
    }

    #[test]
    fn ten_votes_in_twenty_seconds_are_faster_than_a_person() {
        let rules = ReviewRules::default();
        let ana = PlayerId(Uuid::from_u128(1));
        let by_ana = |apart: i64| {
            let cast = |n: u128| SeenVote {
                video: VideoId(Uuid::from_u128(n)),
                ..vote(1, i64::try_from(n).unwrap() * apart, 9999, "café")
            };
            (0..12).map(cast).collect::<Vec<_>>()
        };
        let found = faster_than_a_person(ana, &by_ana(1), &rules).unwrap();
        assert_eq!((found.votes.len(), found.score), (12, 120));
        assert_eq!(found.suspect, Suspect::Fast { voter: ana });
        assert_eq!(faster_than_a_person(ana, &by_ana(3), &rules), None, "somebody in a hurry");
    }

    #[test]
    fn a_burst_stands_out_from_the_day_before_and_from_the_others() {
        let rules = ReviewRules::default();
        let all = votes(60, 5, 99_999);
        let peak = peak(&all, &rules).unwrap();
        assert_eq!((peak.from, peak.until), (noon(), noon() + TimeDelta::minutes(10)));
        let is_burst = |usual| burst(VIDEO, &all, peak, usual, &rules).map(|found| found.score);
        assert_eq!(is_burst(Usual::default()), Some(150));
        // 144 windows a day: 8 times 5 in each is 40, 8 times 8 is 64.
        assert_eq!(is_burst(Usual { day_before: 5 * 144, ..Usual::default() }), Some(150));
        assert_eq!(is_burst(Usual { day_before: 8 * 144, ..Usual::default() }), None);
        let on_television = Usual { elsewhere: 200, other_videos: 20, ..Usual::default() };
        assert_eq!(is_burst(on_television), None);
        assert_eq!(is_burst(Usual { elsewhere: 60, ..on_television }), Some(150));
    }

    #[test]
    fn few_votes_are_no_burst_however_quiet_the_day() {
        assert_eq!(peak(&votes(39, 1, 99_999), &ReviewRules::default()), None);
        assert_eq!(peak(&[], &ReviewRules::default()), None);
        // The peak is where most are, not where they begin.
        let mut late = votes(50, 5, 0);
        late.push(vote(99, -3000, 0, "café"));
        assert_eq!(peak(&late, &ReviewRules::default()).unwrap().from, noon());
    }

    #[test]
    fn what_was_decided_comes_up_again_only_when_it_has_doubled() {
        assert!(!has_outgrown(10, 10));
        assert!(!has_outgrown(10, 19));
        assert!(has_outgrown(10, 20));
        assert!(has_outgrown(0, 1), "all were struck, and others came");
        assert!(!has_outgrown(0, 0));
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for kind in [FlagKind::Network, FlagKind::Device, FlagKind::Burst, FlagKind::Fast] {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        for state in [FlagState::Open, FlagState::Dismissed, FlagState::Struck] {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert!("shut".parse::<FlagState>().is_err());
    }
}
