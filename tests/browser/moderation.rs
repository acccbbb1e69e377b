//! What the public reports, and what operators do about it.

use serde_json::Value;

use crate::{
    browser::{Browser, visit},
    device::Device,
    pages::SUBMIT,
    people::OLGA,
    site::Site,
};

const REPORTED: &str = "Zurda";

#[tokio::test]
async fn a_report_reaches_the_operators() {
    let site = Site::with_videos(&[]).await;
    visit("report", &site, Device::PHONE, async |visitor| {
        visitor.opens_video(&site, REPORTED).await;
        visitor.follows("main a[href$='/report']").await;
        visitor.clicks("main [name=reason][value=offensive]").await;
        visitor.writes("main [name=note]", "Insulta al final").await;
        visitor.follows(SUBMIT).await;
        visitor.finds("Gracias. Alguien del concurso lo revisará.").await;
    })
    .await;
    site.employs(&OLGA, "operator").await;
    visit("operator-reads-report", &site, Device::DESKTOP, async |olga| {
        olga.enters_console(&OLGA).await;
        olga.finds("1 vídeo reportado").await;
        olga.follows("main a[href='/console/reports']").await;
        olga.finds(REPORTED).await;
        olga.finds("Insulta al final").await;
        olga.writes("main [name=reason]", "Ofende").await;
        olga.follows("main button[value=unpublish]").await;
        olga.goes_to("/console/reports").await;
        assert!(!olga.text().await.contains(REPORTED), "its reports are settled");
        let gone = async || !shown(&site).await.to_string().contains(REPORTED);
        olga.until("the public no longer sees it", gone).await;
    })
    .await;
}

#[tokio::test]
async fn many_videos_are_ruled_with_the_keyboard_alone() {
    let site = Site::with_videos(&[]).await;
    let all = count(&site).await;
    site.employs(&OLGA, "operator").await;
    visit("operator-moderates", &site, Device::DESKTOP, async |olga| {
        olga.enters_console(&OLGA).await;
        olga.goes_to("/console/moderation?show=public").await;
        keys(olga, "jxjx").await;
        assert_eq!(olga.count("[data-row] input:checked").await, 2);
        keys(olga, "u").await;
        olga.sees("#ask-reason").await;
        keys(olga, "Es una prueba").await;
        olga.follows("#ask button[value=go]").await;
        olga.finds("Listo: 2 vídeos.").await;
        olga.until("they are gone", async || count(&site).await == all - 2).await;
        keys(olga, "z").await;
        olga.finds("Deshecho: 2 vídeos.").await;
        olga.until("they are back", async || count(&site).await == all).await;
    })
    .await;
}

/// Typed wherever the focus is.
async fn keys(browser: &Browser, text: &str) {
    browser.driver.action_chain().send_keys(text).perform().await.unwrap();
}

async fn count(site: &Site) -> usize {
    shown(site).await.as_array().unwrap().len()
}

async fn shown(site: &Site) -> Value {
    site.get("/api/public/videos?limit=100").await
}
