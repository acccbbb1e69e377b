//! Votes under suspicion, and what somebody decides about them.

use std::time::Duration;

use anb_domain::{
    Action, Clock as _, VideoId,
    vote_review::{FlagKind, FlagState, Footprint, ReviewRules, VoteKey},
    voting::VotingWindow,
};
use anb_store::{Actor, AuditFilter, Ballot, Player, Ruling, VoteError, VoteFlag, VoteTotal};
use anb_testkit::{TestStore, on_each_database};

fn café() -> Footprint {
    Footprint { network: Some("café".into()), device: None }
}

/// So many new accounts vote from one network, one a second.
pub async fn a_cluster(
    store: &TestStore,
    video: VideoId,
    names: &str,
    count: usize,
) -> Vec<Player> {
    let mut voters = Vec::new();
    for n in 0..count {
        let voter = store.a_player(&format!("{names}{n}")).await;
        store.clock.advance(Duration::from_secs(1));
        store.cast_vote(video, voter.id, &VotingWindow::default(), &café()).await.unwrap();
        voters.push(voter);
    }
    voters
}

/// Reviews all that is new. Returns how many suspicions that opened.
pub async fn reviewed(store: &TestStore) -> u64 {
    let mut flagged = 0;
    loop {
        // Few at a time, so that a cluster is seen in pieces.
        let done = store.review_votes(&ReviewRules::default(), 5).await.unwrap();
        flagged += done.flagged;
        if done.votes == 0 {
            return flagged;
        }
    }
}

pub async fn open_flags(store: &TestStore) -> Vec<VoteFlag> {
    store.vote_flags(true, 10, 0).await.unwrap().items
}

async fn total(store: &TestStore, video: VideoId) -> u64 {
    store.video(video).await.unwrap().unwrap().votes
}

fn keys(video: VideoId, voters: &[Player]) -> Vec<VoteKey> {
    voters.iter().map(|voter| (video, voter.id)).collect()
}

on_each_database! {
    async fn a_cluster_is_flagged_once_and_grows(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_completed_video(&ana).await.id;
        a_cluster(&store, video, "Early", 7).await;
        assert_eq!(reviewed(&store).await, 1, "7 right after the sign-up weigh more than 8");
        a_cluster(&store, video, "Late", 6).await;
        assert_eq!(reviewed(&store).await, 0, "the same one");

        let [flag] = &open_flags(&store).await[..] else { panic!("one suspicion") };
        assert_eq!((flag.kind, flag.state), (FlagKind::Network, FlagState::Open));
        assert_eq!((flag.votes, flag.counting), (13, 13));
        assert_eq!(flag.network.as_deref(), Some("café"));
        let of = flag.video.as_ref().unwrap();
        assert_eq!((of.id, of.total), (video, 13), "nothing is struck by itself");
        assert_eq!(flag.last_at - flag.first_at, chrono::TimeDelta::seconds(12));
        let votes = store.votes_under(flag.id, 100, 0).await.unwrap();
        assert_eq!(votes.len(), 13);
        assert_eq!(votes[0].mail_domain, "example.com");
        assert_eq!(store.moments_under(flag.id).await.unwrap().len(), 13);
    }

    async fn a_review_that_died_half_way_is_done_again_with_the_same_end(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_completed_video(&ana).await.id;
        a_cluster(&store, video, "Voter", 9).await;
        let other = store.of_another_process().await;
        let rules = ReviewRules::default();
        // Two at once: each flags, and each notes what it has reviewed.
        let (one, two) =
            tokio::join!(store.review_votes(&rules, 100), other.review_votes(&rules, 100));
        assert_eq!(one.unwrap().flagged + two.unwrap().flagged, 1);
        // As if neither had come to note it.
        forget_reviews(&store).await;
        assert_eq!(store.review_votes(&rules, 100).await.unwrap().flagged, 0);
        let flags = open_flags(&store).await;
        assert_eq!((flags.len(), flags[0].votes), (1, 9));
        assert_eq!(store.review_votes(&rules, 100).await.unwrap().votes, 0);
    }

    async fn struck_votes_leave_the_total_and_come_back_when_restored(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_completed_video(&ana).await.id;
        let honest = store.a_player("Luis").await;
        store.vote(&honest, video).await;
        let voters = a_cluster(&store, video, "Voter", 9).await;
        reviewed(&store).await;
        let flag = open_flags(&store).await[0].id;
        let actor = Actor::terminal();

        let done = store.judge_flag(&actor, Ruling::Strike, flag, "one shop").await.unwrap().unwrap();
        assert_eq!((done.votes, done.before[&video], done.after[&video]), (9, 10, 1));
        assert_eq!(total(&store, video).await, 1);
        let [line] = &store.ranked(&anb_store::RankingFilter::default(), 0, 10).await.unwrap()[..] else { panic!() };
        assert_eq!(line.votes, 1, "the ranking follows at once");
        assert!(open_flags(&store).await.is_empty());
        let decided = store.vote_flag(flag).await.unwrap().unwrap();
        assert_eq!((decided.state, decided.counting), (FlagState::Struck, 0));
        assert_eq!(decided.reason.as_deref(), Some("one shop"));
        // Again: nothing is left to strike, and nothing more is noted.
        let again = store.judge_flag(&actor, Ruling::Strike, flag, "twice").await.unwrap().unwrap();
        assert_eq!(again.votes, 0);
        let decided = store.vote_flag(flag).await.unwrap().unwrap();
        assert_eq!(decided.reason.as_deref(), Some("one shop"), "and the decision stays");

        let two = keys(video, &voters[..2]);
        let back = store.judge_votes(&actor, Ruling::Restore, &two, Some(flag), "known").await;
        assert_eq!((back.unwrap().votes, total(&store, video).await), (2, 3));
        assert_eq!(store.vote_flag(flag).await.unwrap().unwrap().state, FlagState::Struck);
        store.judge_flag(&actor, Ruling::Restore, flag, "a mistake").await.unwrap();
        assert_eq!(total(&store, video).await, 10);
        assert_eq!(store.vote_flag(flag).await.unwrap().unwrap().state, FlagState::Dismissed);

        let struck = AuditFilter { action: Some(Action::VOTES_STRUCK), ..AuditFilter::default() };
        let [entry] = &store.audit(&struck, 10).await.unwrap()[..] else { panic!("one entry") };
        assert_eq!(entry.before.as_ref().unwrap()["totals"][video.to_string()], 10);
        assert_eq!(entry.after.as_ref().unwrap()["totals"][video.to_string()], 1);
    }

    async fn a_struck_vote_remains_the_players_only_one(store: TestStore) {
        let (ana, luis) = (store.a_player("Ana").await, store.a_player("Luis").await);
        let video = store.a_completed_video(&ana).await.id;
        store.vote(&luis, video).await;
        let keys = [(video, luis.id)];
        store.judge_votes(&Actor::terminal(), Ruling::Strike, &keys, None, "why").await.unwrap();

        let always = VotingWindow::default();
        let status = store.vote_status(video, luis.id).await.unwrap();
        assert_eq!(status, Some((Ballot::Struck, VoteTotal(0))));
        let again = store.cast_vote(video, luis.id, &always, &café()).await;
        assert!(matches!(again, Err(VoteError::Struck)));
        let withdrawn = store.withdraw_vote(video, luis.id, &always).await;
        assert!(matches!(withdrawn, Err(VoteError::Struck)));
        assert_eq!(total(&store, video).await, 0, "never below what counts");
        // Neither does it when the account goes.
        let paz = store.a_player("Paz").await;
        store.vote(&paz, video).await;
        assert!(store.delete_player(luis.id).await.unwrap());
        assert_eq!(total(&store, video).await, 1);
    }

    async fn what_was_dismissed_comes_up_again_when_it_has_doubled(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_completed_video(&ana).await.id;
        a_cluster(&store, video, "Class", 10).await;
        reviewed(&store).await;
        let flag = open_flags(&store).await[0].id;
        assert!(store.dismiss_flag(&Actor::terminal(), flag, "a school").await.unwrap());
        assert!(!store.dismiss_flag(&Actor::terminal(), flag, "twice").await.unwrap());

        a_cluster(&store, video, "More", 9).await;
        assert_eq!(reviewed(&store).await, 0);
        assert!(open_flags(&store).await.is_empty());
        a_cluster(&store, video, "Most", 1).await;
        assert_eq!(reviewed(&store).await, 1);
        assert_eq!(open_flags(&store).await[0].votes, 20);
    }

    async fn an_account_faster_than_a_person_is_flagged(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let luis = store.a_player("Luis").await;
        for _ in 0..11 {
            let video = store.a_completed_video(&ana).await.id;
            store.vote(&luis, video).await;
            store.clock.advance(Duration::from_secs(1));
        }
        assert_eq!(reviewed(&store).await, 1);
        let [flag] = &open_flags(&store).await[..] else { panic!("one suspicion") };
        assert_eq!((flag.kind, flag.votes), (FlagKind::Fast, 11));
        assert_eq!(flag.voter, Some((luis.id, "Luis Ruiz".to_owned())));
        // It goes with the account.
        assert!(store.delete_player(luis.id).await.unwrap());
        assert!(open_flags(&store).await.is_empty());
    }

    async fn a_burst_of_old_accounts_is_flagged_unless_everybody_has_one(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let (mine, theirs) =
            (store.a_completed_video(&ana).await.id, store.a_completed_video(&ana).await.id);
        let mut voters = Vec::new();
        for n in 0..45 {
            voters.push(store.a_player(&format!("Fan{n}")).await);
        }
        store.clock.advance(Duration::from_hours(48));
        for voter in &voters {
            store.vote(voter, mine).await;
            store.clock.advance(Duration::from_secs(2));
        }
        assert_eq!(reviewed(&store).await, 1);
        assert_eq!(open_flags(&store).await[0].kind, FlagKind::Burst);

        store.clock.advance(Duration::from_hours(48));
        let third = store.a_completed_video(&ana).await.id;
        for voter in &voters {
            store.vote(voter, theirs).await;
            store.vote(voter, third).await;
            store.clock.advance(Duration::from_secs(25));
        }
        assert_eq!(reviewed(&store).await, 0, "twice as many as the other is no burst");
    }

    async fn a_withdrawn_vote_leaves_the_suspicion(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_completed_video(&ana).await.id;
        let voters = a_cluster(&store, video, "Voter", 9).await;
        reviewed(&store).await;
        store.withdraw_vote(video, voters[0].id, &VotingWindow::default()).await.unwrap();
        let flags = open_flags(&store).await;
        assert_eq!((flags[0].votes, total(&store, video).await), (8, 8));
    }

    async fn footprints_are_forgotten_in_time(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_completed_video(&ana).await.id;
        a_cluster(&store, video, "Voter", 9).await;
        reviewed(&store).await;
        let flag = open_flags(&store).await[0].id;
        let now = store.clock.now();
        assert_eq!(store.forget_footprints(now - chrono::TimeDelta::days(1)).await.unwrap(), 0);
        // Nine votes and the suspicion.
        let later = now + chrono::TimeDelta::days(1);
        assert_eq!(store.forget_footprints(later).await.unwrap(), 10);
        assert_eq!(store.forget_footprints(later).await.unwrap(), 0);
        let known = store.vote_flag(flag).await.unwrap().unwrap();
        assert_eq!((known.network, known.votes), (None, 9));
        let votes = store.votes_for(video, 100, 0).await.unwrap();
        assert!(votes.items.iter().all(|vote| vote.network.is_none() && vote.device.is_none()));
        assert_eq!(votes.total, 9);
    }

    async fn who_withdraws_while_votes_are_struck_is_counted_once(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_completed_video(&ana).await.id;
        let voters = a_cluster(&store, video, "Voter", 8).await;
        let all = keys(video, &voters);
        let (there, first) = (store.of_another_process().await, voters[0].id);
        let withdrawing = tokio::spawn(async move {
            there.withdraw_vote(video, first, &VotingWindow::default()).await.is_ok()
        });
        let (rules, actor) = (ReviewRules::default(), Actor::terminal());
        let (struck, seen) = tokio::join!(
            store.judge_votes(&actor, Ruling::Strike, &all, None, "why"),
            store.review_votes(&rules, 100),
        );
        seen.unwrap();
        let gone = u64::from(withdrawing.await.unwrap());
        assert_eq!(struck.unwrap().votes + gone, 8);
        assert_eq!(total(&store, video).await, 0);
    }
}

/// As if every reviewer had died before noting what it had reviewed.
async fn forget_reviews(store: &TestStore) {
    use sea_orm::ConnectionTrait as _;
    let statement = "UPDATE votes SET reviewed_at = NULL";
    store.db().writer().execute_unprepared(statement).await.unwrap();
}
