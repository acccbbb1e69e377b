//! From nobody to the first vote.

use crate::{
    browser::{Browser, visit},
    clips,
    device::Device,
    pages::VOTE,
    people::{ANA, LUIS},
    site::Site,
};

#[tokio::test]
async fn from_signing_up_to_climbing_the_ranking() {
    let site = Site::empty(&[]).await;
    visit("main-job-ana", &site, Device::DESKTOP, async |ana| {
        ana.signs_up(&ANA).await;
        ana.uploads(clips::short(), "Triple desde el logo").await;
        ana.goes_to("/me/videos").await;
        ana.own_video_is("completed").await;
        ana.follows("li[data-video] a[href^='/videos/']").await;
        plays_in_720_lines(ana).await;
        seeks(ana).await;
        ana.goes_to("/rankings").await;
        assert!(!ranking_shows_one_vote(ana).await);
        // Lives as long as the page does.
        let _: bool = ana.asks("window.isTheSame = true").await;
        luis_votes(&site).await;
        let shown = async || ranking_shows_one_vote(ana).await;
        ana.until("the ranking shows the vote", shown).await;
        assert!(ana.asks::<bool>("window.isTheSame").await, "the page was loaded again");
    })
    .await;
}

async fn luis_votes(site: &Site) {
    visit("main-job-luis", site, Device::DESKTOP, async |luis| {
        luis.signs_up(&LUIS).await;
        luis.opens_video(site, "Triple desde el logo").await;
        luis.clicks(VOTE).await;
        let counted = async || site.get("/api/public/videos").await[0]["votes"] == 1;
        luis.until("the vote counts", counted).await;
    })
    .await;
}

async fn ranking_shows_one_vote(browser: &Browser) -> bool {
    browser.count("main tr[data-player][data-votes='1']").await == 1
}

pub async fn plays_in_720_lines(browser: &Browser) {
    browser.sees("video").await;
    // Browsers play for people, and a person has touched the page.
    browser.clicks("main h1").await;
    let video = "document.querySelector('video')";
    let _: Option<bool> = browser.asks(&format!("void {video}.play()")).await;
    let plays = async || browser.asks::<f64>(&format!("{video}.currentTime")).await > 0.5;
    browser.until("the video plays", plays).await;
    let size: [u32; 2] = browser.asks(&format!("[{video}.videoWidth, {video}.videoHeight]")).await;
    assert_eq!(size, [1280, 720]);
}

async fn seeks(browser: &Browser) {
    let video = "document.querySelector('video')";
    let _: f64 = browser.asks(&format!("{video}.currentTime = {video}.duration - 1")).await;
    let arrived = format!("!{video}.seeking && {video}.currentTime > 4");
    browser.until("it seeks", async || browser.asks::<bool>(&arrived).await).await;
}
