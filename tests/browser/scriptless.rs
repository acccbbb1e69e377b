//! A browser that runs no scripts.

use crate::{
    browser::visit,
    clips,
    device::Device,
    pages::{SUBMIT, VOTE},
    people::{ANA, LUIS},
    site::Site,
};

#[tokio::test]
async fn signing_up_uploading_and_voting_need_no_script() {
    let site = Site::empty(&[]).await;
    visit("scriptless", &site, Device::WITHOUT_SCRIPTS, async |browser| {
        browser.signs_up(&ANA).await;
        browser.chooses_to_upload(&[clips::short()]).await;
        browser.sees("#upload-form noscript p").await;
        browser.writes("#upload-form [name=title]", "Sin guion").await;
        browser.follows(SUBMIT).await;
        browser.is_at("/me/videos").await;
        let published = async || {
            browser.driver.refresh().await.unwrap();
            browser.count("li[data-video][data-status=completed]").await == 1
        };
        browser.until("it is published", published).await;
        browser.signs_out().await;

        browser.signs_up(&LUIS).await;
        browser.goes_to("/").await;
        browser.follows("main a[href^='/videos/']").await;
        browser.follows(VOTE).await;
        assert_eq!(site.get("/api/public/videos").await[0]["votes"], 1);
        browser.follows(VOTE).await;
        assert_eq!(site.get("/api/public/videos").await[0]["votes"], 0);
        browser.switches_to("en").await;
    })
    .await;
}
