//! Every page of the console, in both languages and themes, on small and large
//! screens, in the eyes of axe-core.

use std::sync::Mutex;

use crate::{
    accessibility::{assert_clean, violations_in},
    browser::visit,
    console_tour,
    device::Device,
    looks,
    people::ANA,
    site::Site,
    tour::Stop,
};

#[tokio::test]
async fn no_page_of_the_console_is_in_anybodys_way_in_spanish() {
    every_page(Device::DESKTOP).await;
}

#[tokio::test]
async fn no_page_of_the_console_is_in_anybodys_way_in_english() {
    every_page(Device::DESKTOP.in_english()).await;
}

async fn every_page(device: Device) {
    let site = Site::with_videos(&[]).await;
    console_tour::hires(&site).await;
    let (video, player) = (site.video("Triple desde el logo").await, site.player(&ANA).await);
    let found = Mutex::new(Vec::new());
    visit(&format!("axe-console-{}", &device.language[..2]), &site, device, async |browser| {
        let look = async |stop: &Stop, dark| {
            let lines = violations_in(browser, &stop.name, looks::of_the_console(dark)).await;
            found.lock().unwrap().extend(lines);
        };
        console_tour::all_pages(browser, (&video, &player), look).await;
    })
    .await;
    assert_clean(&found.into_inner().unwrap());
}
