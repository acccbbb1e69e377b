use std::time::Duration;

use anb_domain::{VideoStatus, vote_review::Footprint, voting::VotingWindow};
use anb_store::{ClaimOutcome, DeleteVideoError, VoteError, VoteTotal};
use anb_testkit::{TestStore, on_each_database, original, published};
use futures::future::join_all;

const LEASE: Duration = Duration::from_mins(2);

fn always() -> VotingWindow {
    VotingWindow::default()
}

on_each_database! {
    async fn an_owner_deletes_and_nobody_else(store: TestStore) {
        let (ana, luis) = (store.a_player("Ana").await, store.a_player("Luis").await);
        let video = store.a_pending_video(&ana).await.id;
        assert!(matches!(store.delete_video(video, luis.id).await, Err(DeleteVideoError::NotOwner)));
        store.delete_video(video, ana.id).await.unwrap();
        assert!(matches!(store.delete_video(video, ana.id).await, Err(DeleteVideoError::NotFound)));

        let tombstone = store.video(video).await.unwrap().unwrap();
        assert_eq!(tombstone.status, VideoStatus::Deleted);
        assert!(tombstone.deleted_at.is_some());
        assert_eq!(store.videos_of(ana.id).await.unwrap(), []);
        assert_eq!(store.unpurged_tombstones(10).await.unwrap(), [video]);
        assert_eq!(store.outbox_backlog().await.unwrap().0, 0, "its message is not sent");
        let claim = store.claim(video, "w1", "r1", LEASE).await.unwrap();
        assert!(matches!(claim, ClaimOutcome::Finished));

        store.tombstone_purged(video).await.unwrap();
        assert_eq!(store.unpurged_tombstones(10).await.unwrap(), []);
    }

    async fn a_worker_learns_that_its_video_is_gone(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let claim = store.a_claimed_video(&ana).await;
        store.delete_video(claim.video.id, ana.id).await.unwrap();
        assert!(!store.heartbeat(&claim, LEASE).await.unwrap());
        assert!(!store.note_progress(&claim, 50).await.unwrap());
        assert!(!store.publish(&claim, published()).await.unwrap());
        assert_eq!(
            store.video(claim.video.id).await.unwrap().unwrap().status,
            VideoStatus::Deleted
        );
    }

    async fn a_published_video_with_votes_stays(store: TestStore) {
        let (ana, luis) = (store.a_player("Ana").await, store.a_player("Luis").await);
        let video = store.a_completed_video(&ana).await.id;
        store.vote(&luis, video).await;
        assert!(matches!(store.delete_video(video, ana.id).await, Err(DeleteVideoError::HasVotes)));
        store.withdraw_vote(video, luis.id, &always()).await.unwrap();
        store.delete_video(video, ana.id).await.unwrap();
        let late = store.cast_vote(video, luis.id, &always(), &Footprint::default()).await;
        assert!(matches!(late, Err(VoteError::NotFound)));
    }

    async fn a_vote_and_a_deletion_at_once_do_not_both_succeed(store: TestStore) {
        let (ana, luis) = (store.a_player("Ana").await, store.a_player("Luis").await);
        let other = store.of_another_process().await;
        for _ in 0..10 {
            let video = store.a_completed_video(&ana).await.id;
            let (here, there) = ((*store).clone(), other.clone());
            let deleted = tokio::spawn(async move { here.delete_video(video, ana.id).await });
            let voted =
                tokio::spawn(async move { there.cast_vote(video, luis.id, &always(), &Footprint::default()).await });
            let (deleted, voted) = tokio::join!(deleted, voted);
            match (deleted.unwrap(), voted.unwrap()) {
                (Ok(()), Err(VoteError::NotFound))
                | (Err(DeleteVideoError::HasVotes), Ok(VoteTotal(1))) => {}
                both => panic!("{both:?}"),
            }
        }
    }

    async fn a_person_goes_with_votes_and_videos(store: TestStore) {
        let (ana, luis) = (store.a_player("Ana").await, store.a_player("Luis").await);
        let of_luis = store.a_completed_video(&luis).await.id;
        let of_ana = store.a_completed_video(&ana).await.id;
        let running = store.a_claimed_video(&ana).await;
        let arriving = store.an_upload(&ana).await;
        store.vote(&ana, of_luis).await;
        store.vote(&luis, of_ana).await;

        assert!(store.delete_player(ana.id).await.unwrap());
        assert!(!store.delete_player(ana.id).await.unwrap());
        assert_eq!(store.player(ana.id).await.unwrap(), None);
        let left = store.video(of_luis).await.unwrap().unwrap();
        assert_eq!((left.status, left.votes), (VideoStatus::Completed, 0));
        for video in [of_ana, running.video.id, arriving] {
            let tombstone = store.video(video).await.unwrap().unwrap();
            assert_eq!(tombstone.status, VideoStatus::Deleted);
            assert_eq!((tombstone.owner, tombstone.votes), (ana.id, 0));
            assert_eq!(tombstone.title, "", "what she wrote is forgotten");
        }
        let mut purge = store.unpurged_tombstones(10).await.unwrap();
        purge.sort();
        assert_eq!(purge, [of_ana, running.video.id, arriving]);
        assert!(!store.publish(&running, published()).await.unwrap());
        assert!(store.complete_upload(arriving, original("Tarde")).await.unwrap().is_none());

        let back = store.a_player("Ana").await;
        assert_ne!(back.id, ana.id, "the address is free again, the past is not hers");
        assert_eq!(store.videos_of(back.id).await.unwrap(), []);
    }

    async fn people_who_voted_for_each_other_may_all_leave_at_once(store: TestStore) {
        let mut crowd = Vec::new();
        for n in 0..6 {
            let player = store.a_player(&format!("Player{n}")).await;
            let video = store.a_completed_video(&player).await.id;
            crowd.push((player, video));
        }
        for (voter, own) in &crowd {
            for (_, video) in crowd.iter().filter(|(_, video)| video != own) {
                store.vote(voter, *video).await;
            }
        }
        let other = store.of_another_process().await;
        let leaving = crowd[..5].iter().enumerate().map(|(n, (player, _))| {
            let store = if n % 2 == 0 { (*store).clone() } else { other.clone() };
            let id = player.id;
            tokio::spawn(async move { store.delete_player(id).await })
        });
        for left in join_all(leaving).await {
            assert!(left.unwrap().unwrap());
        }
        let last = store.video(crowd[5].1).await.unwrap().unwrap();
        assert_eq!((last.status, last.votes), (VideoStatus::Completed, 0));
    }
}
