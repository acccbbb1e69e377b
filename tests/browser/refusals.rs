//! Clips that are not what the showcase wants.

use crate::{browser::visit, clips, device::Device, pages::SUBMIT, people::ANA, site::Site};

/// At least 20 seconds and 1080 lines.
const STRICT: (&str, &str) = ("ANB_SHOWCASE__PRESET", "anb");

const REFUSED: &str = "li[data-upload][data-state=refused]";

#[tokio::test]
async fn a_rejected_clip_shows_its_reason_in_the_readers_language() {
    let site = Site::empty(&[STRICT]).await;
    visit("rejected", &site, Device::DESKTOP, async |ana| {
        ana.signs_up(&ANA).await;
        ana.uploads(clips::opaque(), "Desde el celular").await;
        ana.goes_to("/me/videos").await;
        ana.own_video_is("rejected").await;
        let spanish = ana.reads("li[data-video]").await;
        assert!(spanish.contains("1080") && spanish.contains("240"), "{spanish}");
        ana.switches_to("en").await;
        let english = ana.reads("li[data-video]").await;
        assert!(english.contains("1080") && english.contains("240"), "{english}");
        let sentence =
            |text: &str| text.lines().find(|line| line.contains("1080")).map(str::to_owned);
        assert_ne!(sentence(&spanish), sentence(&english));
    })
    .await;
}

#[tokio::test]
async fn a_clip_is_checked_before_it_is_sent() {
    let site = Site::empty(&[STRICT]).await;
    visit("refused", &site, Device::DESKTOP, async |ana| {
        ana.signs_up(&ANA).await;
        ana.chooses_to_upload(&[clips::short()]).await;
        ana.upload_is("refused").await;
        let told = ana.reads(REFUSED).await;
        assert!(told.contains("360") && told.contains("1080"), "{told}");
    })
    .await;
    assert_eq!(site.answered("POST", "/api/uploads", 201), 0, "nothing is sent in vain");
}

#[tokio::test]
async fn what_is_no_video_is_refused() {
    let site = Site::empty(&[]).await;
    visit("no-video", &site, Device::DESKTOP, async |ana| {
        ana.signs_up(&ANA).await;
        ana.chooses_to_upload(&[clips::text_file()]).await;
        let told = async || {
            if ana.count("li[data-upload][data-state=ready]").await == 1 {
                ana.clicks(SUBMIT).await;
            }
            ana.count(REFUSED).await == 1
        };
        ana.until("it is refused", told).await;
    })
    .await;
}

#[tokio::test]
async fn a_form_that_is_wrong_comes_back_with_what_was_typed() {
    let site = Site::empty(&[]).await;
    site.knows(&ANA).await;
    visit("wrong-form", &site, Device::WITHOUT_SCRIPTS, async |ana| {
        ana.goes_to("/sign-up").await;
        for (field, value) in ANA.particulars() {
            ana.writes(&format!("main [name={field}]"), value).await;
        }
        ana.follows(SUBMIT).await;
        ana.sees("main [name=email][aria-invalid=true]").await;
        let city = ana.sees("main [name=city]").await.prop("value").await.unwrap();
        assert_eq!(city.as_deref(), Some("Bogotá"));
    })
    .await;
}
