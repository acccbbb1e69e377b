//! Votes, and why there is none.

use crate::{
    browser::{Browser, visit},
    device::Device,
    pages::VOTE,
    people::{ANA, CARLOS},
    site::Site,
};

/// One that nobody has voted for.
const UNLOVED: &str = "Zurda";

#[tokio::test]
async fn a_vote_is_cast_and_withdrawn_without_leaving_the_page() {
    let site = Site::with_videos(&[]).await;
    visit("vote", &site, Device::DESKTOP, async |ana| {
        ana.signs_in(&ANA).await;
        ana.opens_video(&site, UNLOVED).await;
        let _: bool = ana.asks("window.isTheSame = true").await;
        ana.clicks(VOTE).await;
        votes_are(ana, &site, 1).await;
        ana.until("it can be withdrawn", async || pressed(ana).await).await;
        ana.clicks(VOTE).await;
        votes_are(ana, &site, 0).await;
        ana.until("it can be cast again", async || !pressed(ana).await).await;
        assert!(ana.asks::<bool>("window.isTheSame").await, "the page was loaded again");
    })
    .await;
}

#[tokio::test]
async fn who_cannot_vote_is_told_why() {
    let site = Site::with_videos(&[]).await;
    visit("vote-why", &site, Device::DESKTOP, async |carlos| {
        carlos.opens_video(&site, UNLOVED).await;
        carlos.sees("main a[href^='/sign-in']").await;
        carlos.signs_in(&CARLOS).await;
        carlos.opens_video(&site, UNLOVED).await;
        assert_eq!(carlos.count(&format!("{VOTE}:not([disabled])")).await, 0, "it is their own");
    })
    .await;
    let closed = ("ANB_SHOWCASE__VOTING__CLOSES_AT", "2026-01-01T00:00:00Z");
    let site = Site::with_videos(&[closed]).await;
    visit("vote-closed", &site, Device::DESKTOP, async |ana| {
        ana.signs_in(&ANA).await;
        ana.opens_video(&site, UNLOVED).await;
        assert_eq!(ana.count(&format!("{VOTE}:not([disabled])")).await, 0, "voting is closed");
    })
    .await;
}

async fn votes_are(browser: &Browser, site: &Site, votes: u64) {
    let path = format!("/api/public/videos/{}", site.video(UNLOVED).await);
    let counted = async || site.get(&path).await["votes"] == votes;
    browser.until(&format!("{votes} votes are counted"), counted).await;
}

/// Whether the button says that one's vote is there.
async fn pressed(browser: &Browser) -> bool {
    browser.count(&format!("{VOTE}[value=withdraw]")).await == 1
}
