//! Looking around: filters, search, order, pages, and back.

use crate::{
    browser::{Browser, visit},
    device::Device,
    pages::SUBMIT,
    people::SHOWN,
    site::Site,
};

const FIRST_PAGE: usize = 24;

#[tokio::test]
async fn back_and_forward_lead_through_what_was_looked_at() {
    let site = Site::with_videos(&[]).await;
    let all: usize = SHOWN.iter().map(|(_, titles)| titles.len()).sum();
    visit("showcase", &site, Device::DESKTOP, async |reader| {
        reader.goes_to("/").await;
        let newest = reader.shown_videos().await;
        assert_eq!(newest.len(), FIRST_PAGE);

        reader.follows("main a[rel=next]").await;
        let rest = reader.shown_videos().await;
        assert_eq!(rest.len(), all - FIRST_PAGE);
        assert!(rest.iter().all(|video| !newest.contains(video)), "a page repeats another");

        reader.goes_to("/").await;
        looks_for(reader, "city", "Cali").await;
        let from_cali = reader.shown_videos().await;
        assert_eq!(from_cali.len(), 7);

        looks_for(reader, "q", "mate").await;
        let found = reader.shown_videos().await;
        assert_eq!(found, [format!("/videos/{}", site.video("Mate").await)]);

        goes_back_to(reader, &from_cali).await;
        goes_back_to(reader, &newest).await;
        reader.driver.forward().await.unwrap();
        shows(reader, &from_cali).await;
        let city = reader.sees("[name=city]").await.prop("value").await.unwrap();
        assert_eq!(city.as_deref(), Some("Cali"), "the filter does not show what it filters");
    })
    .await;
}

#[tokio::test]
async fn the_most_voted_come_first_when_asked() {
    let site = Site::with_videos(&[]).await;
    visit("showcase-sort", &site, Device::DESKTOP, async |reader| {
        reader.goes_to("/").await;
        reader.follows("main a[href*='sort=votes']").await;
        let mut best = Vec::new();
        for title in ["Triple desde el logo", "Mate", "Tiro libre"] {
            best.push(format!("/videos/{}", site.video(title).await));
        }
        assert_eq!(reader.shown_videos().await[..3], best);
    })
    .await;
}

#[tokio::test]
async fn whoever_finds_nothing_is_helped() {
    let site = Site::with_videos(&[]).await;
    visit("showcase-nothing", &site, Device::DESKTOP, async |reader| {
        reader.goes_to("/?q=voleibol").await;
        assert!(reader.shown_videos().await.is_empty());
        reader.follows("main .empty a").await;
        assert_eq!(reader.shown_videos().await.len(), FIRST_PAGE);
    })
    .await;
}

#[tokio::test]
async fn pointing_at_a_card_plays_its_preview() {
    let site = Site::with_videos(&[]).await;
    visit("showcase-preview", &site, Device::DESKTOP, async |reader| {
        reader.goes_to("/").await;
        let card = reader.sees("main a[href^='/videos/']").await;
        reader.driver.action_chain().move_to_element_center(&card).perform().await.unwrap();
        let plays = "[...document.querySelectorAll('video')].some(clip => clip.currentTime > 0.2)";
        reader.until("a preview plays", async || reader.asks::<bool>(plays).await).await;
    })
    .await;
}

/// Fills a field of the filter and sends it.
async fn looks_for(reader: &Browser, field: &str, text: &str) {
    reader.writes(&format!("main [name={field}]"), text).await;
    reader.follows(SUBMIT).await;
}

async fn goes_back_to(reader: &Browser, videos: &[String]) {
    reader.driver.back().await.unwrap();
    shows(reader, videos).await;
}

async fn shows(reader: &Browser, videos: &[String]) {
    reader.until("the same videos again", async || reader.shown_videos().await == videos).await;
}
