use anb_domain::{
    Clock as _, VideoId,
    vote_review::Footprint,
    voting::{VoteRefused, VotingWindow},
};
use anb_store::{Ballot, Player, VoteError, VoteTotal};
use anb_testkit::{TestStore, on_each_database};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

fn always() -> VotingWindow {
    VotingWindow::default()
}

async fn players(store: &TestStore, count: usize) -> Vec<Player> {
    let mut players = Vec::new();
    for n in 0..count {
        players.push(store.a_player(&format!("Voter{n}")).await);
    }
    players
}

/// The total on the video and the votes there are.
async fn total_and_votes(store: &TestStore, video: VideoId) -> (u64, u64) {
    use anb_store::entity::votes;
    let votes = votes::Entity::find()
        .filter(votes::Column::VideoId.eq(video.0))
        .count(store.db().reader())
        .await
        .unwrap();
    (store.video(video).await.unwrap().unwrap().votes, votes)
}

on_each_database! {
    async fn a_player_votes_once_and_may_withdraw(store: TestStore) {
        let (ana, luis) = (store.a_player("Ana").await, store.a_player("Luis").await);
        let video = store.a_completed_video(&ana).await.id;
        assert_eq!(store.vote_status(video, luis.id).await.unwrap(), Some((Ballot::NotCast, VoteTotal(0))));
        assert_eq!(store.cast_vote(video, luis.id, &always(), &Footprint::default()).await.unwrap(), VoteTotal(1));
        assert_eq!(store.vote_status(video, luis.id).await.unwrap(), Some((Ballot::Counts, VoteTotal(1))));
        let twice = store.cast_vote(video, luis.id, &always(), &Footprint::default()).await;
        assert!(matches!(twice, Err(VoteError::AlreadyVoted)));
        assert_eq!(total_and_votes(&store, video).await, (1, 1));

        assert_eq!(store.withdraw_vote(video, luis.id, &always()).await.unwrap(), VoteTotal(0));
        let again = store.withdraw_vote(video, luis.id, &always()).await;
        assert!(matches!(again, Err(VoteError::NotVoted)));
        assert_eq!(total_and_votes(&store, video).await, (0, 0));
    }

    async fn a_vote_that_breaks_a_rule_is_refused(store: TestStore) {
        let (ana, luis) = (store.a_player("Ana").await, store.a_player("Luis").await);
        let pending = store.a_pending_video(&ana).await.id;
        let unpublished = store.cast_vote(pending, luis.id, &always(), &Footprint::default()).await;
        assert!(matches!(unpublished, Err(VoteError::NotFound)));
        assert_eq!(store.vote_status(pending, luis.id).await.unwrap(), None);

        let video = store.a_completed_video(&ana).await.id;
        let own = store.cast_vote(video, ana.id, &always(), &Footprint::default()).await;
        assert!(matches!(own, Err(VoteError::Refused(VoteRefused::OwnVideo))));
        store.vote(&luis, video).await;
        let closed = VotingWindow { closes_at: Some(store.clock.now()), opens_at: None };
        let late = store.withdraw_vote(video, luis.id, &closed).await;
        assert!(matches!(late, Err(VoteError::Refused(VoteRefused::Closed))));
        let late = store.cast_vote(video, luis.id, &closed, &Footprint::default()).await;
        assert!(matches!(late, Err(VoteError::Refused(VoteRefused::Closed))));
        assert_eq!(total_and_votes(&store, video).await, (1, 1));
    }

    async fn totals_equal_the_votes_however_many_vote_at_once(store: TestStore) {
        let owner = store.a_player("Ana").await;
        let voters = players(&store, 8).await;
        let videos =
            [store.a_completed_video(&owner).await.id, store.a_completed_video(&owner).await.id];
        let other = store.of_another_process().await;

        let crowd = voters.iter().enumerate().map(|(n, voter)| {
            let store = if n % 2 == 0 { (*store).clone() } else { other.clone() };
            let voter = voter.id;
            tokio::spawn(async move {
                for round in 0..6 {
                    // Both directions, so that lock orders cross.
                    let video = videos[(n + round) % 2];
                    let result = if (n + round / 2) % 3 == 0 {
                        store.withdraw_vote(video, voter, &always()).await
                    } else {
                        store.cast_vote(video, voter, &always(), &Footprint::default()).await
                    };
                    match result {
                        Ok(_) | Err(VoteError::AlreadyVoted | VoteError::NotVoted) => {}
                        Err(other) => panic!("{other}"),
                    }
                }
                store.cast_vote(videos[0], voter, &always(), &Footprint::default()).await.ok();
            })
        });
        for task in futures::future::join_all(crowd).await {
            task.unwrap();
        }
        for video in videos {
            let (total, votes) = total_and_votes(&store, video).await;
            assert_eq!(total, votes);
        }
        assert_eq!(total_and_votes(&store, videos[0]).await, (8, 8));
    }

    async fn one_player_in_many_windows_has_one_vote(store: TestStore) {
        let (ana, luis) = (store.a_player("Ana").await, store.a_player("Luis").await);
        let video = store.a_completed_video(&ana).await.id;
        let other = store.of_another_process().await;
        let windows = (0..8).map(|n| {
            let store = if n % 2 == 0 { (*store).clone() } else { other.clone() };
            tokio::spawn(async move { store.cast_vote(video, luis.id, &always(), &Footprint::default()).await })
        });
        let results = futures::future::join_all(windows).await;
        let counted = results.iter().filter(|result| result.as_ref().unwrap().is_ok()).count();
        assert_eq!(counted, 1);
        assert_eq!(total_and_votes(&store, video).await, (1, 1));
    }
}
