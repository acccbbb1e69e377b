//! Pictures of every page, from the demonstration (`script/screenshots`).

use std::{env, fs, path::Path, process::Command};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, visit},
    clips,
    device::Device,
    evidence,
    looks::{self, Look},
    people::{ANA, Person},
    site::{self, Site},
    tour,
};

/// As `anb-video demo` signs them up.
pub const VALENTINA: Person = Person {
    first_name: "Valentina",
    email: "valentina.rios@demo.example.com",
    password: "triple-desde-media-cancha-26",
    ..ANA
};
const HER_VIDEO: &str = "Pase sin mirar y bandeja";
pub const ANOTHER: &str = "Triple en el último segundo";

/// What the README shows: the page, its look and its language.
const IN_README: [(&str, Look, &str); 4] = [
    ("showcase", Look { width: 1920, dark: false }, "es"),
    ("video", Look { width: 1920, dark: true }, "en"),
    ("rankings", Look { width: 360, dark: false }, "es"),
    ("upload", Look { width: 360, dark: true }, "en"),
];

/// Bytes that a picture of the README may have.
const MOST: usize = 250_000;

#[tokio::test]
#[ignore = "takes minutes: script/screenshots"]
async fn screenshots() {
    let site = Site::empty(&[]).await;
    let filled = Command::new(site::program()).args(["demo", "--url", &site.url]).status().unwrap();
    assert!(filled.success());
    let folder = evidence::target("screenshots");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for device in [Device::DESKTOP, Device::DESKTOP.in_english()] {
        takes_all(&site, device, &folder).await;
    }
}

async fn takes_all(site: &Site, device: Device, folder: &Path) {
    let language = &device.language[..2];
    let (own, other) = (site.video(HER_VIDEO).await, site.video(ANOTHER).await);
    visit(&format!("screenshots-{language}"), site, device, async |browser| {
        let take = async |stop: &tour::Stop, dark| {
            if stop.name == "upload" {
                chooses_a_clip(browser).await;
            }
            for look in looks::in_both_widths(dark) {
                look.on(browser).await;
                scrolls_through(browser).await;
                let name = format!("{}-{language}-{look}.png", stop.name);
                fs::write(
                    folder.join(name),
                    picture(browser, &whole_page(browser, look).await).await,
                )
                .unwrap();
                if IN_README.contains(&(&stop.name, look, language)) {
                    keeps_for_docs(browser, &stop.name, look).await;
                }
            }
        };
        tour::all_pages(browser, site, &VALENTINA, (&own, &other), take).await;
    })
    .await;
}

/// As it looks just before it is sent.
async fn chooses_a_clip(browser: &Browser) {
    browser.chooses("input#files", &[&clips::named("Reverso y bandeja.mp4")]).await;
    browser.upload_is("ready").await;
}

/// Lazy pictures come when they are about to be seen.
pub async fn scrolls_through(browser: &Browser) {
    let height: u32 = browser.asks("document.documentElement.scrollHeight").await;
    for top in (0..height).step_by(600) {
        let _: bool = browser.asks(&format!("(scrollTo(0, {top}), true)")).await;
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
    let _: bool = browser.asks("(scrollTo(0, 0), true)").await;
    let loaded = "[...document.images].every(image => image.complete)";
    browser.until("all pictures are there", async || browser.asks::<bool>(loaded).await).await;
}

pub async fn whole_page(browser: &Browser, look: Look) -> Value {
    let height: u32 = browser.asks("document.documentElement.scrollHeight").await;
    let clip = json!({"x": 0, "y": 0, "width": look.width, "height": height, "scale": 1});
    json!({"format": "png", "captureBeyondViewport": true, "clip": clip})
}

pub async fn picture(browser: &Browser, how: &Value) -> Vec<u8> {
    let answer = browser.devtools("Page.captureScreenshot", how.clone()).await;
    BASE64_STANDARD.decode(answer["data"].as_str().unwrap()).unwrap()
}

/// The first screen, smaller, in `docs/screenshots`.
pub async fn keeps_for_docs(browser: &Browser, name: &str, look: Look) {
    if env::var_os("SCREENSHOTS_FOR_README").is_none() {
        return;
    }
    let scale = if look.width > 1000 { 0.7 } else { 1.0 };
    let clip =
        json!({"x": 0, "y": 0, "width": look.width, "height": look.height(), "scale": scale});
    let how = json!({"format": "webp", "quality": 85, "clip": clip});
    let bytes = picture(browser, &how).await;
    assert!(bytes.len() < MOST, "{name} has {} bytes", bytes.len());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/screenshots");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{name}.webp")), bytes).unwrap();
}
