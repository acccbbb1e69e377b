//! Every page, in both languages and themes, on small and large screens, in
//! the eyes of axe-core. No two of these without each other, but not all three
//! in every combination: looking takes a second.

use std::process::Command;

use crate::{
    axe,
    browser::{Browser, visit},
    clips,
    device::Device,
    looks::{self, Look},
    people::ANA,
    phone::sticks_out,
    site::Site,
    tour,
};

#[tokio::test]
async fn no_page_is_in_anybodys_way_in_spanish() {
    every_page(Device::DESKTOP).await;
}

#[tokio::test]
async fn no_page_is_in_anybodys_way_in_english() {
    every_page(Device::DESKTOP.in_english()).await;
}

#[tokio::test]
async fn nor_is_an_upload_under_way_or_a_broken_server() {
    let site = Site::with_videos(&[]).await;
    visit("axe-upload", &site, Device::DESKTOP, async |ana| {
        ana.signs_in(&ANA).await;
        for dark in [false, true] {
            looks::in_both_widths(dark)[0].on(ana).await;
            ana.chooses_to_upload(&[clips::short(), clips::text_file()]).await;
            let looked = async || {
                let checking = "li[data-upload][data-state=checking]";
                ana.count("li[data-upload]").await == 2 && ana.count(checking).await == 0
            };
            ana.until("both are looked at", looked).await;
            assert_clean(&seen(ana, "upload-chosen", dark).await);
        }
        breaks(&site);
        ana.goes_to("/").await;
        assert!(ana.count("main a").await > 0, "no way on");
        assert_clean(&seen(ana, "broken", true).await);
    })
    .await;
}

async fn every_page(device: Device) {
    let site = Site::with_videos(&[]).await;
    let (own, other) = (site.video("Triple desde el logo").await, site.video("Mate").await);
    let found = std::sync::Mutex::new(Vec::new());
    visit(&format!("axe-{}", &device.language[..2]), &site, device, async |browser| {
        let look = async |stop: &tour::Stop, dark| {
            let look = looks::in_turn(looks::in_both_widths(dark), device.language);
            let lines = violations_in(browser, &stop.name, &[look]).await;
            found.lock().unwrap().extend(lines);
        };
        tour::all_pages(browser, &site, &ANA, (&own, &other), look).await;
    })
    .await;
    assert_clean(&found.into_inner().unwrap());
}

/// Violations on a page, small and large.
async fn seen(browser: &Browser, name: &str, dark: bool) -> Vec<String> {
    violations_in(browser, name, &looks::in_both_widths(dark)).await
}

pub async fn violations_in(browser: &Browser, name: &str, looks: &[Look]) -> Vec<String> {
    let mut lines = Vec::new();
    for look in looks {
        look.on(browser).await;
        let mut found = axe::violations(browser).await;
        found.extend(sticks_out(browser).await);
        lines.extend(found.into_iter().map(|line| format!("{name} {look}: {line}")));
    }
    lines
}

pub fn assert_clean(violations: &[String]) {
    assert!(violations.is_empty(), "{} violations:\n{}", violations.len(), violations.join("\n"));
}

/// Takes away a table that every page of videos needs.
fn breaks(site: &Site) {
    let database = site.dir.path().join("data/anb.sqlite3");
    let script = "import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=10)
database.execute('ALTER TABLE videos RENAME TO elsewhere')
database.commit()";
    let status = Command::new("python3").args(["-c", script]).arg(database).status().unwrap();
    assert!(status.success());
}
