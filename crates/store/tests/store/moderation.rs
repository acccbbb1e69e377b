use anb_domain::{
    Approval, PlayerId, Reason, Ruling, VideoId, VideoStatus, Visibility, vote_review::Footprint,
    voting::VotingWindow,
};
use anb_store::{
    Actor, AuditFilter, Ballot, Player, PublicFilter, PublishedResult, RankingFilter, RuleError,
    Video, VoteError,
};
use anb_testkit::{TestStore, on_each_database, published};

fn operator(number: u128) -> Actor {
    let id = Some(PlayerId(sea_orm::prelude::Uuid::from_u128(number)));
    Actor { id, name: "Olga".into(), role: "operator".into(), ..Actor::system() }
}

fn because(reason: &str) -> Reason {
    reason.parse().unwrap()
}

/// Uploads a clip and has it published where somebody may look at it first.
async fn made(store: &TestStore, owner: &Player, approval: Approval) -> Video {
    let claim = store.a_claimed_video(owner).await;
    let result = PublishedResult { approval, ..published() };
    assert!(store.publish(&claim, result).await.unwrap());
    store.video(claim.video.id).await.unwrap().unwrap()
}

async fn seen(store: &TestStore, video: VideoId) -> Visibility {
    store.video(video).await.unwrap().unwrap().visibility
}

async fn is_listed(store: &TestStore, video: VideoId) -> bool {
    let filter = PublicFilter { limit: 100, ..PublicFilter::default() };
    let page = store.public_videos(&filter).await.unwrap();
    assert_eq!(page.items.len() as u64, page.total);
    let listed = page.items.iter().any(|other| other.id == video);
    assert_eq!(store.public_video(video).await.unwrap().is_some(), listed);
    listed
}

async fn ranked(store: &TestStore) -> Vec<(u64, String, u64)> {
    let page = store.rankings(&RankingFilter::default(), 1, 100).await.unwrap();
    assert_eq!(page.items.len() as u64, page.total);
    page.items.into_iter().map(|line| (line.position, line.username, line.votes)).collect()
}

async fn actions(store: &TestStore) -> Vec<String> {
    let entries = store.audit(&AuditFilter::default(), 100).await.unwrap();
    entries.into_iter().rev().map(|entry| entry.action).collect()
}

on_each_database! {
    async fn nobody_looks_first_unless_the_contest_says_so(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = made(&store, &ana, Approval::None).await;
        assert_eq!(video.visibility, Visibility::Public);
        assert!(is_listed(&store, video.id).await);
    }

    async fn every_result_may_await_approval(store: TestStore) {
        let ana = store.a_player("Ana").await;
        for _ in 0..2 {
            let video = made(&store, &ana, Approval::All).await;
            assert_eq!((video.status, video.visibility), (VideoStatus::Completed, Visibility::Awaiting));
            assert!(!is_listed(&store, video.id).await);
            store.rule(&operator(1), video.id, Ruling::Publish, None).await.unwrap();
            assert!(is_listed(&store, video.id).await);
        }
        assert_eq!(actions(&store).await, ["video-approved", "video-approved"]);
    }

    async fn a_player_of_whom_something_is_public_needs_no_approval(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let first = made(&store, &ana, Approval::FirstVideo).await;
        let second = made(&store, &ana, Approval::FirstVideo).await;
        assert_eq!((first.visibility, second.visibility), (Visibility::Awaiting, Visibility::Awaiting));
        store.rule(&operator(1), first.id, Ruling::Publish, None).await.unwrap();
        let third = made(&store, &ana, Approval::FirstVideo).await;
        assert_eq!(third.visibility, Visibility::Public);
        let luis = store.a_player("Luis").await;
        assert_eq!(made(&store, &luis, Approval::FirstVideo).await.visibility, Visibility::Awaiting);
    }

    async fn what_is_made_again_needs_no_second_approval(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let before_the_setting = store.a_completed_video(&ana).await.id;
        let approved = made(&store, &ana, Approval::All).await.id;
        store.rule(&operator(1), approved, Ruling::Publish, None).await.unwrap();
        let hidden = made(&store, &ana, Approval::None).await.id;
        store.rule(&operator(1), hidden, Ruling::Unpublish, Some(&because("Wrong clip"))).await.unwrap();
        for (video, expected) in [
            (before_the_setting, Visibility::Public),
            (approved, Visibility::Public),
            (hidden, Visibility::Hidden),
        ] {
            assert!(store.restore_video(video).await.unwrap());
            let claim = store.claimed(video).await;
            let result = PublishedResult { approval: Approval::All, ..published() };
            assert!(store.publish(&claim, result).await.unwrap());
            assert_eq!(seen(&store, video).await, expected);
        }
    }

    async fn a_disqualified_video_takes_its_votes_along_and_brings_them_back(store: TestStore) {
        let (ana, luis, eva) =
            (store.a_player("Ana").await, store.a_player("Luis").await, store.a_player("Eva").await);
        let hers = store.a_completed_video(&ana).await.id;
        let other = store.a_completed_video(&ana).await.id;
        let his = store.a_completed_video(&luis).await.id;
        for (voter, video) in [(&luis, hers), (&eva, hers), (&luis, other), (&ana, his), (&eva, his)] {
            store.vote(voter, video).await;
        }
        let line = |position, name: &str, votes| (position, format!("{name} Ruiz"), votes);
        let before = [line(1, "Ana", 3), line(2, "Luis", 2)];
        assert_eq!(ranked(&store).await, before);

        let reason = Some(because("Somebody else's play"));
        store.rule(&operator(1), hers, Ruling::Disqualify, reason.as_ref()).await.unwrap();
        assert_eq!(ranked(&store).await, [line(1, "Luis", 2), line(2, "Ana", 1)]);
        let standing = store.standing_of(ana.id).await.unwrap().unwrap();
        assert_eq!((standing.city_position, standing.votes), (2, 1));
        assert_eq!(store.places().await.unwrap()[0].videos, 2);
        let video = store.video(hers).await.unwrap().unwrap();
        assert_eq!((video.votes, video.visibility_reason.as_deref()), (2, Some("Somebody else's play")));

        assert_eq!(store.rule(&operator(2), hers, Ruling::Reinstate, None).await.unwrap(), Visibility::Public);
        assert_eq!(ranked(&store).await, before);
        assert_eq!(store.video(hers).await.unwrap().unwrap().visibility_reason, None);
        assert_eq!(actions(&store).await, ["video-disqualified", "video-reinstated"]);
    }

    async fn nobody_votes_for_what_nobody_sees(store: TestStore) {
        let (ana, luis, eva) =
            (store.a_player("Ana").await, store.a_player("Luis").await, store.a_player("Eva").await);
        let video = store.a_completed_video(&ana).await.id;
        store.vote(&luis, video).await;
        store.rule(&operator(1), video, Ruling::Unpublish, Some(&because("Wrong clip"))).await.unwrap();
        let always = VotingWindow::default();
        let cast = store.cast_vote(video, eva.id, &always, &Footprint::default()).await;
        assert!(matches!(cast, Err(VoteError::NotFound)), "{cast:?}");
        let withdrawn = store.withdraw_vote(video, luis.id, &always).await;
        assert!(matches!(withdrawn, Err(VoteError::NotFound)), "{withdrawn:?}");
        assert_eq!(store.vote_status(video, luis.id).await.unwrap(), None);
        store.rule(&operator(1), video, Ruling::Publish, None).await.unwrap();
        assert_eq!(store.vote_status(video, luis.id).await.unwrap().map(|(ballot, _)| ballot), Some(Ballot::Counts));
    }

    async fn a_ruling_that_cannot_be_is_refused(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = store.a_completed_video(&ana).await.id;
        let refused = store.rule(&operator(1), video, Ruling::Publish, None).await;
        assert!(matches!(refused, Err(RuleError::Refused(_))), "{refused:?}");
        let refused = store.rule(&operator(1), video, Ruling::Disqualify, None).await;
        assert!(matches!(refused, Err(RuleError::ReasonMissing)), "{refused:?}");
        let unfinished = store.an_upload(&ana).await;
        let refused = store.rule(&operator(1), unfinished, Ruling::Disqualify, Some(&because("x"))).await;
        assert!(matches!(refused, Err(RuleError::NotFound)), "{refused:?}");
        assert!(actions(&store).await.is_empty(), "what was refused was not done");
    }

    async fn the_last_ruling_can_be_taken_back_by_whoever_made_it(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let video = made(&store, &ana, Approval::All).await;
        let nothing = store.undo_ruling(&operator(1), video.id).await;
        assert!(matches!(nothing, Err(RuleError::NothingToUndo)), "{nothing:?}");

        store.rule(&operator(1), video.id, Ruling::Unpublish, Some(&because("Blurred"))).await.unwrap();
        let others = store.undo_ruling(&operator(2), video.id).await;
        assert!(matches!(others, Err(RuleError::NothingToUndo)), "{others:?}");
        assert_eq!(store.undo_ruling(&operator(1), video.id).await.unwrap(), Visibility::Awaiting);
        let back = store.video(video.id).await.unwrap().unwrap();
        assert_eq!((back.visibility_reason, back.visibility_at), (None, video.visibility_at));
        let twice = store.undo_ruling(&operator(1), video.id).await;
        assert!(matches!(twice, Err(RuleError::NothingToUndo)), "{twice:?}");
        assert_eq!(actions(&store).await, ["video-declined", "video-ruling-undone"]);
    }
}
