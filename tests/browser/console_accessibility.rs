//! Every page of the console, in both languages and themes, on small and large
//! screens, in the eyes of axe-core.

use std::{fs, path::Path, sync::Mutex};

use crate::{
    accessibility::{assert_clean, violations_in},
    browser::visit,
    console_tour, console_work,
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

/// What the table of access names, but is no page: what pages load or listen
/// to, and what machines ask.
const NO_PAGES: [&str; 7] = [
    "/console/assets/",
    "/console/brand/",
    "/console/contest/brand/preview/",
    "/events",
    "/clip",
    "/health",
    "/ready",
];

async fn every_page(device: Device) {
    let site = Site::with_videos(&console_work::SETTINGS).await;
    console_tour::hires(&site).await;
    let (video, player) = (site.video("Triple desde el logo").await, site.player(&ANA).await);
    console_work::votes_in_a_cluster(&site, &video).await;
    let (found, seen) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    visit(&format!("axe-console-{}", &device.language[..2]), &site, device, async |browser| {
        let look = async |stop: &Stop, dark| {
            seen.lock().unwrap().push(stop.path.clone());
            let look = looks::in_turn(looks::of_the_console(dark), device.language);
            let lines = violations_in(browser, &stop.name, &[look]).await;
            found.lock().unwrap().extend(lines);
        };
        let show = async |stops: &[Stop]| console_tour::show(browser, stops, &look).await;
        let mut app = console_tour::all_pages(browser, (&video, &player), &look).await;
        let here = async |name: &str| {
            for dark in [false, true] {
                look(&Stop { name: name.into(), path: String::new() }, dark).await;
            }
        };
        console_work::of_admins(browser, &mut app, &video, show, here).await;
        browser.goes_to("/console").await;
        browser.leaves_console().await;
        console_work::of_jurors(browser, show).await;
    })
    .await;
    assert_clean(&found.into_inner().unwrap());
    let missed = pages_beside(&seen.into_inner().unwrap());
    assert!(missed.is_empty(), "nobody has looked at {missed:?}");
}

/// Pages of the console that docs/access.md names, and none of these paths is.
fn pages_beside(seen: &[String]) -> Vec<String> {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/access.md");
    let table = fs::read_to_string(table).unwrap();
    let (_, console) = table.split_once("## The console").unwrap();
    let pages = console.lines().filter_map(|row| row.strip_prefix("| GET | `")?.split('`').next());
    pages
        .filter(|page| !NO_PAGES.iter().any(|other| page.contains(other)))
        .filter(|page| !seen.iter().any(|path| is_at(page, path)))
        .map(str::to_owned)
        .collect()
}

/// Whether a path belongs to a route such as `/console/videos/{id}`.
fn is_at(route: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let parts = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let (route, path) = (parts(route), parts(path));
    let fits = |(route, path): (&String, &String)| route.starts_with('{') || route == path;
    route.len() == path.len() && route.iter().zip(&path).all(fits)
}
