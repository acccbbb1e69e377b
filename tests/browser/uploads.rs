//! Uploads that do not go well at first.

use std::fs;

use serde_json::json;
use thirtyfour::By;

use crate::{
    browser::{Browser, visit},
    clips,
    device::Device,
    line::Line,
    pages::{SUBMIT, TITLE},
    people::ANA,
    site::Site,
};

/// Bytes per second and connection: the large clip takes about ten seconds.
const SLOW: u32 = 800_000;

const SENDING: &str = "li[data-upload][data-state=sending]";

#[tokio::test]
async fn an_upload_goes_on_after_the_connection_was_lost() {
    let (site, line) = by_line().await;
    visit("upload-offline", &site, Device::DESKTOP, async |ana| {
        begins_slowly(ana, &line).await;
        has_sent_parts(&site, ana, 2).await;
        goes(ana, "offline").await;
        ana.upload_is("offline").await;
        line.becomes_fast();
        goes(ana, "online").await;
        ana.upload_is("done").await;
    })
    .await;
    every_part_was_sent_once(&site);
}

#[tokio::test]
async fn an_upload_goes_on_after_a_reload() {
    let (site, line) = by_line().await;
    visit("upload-reload", &site, Device::DESKTOP, async |ana| {
        begins_slowly(ana, &line).await;
        has_sent_parts(&site, ana, 2).await;
        ana.driver.refresh().await.unwrap();
        line.becomes_fast();
        ana.upload_is("done").await;
        assert_eq!(own_titles(ana).await, ["Desde mi cancha"]);
    })
    .await;
    every_part_was_sent_once(&site);
}

#[tokio::test]
async fn an_upload_can_be_paused() {
    let (site, line) = by_line().await;
    visit("upload-pause", &site, Device::DESKTOP, async |ana| {
        pauses(ana, &line).await;
        let sent = ana.reads("li[data-upload] .figures").await;
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        let later = ana.reads("li[data-upload] .figures").await;
        assert_eq!(later, sent, "it goes on while it is paused");
        line.becomes_fast();
        ana.clicks("[data-action=resume]").await;
        ana.upload_is("done").await;
    })
    .await;
}

#[tokio::test]
async fn an_upload_can_be_given_up() {
    let (site, line) = by_line().await;
    visit("upload-given-up", &site, Device::DESKTOP, async |ana| {
        pauses(ana, &line).await;
        ana.clicks("[data-action=cancel]").await;
        ana.until("the upload is gone", async || ana.count("li[data-upload]").await == 0).await;
        let token = site.token(&ANA).await;
        let list = site.api.url("/api/uploads");
        let forgotten = async || {
            let answer = site.api.client.get(&list).bearer_auth(&token).send().await.unwrap();
            answer.text().await.unwrap() == "[]"
        };
        ana.until("the server has forgotten it, too", forgotten).await;
    })
    .await;
}

#[tokio::test]
async fn several_clips_go_up_together_with_progress() {
    let (site, line) = by_line().await;
    visit("upload-several", &site, Device::DESKTOP, async |ana| {
        ana.signs_up(&ANA).await;
        ana.chooses_to_upload(&[clips::large(), clips::short()]).await;
        let ready = async || ana.count("li[data-upload][data-state=ready]").await == 2;
        ana.until("both are ready", ready).await;
        let titles = ana.driver.find_all(By::Css(TITLE)).await.unwrap();
        for (field, title) in titles.iter().zip(["Largo", "Corto"]) {
            field.clear().await.unwrap();
            field.send_keys(title).await.unwrap();
        }
        line.becomes_slow(SLOW);
        ana.clicks(SUBMIT).await;
        ana.sees(&format!("{SENDING} progress")).await;
        let halfway = "[...document.querySelectorAll('li[data-upload] progress')]
            .some(bar => bar.position > 0.2 && bar.position < 0.9)";
        ana.until("the bar moves", async || ana.asks::<bool>(halfway).await).await;
        let told = ana.reads(SENDING).await;
        assert!(told.contains('%') && told.contains("MB"), "{told}");
        line.becomes_fast();
        let done = async || ana.count("li[data-upload][data-state=done]").await == 2;
        ana.until("both are done", done).await;
    })
    .await;
}

#[tokio::test]
async fn a_title_with_the_name_of_its_file_is_only_text() {
    let site = Site::empty(&[]).await;
    let clip = clips::named("<img src=x onerror=document.title='broken'>.mp4");
    visit("upload-name", &site, Device::DESKTOP, async |ana| {
        ana.signs_up(&ANA).await;
        ana.chooses_to_upload(&[&clip]).await;
        ana.upload_is("ready").await;
        assert_eq!(ana.count("li[data-upload] img[src=x]").await, 0);
    })
    .await;
    fs::remove_file(clip).unwrap();
}

/// A site that is reached by a line of its own.
async fn by_line() -> (Site, Line) {
    let mut site = Site::empty(&[]).await;
    let line = Line::to(&mut site);
    (site, line)
}

/// Takes the browser off the network, or back.
async fn goes(browser: &Browser, whither: &str) {
    let conditions = json!({
        "offline": whither == "offline",
        "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
    });
    browser.devtools("Network.emulateNetworkConditions", conditions).await;
}

async fn begins_slowly(browser: &Browser, line: &Line) {
    browser.signs_up(&ANA).await;
    browser.chooses_to_upload(&[clips::large()]).await;
    browser.upload_is("ready").await;
    browser.writes(TITLE, "Desde mi cancha").await;
    line.becomes_slow(SLOW);
    browser.clicks(SUBMIT).await;
}

async fn pauses(browser: &Browser, line: &Line) {
    begins_slowly(browser, line).await;
    browser.sees(&format!("{SENDING} progress")).await;
    browser.clicks("[data-action=pause]").await;
    browser.upload_is("paused").await;
}

async fn has_sent_parts(site: &Site, browser: &Browser, count: usize) {
    let sent = async || parts_sent(site) >= count;
    browser.until(&format!("{count} parts are sent"), sent).await;
}

fn parts_sent(site: &Site) -> usize {
    site.answered("PUT", "/media/{*key}", 200)
}

fn every_part_was_sent_once(site: &Site) {
    let parts = fs::metadata(clips::large()).unwrap().len().div_ceil(5 << 20);
    assert_eq!(parts_sent(site) as u64, parts, "parts that had arrived were sent again");
}

async fn own_titles(browser: &Browser) -> Vec<String> {
    browser.goes_to("/me/videos").await;
    browser.sees("li[data-video]").await;
    let script =
        "[...document.querySelectorAll('li[data-video] :is(h2, h3)')].map(t => t.innerText)";
    browser.asks(script).await
}
