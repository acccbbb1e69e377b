//! Everything without a mouse.

use serde::Deserialize;
use thirtyfour::Key;

use crate::{
    browser::{Browser, visit},
    clips,
    device::Device,
    pages::{SUBMIT, TITLE, VOTE},
    people::{ANA, CARLOS},
    site::Site,
};

/// No page needs more steps to anything.
const MOST_STEPS: usize = 120;

/// What has the focus.
#[derive(Debug, Deserialize)]
struct Focus {
    what: String,
    wanted: bool,
    marked: bool,
}

#[tokio::test]
async fn everything_can_be_reached_with_keys() {
    let site = Site::with_videos(&[]).await;
    visit("keyboard", &site, Device::DESKTOP, async |ana| {
        ana.goes_to("/").await;
        skips_to_content(ana).await;
        signs_in(ana).await;
        votes(ana, &site).await;
        looks_around(ana).await;
        uploads(ana).await;
        deletes(ana, &site).await;
    })
    .await;
}

#[tokio::test]
async fn a_form_is_filled_with_keys_alone() {
    let site = Site::empty(&[]).await;
    visit("keyboard-form", &site, Device::DESKTOP, async |carlos| {
        carlos.goes_to("/sign-up").await;
        for (field, value) in CARLOS.particulars() {
            tabs_to(carlos, &format!("main [name={field}]")).await;
            types(carlos, value).await;
        }
        carlos.presses(Key::Enter).await;
        carlos.sees("form[action='/sign-out']").await;
    })
    .await;
}

/// The first stop of every page leads past what all pages have.
async fn skips_to_content(ana: &Browser) {
    ana.presses(Key::Tab).await;
    ana.presses(Key::Enter).await;
    ana.presses(Key::Tab).await;
    let inside: bool = ana.asks("document.activeElement.closest('main') !== null").await;
    assert!(inside, "the first link does not lead to the content");
}

async fn signs_in(ana: &Browser) {
    ana.goes_to("/").await;
    tabs_to(ana, "a[href^='/sign-in']").await;
    ana.presses(Key::Enter).await;
    ana.is_at("/sign-in").await;
    tabs_to(ana, "main [name=email]").await;
    types(ana, ANA.email).await;
    tabs_to(ana, "main [name=password]").await;
    types(ana, ANA.password).await;
    ana.presses(Key::Enter).await;
    ana.sees("form[action='/sign-out']").await;
}

async fn votes(ana: &Browser, site: &Site) {
    ana.opens_video(site, "Zurda").await;
    tabs_to(ana, "video").await;
    ana.presses(Key::Space).await;
    let plays = async || ana.asks::<bool>("!document.querySelector('video').paused").await;
    ana.until("the video plays", plays).await;
    tabs_to(ana, VOTE).await;
    ana.presses(Key::Enter).await;
    let path = format!("/api/public/videos/{}", site.video("Zurda").await);
    let counted = async || site.get(&path).await["votes"] == 1;
    ana.until("the vote counts", counted).await;
}

async fn looks_around(ana: &Browser) {
    ana.goes_to("/").await;
    tabs_to(ana, "main [name=q]").await;
    types(ana, "gancho").await;
    ana.presses(Key::Enter).await;
    ana.until("one is found", async || ana.shown_videos().await.len() == 1).await;
    tabs_to(ana, "main a[href^='/videos/']").await;
    ana.presses(Key::Enter).await;
    ana.sees("video").await;
    tabs_to(ana, "a[href='/rankings']").await;
    ana.presses(Key::Enter).await;
    ana.is_at("/rankings").await;
}

async fn uploads(ana: &Browser) {
    ana.goes_to("/upload").await;
    tabs_to(ana, "input#files").await;
    ana.chooses("input#files", &[clips::short()]).await;
    ana.upload_is("ready").await;
    tabs_to(ana, TITLE).await;
    types(ana, " sin mouse").await;
    tabs_to(ana, SUBMIT).await;
    ana.presses(Key::Enter).await;
    ana.upload_is("done").await;
}

async fn deletes(ana: &Browser, site: &Site) {
    let robo = site.video("Robo").await;
    ana.goes_to("/me/videos").await;
    tabs_to(ana, &format!("[href='/me/videos/{robo}/delete']")).await;
    ana.presses(Key::Enter).await;
    ana.sees("dialog[open]").await;
    tabs_to(ana, "dialog .danger").await;
    ana.presses(Key::Enter).await;
    let gone = async || ana.count(&format!("li[data-video='{robo}']")).await == 0;
    ana.until("the video is gone", gone).await;
}

/// Presses Tab until the wanted element has the focus; whatever has it on the
/// way must show it.
async fn tabs_to(browser: &Browser, css: &str) {
    for _ in 0..MOST_STEPS {
        browser.presses(Key::Tab).await;
        let focus = focus(browser, css).await;
        assert!(focus.marked, "nobody sees that the focus is on {}", focus.what);
        if focus.wanted {
            return;
        }
    }
    panic!("{css} cannot be reached with Tab");
}

async fn focus(browser: &Browser, css: &str) -> Focus {
    let wanted = serde_json::to_string(css).unwrap();
    browser
        .asks(&format!(
            "(element => {{
                const rings = [element, element.parentElement ?? element, ...(element.labels ?? [])]
                    .some(one => getComputedStyle(one).outlineStyle !== 'none');
                return {{
                    what: element.outerHTML.slice(0, 120),
                    wanted: element.matches({wanted}),
                    marked: rings || element.matches('body, html, video'),
                }};
            }})(document.activeElement)"
        ))
        .await
}

async fn types(browser: &Browser, text: &str) {
    browser.driver.action_chain().send_keys(text).perform().await.unwrap();
}
