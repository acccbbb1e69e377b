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

async fn fits(browser: &Browser) {
    let wide = sticks_out(browser).await;
    assert!(wide.is_empty(), "{} is too wide: {wide:#?}", browser.place().await);
}

/// What reaches beyond the screen, if the page does.
pub async fn sticks_out(browser: &Browser) -> Vec<String> {
    browser
        .asks(
            "(({scrollWidth, clientWidth}) => scrollWidth <= clientWidth ? [] :
                [...document.body.querySelectorAll('*')]
                    .filter(one => one.getBoundingClientRect().right > clientWidth)
                    .map(one => `too wide (${scrollWidth}): ${one.cloneNode().outerHTML}`))
                (document.documentElement)",
        )
        .await
}
