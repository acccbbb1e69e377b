//! What people and workers do, in one word each.

#![expect(clippy::unwrap_used, reason = "a verb that fails is a failed test, and says where")]

use std::time::Duration;

use anb_domain::{Approval, VideoId, vote_review::Footprint};
use anb_store::{
    Claim, ClaimOutcome, NewPlayer, NewUpload, Player, PublishedResult, UploadedOriginal, Video,
};

use crate::TestStore;

/// The lease of a claim that a test makes in passing.
const LEASE: Duration = Duration::from_mins(2);

impl TestStore {
    /// Registers somebody from Bogotá: `Ana` is `ana@example.com`.
    pub async fn a_player(&self, name: &str) -> Player {
        self.a_player_from(name, "Bogotá", "Colombia").await
    }

    /// Registers somebody from elsewhere.
    pub async fn a_player_from(&self, name: &str, city: &str, country: &str) -> Player {
        let new = NewPlayer {
            first_name: name.parse().unwrap(),
            last_name: "Ruiz".parse().unwrap(),
            email: format!("{}@example.com", name.to_lowercase()).parse().unwrap(),
            password_hash: "$argon2id$not-a-real-hash".into(),
            city: city.parse().unwrap(),
            country: country.parse().unwrap(),
            from: Footprint::default(),
        };
        self.create_player(new).await.unwrap()
    }

    /// Begins an upload that has an hour to arrive.
    pub async fn an_upload(&self, owner: &Player) -> VideoId {
        let expires_at = anb_domain::Clock::now(&*self.clock) + Duration::from_hours(1);
        self.begin_upload(NewUpload { owner: owner.id, expires_at }).await.unwrap()
    }

    /// Uploads a clip; its message waits in the outbox.
    pub async fn a_pending_video(&self, owner: &Player) -> Video {
        self.a_pending_video_called(owner, "Triple desde el logo").await
    }

    pub async fn a_pending_video_called(&self, owner: &Player, title: &str) -> Video {
        let upload = self.an_upload(owner).await;
        self.complete_upload(upload, original(title)).await.unwrap().unwrap()
    }

    /// Has worker `w1` take the video on.
    pub async fn claimed(&self, video: VideoId) -> Claim {
        match self.claim(video, "w1", "receipt-1", LEASE).await.unwrap() {
            ClaimOutcome::Claimed(claim) => *claim,
            other => panic!("the video cannot be claimed: {other:?}"),
        }
    }

    /// Uploads a clip and has a worker take it on.
    pub async fn a_claimed_video(&self, owner: &Player) -> Claim {
        let video = self.a_pending_video(owner).await;
        self.claimed(video.id).await
    }

    /// Uploads a clip and has it published.
    pub async fn a_completed_video(&self, owner: &Player) -> Video {
        self.a_completed_video_called(owner, "Triple desde el logo").await
    }

    pub async fn a_completed_video_called(&self, owner: &Player, title: &str) -> Video {
        let video = self.a_pending_video_called(owner, title).await;
        let claim = self.claimed(video.id).await;
        assert!(self.publish(&claim, published()).await.unwrap());
        self.video(video.id).await.unwrap().unwrap()
    }

    /// Uploads a clip into a category and has it published.
    pub async fn a_completed_video_in(&self, owner: &Player, category: &str) -> Video {
        let upload = self.an_upload(owner).await;
        let original = UploadedOriginal { category: Some(category.into()), ..original("Mate") };
        self.complete_upload(upload, original).await.unwrap().unwrap();
        let claim = self.claimed(upload).await;
        assert!(self.publish(&claim, published()).await.unwrap());
        self.video(upload).await.unwrap().unwrap()
    }

    /// Has `voter` vote for the video.
    pub async fn vote(&self, voter: &Player, video: VideoId) {
        let always = anb_domain::voting::VotingWindow::default();
        self.cast_vote(video, voter.id, &always, &Footprint::default()).await.unwrap();
    }
}

/// What has arrived when a clip of 3 MB has been uploaded.
#[must_use]
pub fn original(title: &str) -> UploadedOriginal {
    UploadedOriginal {
        title: title.parse().unwrap(),
        category: None,
        size_bytes: 3_000_000,
        sha256: Some("ab".repeat(32)),
        content_type: "video/mp4".into(),
        traceparent: None,
    }
}

/// What a worker publishes: 34.5 s in 7 MB.
#[must_use]
pub fn published() -> PublishedResult {
    PublishedResult {
        duration_s: 34.5,
        size_bytes: 7_000_000,
        steps: Vec::new(),
        task_ms: None,
        approval: Approval::None,
        recipe: None,
    }
}
