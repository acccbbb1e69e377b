//! What operators do, from the first sign-in on.

use std::fs;

use crate::{
    browser::{Browser, visit},
    clips,
    device::Device,
    machine::{DEFECT, Machine},
    people::{ANA, OLGA},
    site::Site,
};

#[tokio::test]
async fn a_failed_video_is_retried_and_completes_before_the_operators_eyes() {
    let machine = Machine::new();
    machine.breaks();
    let site = with_a_clip_on(&machine).await;
    visit("operator-retries", &site, Device::DESKTOP, async |olga| {
        olga.enters_console(&OLGA).await;
        olga.is_at("/console").await;
        let _: bool = olga.asks("window.isTheSame = true").await;
        olga.until("it has failed", async || videos(olga, "failed").await == 1).await;
        olga.follows(&link_to("failed")).await;
        olga.finds("Triple desde el logo").await;
        olga.follows("main a[href^='/console/videos/']").await;
        assert_eq!(
            olga.count(".timeline details[id^=log-]").await,
            3,
            "the log of each of three tries"
        );
        olga.finds(DEFECT).await;

        machine.is_repaired();
        olga.follows("#retry").await;
        olga.sees(".notice[role=status]").await;
        let _: bool = olga.asks("window.isTheSame = true").await;
        olga.sees("[data-part=now] .badge.completed").await;
        olga.sees("[data-part=media] video[poster]").await;
        assert_eq!(olga.count("#retry").await, 0, "there is nothing to retry any more");
        assert!(olga.asks::<bool>("window.isTheSame").await, "the page was loaded again");
    })
    .await;
    assert_eq!(site.get("/api/public/videos").await[0]["title"], "Triple desde el logo");
}

#[tokio::test]
async fn a_running_attempt_is_cancelled_and_a_result_made_again() {
    let machine = Machine::new();
    machine.stands_still();
    let site = with_a_clip_on(&machine).await;
    visit("operator-cancels", &site, Device::DESKTOP, async |olga| {
        olga.enters_console(&OLGA).await;
        olga.goes_to("/console/queue").await;
        olga.follows("button[id^=cancel-]").await;
        let video = olga.place().await;
        olga.sees("[data-part=now] .badge.failed").await;
        olga.finds("cancelled").await;

        machine.goes_on();
        olga.follows("#retry").await;
        olga.sees("[data-part=now] .badge.completed").await;
        let id = video.split('?').next().unwrap().rsplit('/').next().unwrap();
        let result = async || result(&site, id).await;
        let before = result().await;
        olga.follows("#again").await;
        // It is public all the time, first as it was.
        olga.until("another result is public", async || result().await != before).await;
        olga.finds("reemplazado").await;
    })
    .await;
}

/// Ana has uploaded a clip, and Olga operates.
async fn with_a_clip_on(machine: &Machine) -> Site {
    let settings = machine.settings();
    let site = Site::empty(&settings.each_ref().map(|(name, value)| (*name, &**value))).await;
    let ana = site.knows(&ANA).await;
    let clip = fs::read(clips::short()).unwrap();
    site.api.upload(&ana, "Triple desde el logo", clip).await.unwrap().error_for_status().unwrap();
    site.employs(&OLGA, "operator").await;
    site
}

/// Where the result of a public video lies, its signature left out.
async fn result(site: &Site, video: &str) -> String {
    let shown = site.get(&format!("/api/public/videos/{video}")).await;
    shown["processed_url"].as_str().unwrap().split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn without_the_second_factor_the_console_stays_shut() {
    let site = Site::empty(&[]).await;
    site.employs(&OLGA, "operator").await;
    visit("operator-second-factor", &site, Device::DESKTOP, async |olga| {
        let mut app = olga.enters_console(&OLGA).await;
        olga.leaves_console().await;
        olga.gives_password(&OLGA).await;
        olga.goes_to("/console").await;
        olga.is_at("/console/sign-in").await;
        olga.enters_console_again(&OLGA, &mut app).await;
        olga.is_at("/console").await;
    })
    .await;
}

/// How many videos the overview counts in a state.
async fn videos(browser: &Browser, state: &str) -> u64 {
    let shown = format!("document.querySelector(\"{} b\")?.innerText ?? '0'", link_to(state));
    browser.asks::<String>(&shown).await.parse().unwrap()
}

fn link_to(state: &str) -> String {
    format!("a[href='/console/videos?status={state}']")
}
