//! Taking a video back.

use crate::{browser::visit, device::Device, pages::SUBMIT, people::ANA, site::Site};

#[tokio::test]
async fn a_video_is_deleted_after_a_question() {
    let site = Site::with_videos(&[]).await;
    let giro = site.video("Giro").await;
    visit("delete", &site, Device::DESKTOP, async |ana| {
        ana.signs_in(&ANA).await;
        ana.goes_to("/me/videos").await;
        ana.follows(&format!("[href='/me/videos/{giro}/delete']")).await;
        assert!(ana.reads("main").await.contains("Giro"), "it is not said which");
        ana.follows("main a[href='/me/videos']").await;
        ana.sees(&format!("li[data-video='{giro}']")).await;
        ana.follows(&format!("[href='/me/videos/{giro}/delete']")).await;
        ana.follows(SUBMIT).await;
        ana.is_at("/me/videos").await;
        assert_eq!(ana.count(&format!("li[data-video='{giro}']")).await, 0);
        ana.goes_to(&format!("/videos/{giro}")).await;
        ana.sees("main a[href='/']").await;
    })
    .await;
    let gone = site.api.client.get(site.api.url(&format!("/api/public/videos/{giro}")));
    assert_eq!(gone.send().await.unwrap().status(), 404);
}
