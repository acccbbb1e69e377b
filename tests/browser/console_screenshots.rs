//! Pictures of every page of the console, from the demonstration
//! (`script/screenshots`).

use std::{fs, process::Command};

use crate::{
    browser::visit,
    clips, console_tour,
    device::Device,
    evidence,
    looks::{self, Look},
    machine::Machine,
    people::{MARTA, Person},
    screenshots::{ANOTHER, VALENTINA, keeps_for_docs, picture, scrolls_through, whole_page},
    site::{self, Site},
    tour::Stop,
};

/// What docs/operations.md shows.
const IN_DOCS: [(&str, bool); 6] = [
    ("overview", false),
    ("overview", true),
    ("video", false),
    ("failed-video", true),
    ("votes", false),
    ("audit", true),
];

#[tokio::test]
#[ignore = "takes minutes: script/screenshots"]
async fn screenshots_of_the_console() {
    let machine = Machine::new();
    let settings = machine.settings();
    let site = Site::empty(&settings.each_ref().map(|(name, value)| (*name, &**value))).await;
    let filled = Command::new(site::program()).args(["demo", "--url", &site.url]).status().unwrap();
    assert!(filled.success());
    console_tour::hires(&site).await;
    machine.breaks();
    let failed = uploads(&site, &MARTA).await;
    let folder = evidence::target("screenshots");
    fs::create_dir_all(&folder).unwrap();
    let (video, player) = (site.video(ANOTHER).await, site.player(&VALENTINA).await);
    visit("screenshots-console", &site, Device::DESKTOP.in_english(), async |browser| {
        let take = async |stop: &Stop, dark| {
            for look in looks::of_the_console(dark) {
                look.on(browser).await;
                scrolls_through(browser).await;
                let name = format!("console-{}-{look}", stop.name);
                let shown = picture(browser, &whole_page(browser, look).await).await;
                fs::write(folder.join(format!("{name}.png")), shown).unwrap();
                if look.width > 1000 && IN_DOCS.contains(&(&stop.name, dark)) {
                    keeps_for_docs(browser, &name, look).await;
                }
            }
        };
        console_tour::all_pages(browser, (&video, &player), take).await;
        let stop = Stop { name: "failed-video".into(), path: format!("/console/videos/{failed}") };
        for dark in [false, true] {
            Look { width: 1280, dark }.on(browser).await;
            browser.goes_to(&stop.path).await;
            browser.sees(".badge.failed").await;
            take(&stop, dark).await;
        }
    })
    .await;
}

async fn uploads(site: &Site, person: &Person) -> String {
    let token = site.knows(person).await;
    let clip = fs::read(clips::short()).unwrap();
    let answer = site.api.upload(&token, "Gancho desde la esquina", clip).await.unwrap();
    answer.json::<serde_json::Value>().await.unwrap()["video_id"].as_str().unwrap().to_owned()
}
