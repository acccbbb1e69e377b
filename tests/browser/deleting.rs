//! Taking a video back, and oneself.

use crate::{browser::visit, device::Device, pages::SUBMIT, people::ANA, site::Site};

const PASSWORD_FIELD: &str = "main [name=password]";

#[tokio::test]
async fn a_video_is_deleted_after_a_question() {
    let site = Site::with_videos(&[]).await;
    let giro = site.video("Giro").await;
    let (row, delete) = (format!("li[data-video='{giro}']"), format!("[href$='{giro}/delete']"));
    visit("delete", &site, Device::DESKTOP, async |ana| {
        ana.signs_in(&ANA).await;
        ana.goes_to("/me/videos").await;
        ana.clicks(&delete).await;
        assert!(ana.reads("dialog[open]").await.contains("Giro"), "it is not said which");
        ana.clicks("dialog [data-close]").await;
        ana.clicks(&delete).await;
        ana.follows("dialog .danger").await;
        assert_eq!(ana.count(&row).await, 0);
        ana.goes_to(&format!("/videos/{giro}")).await;
        ana.sees("main a[href='/']").await;
    })
    .await;
    is_gone(&site, &giro).await;
}

#[tokio::test]
async fn without_scripts_the_question_is_a_page() {
    let site = Site::with_videos(&[]).await;
    let giro = site.video("Giro").await;
    let (row, delete) = (format!("li[data-video='{giro}']"), format!("[href$='{giro}/delete']"));
    visit("delete-scriptless", &site, Device::WITHOUT_SCRIPTS, async |ana| {
        ana.signs_in(&ANA).await;
        ana.goes_to("/me/videos").await;
        ana.follows(&delete).await;
        assert!(ana.reads("main").await.contains("Giro"), "it is not said which");
        ana.follows("main a[href='/me/videos']").await;
        ana.sees(&row).await;
        ana.follows(&delete).await;
        ana.follows(SUBMIT).await;
        ana.is_at("/me/videos").await;
        assert_eq!(ana.count(&row).await, 0);
    })
    .await;
    is_gone(&site, &giro).await;
}

#[tokio::test]
async fn an_account_is_deleted_with_its_password() {
    let site = Site::with_videos(&[]).await;
    let giro = site.video("Giro").await;
    visit("delete-account", &site, Device::PHONE, async |ana| {
        ana.signs_in(&ANA).await;
        ana.goes_to("/me").await;
        ana.follows("main a[href='/me/delete']").await;
        ana.writes(PASSWORD_FIELD, "not the password").await;
        ana.follows(SUBMIT).await;
        ana.sees("[role=alert]").await;
        ana.is_signed_in().await;
        ana.writes(PASSWORD_FIELD, ANA.password).await;
        ana.follows(SUBMIT).await;
        assert_eq!(ana.count("form[action='/sign-out']").await, 0, "still signed in");
    })
    .await;
    is_gone(&site, &giro).await;
}

async fn is_gone(site: &Site, video: &str) {
    let show = site.api.client.get(site.api.url(&format!("/api/public/videos/{video}")));
    assert_eq!(show.send().await.unwrap().status(), 404);
}
