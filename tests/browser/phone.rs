//! The whole way on a screen of 360 pixels.

use crate::{
    browser::{Browser, visit},
    clips,
    device::Device,
    main_job::plays_in_720_lines,
    pages::VOTE,
    people::{ANA, LUIS},
    site::Site,
};

#[tokio::test]
async fn a_phone_does_all_that_a_desk_does() {
    let site = Site::empty(&[]).await;
    visit("phone", &site, Device::PHONE, async |phone| {
        phone.goes_to("/").await;
        fits(phone).await;
        phone.signs_up(&ANA).await;
        phone.uploads(clips::short(), "Grabado en vertical").await;
        fits(phone).await;
        phone.goes_to("/me/videos").await;
        phone.own_video_is("completed").await;
        fits(phone).await;
        phone.signs_out().await;
        phone.signs_up(&LUIS).await;
        phone.opens_video(&site, "Grabado en vertical").await;
        plays_in_720_lines(phone).await;
        phone.clicks(VOTE).await;
        let counted = async || site.get("/api/public/videos").await[0]["votes"] == 1;
        phone.until("the vote counts", counted).await;
        fits(phone).await;
        phone.goes_to("/rankings").await;
        phone.finds("Ana Prueba").await;
        fits(phone).await;
    })
    .await;
}

/// Nothing sticks out at the side.
pub async fn fits(browser: &Browser) {
    let sizes: [u32; 2] = browser
        .asks("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        .await;
    let [content, screen] = sizes;
    assert!(content <= screen, "{} is {content} wide", browser.place().await);
}
