//! The contest, changed while everything runs.

use std::time::Duration;

use anb_config::Settings;
use anb_contest::Contest;
use anb_domain::{Phase, Role};
use anb_store::AuditFilter;
use anb_testkit::{TestStore, on_each_database};
use reqwest::{
    Method,
    multipart::{Form, Part},
};

use crate::support::{Answer, Browser, TestConsole};

const PHASES: &str = "/console/contest/parts/phases";
const DRAFT: &str = "/console/contest/brand/draft";
const GREEN: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script><rect width="9" height="9" fill="#00ff00"/></svg>"##;

/// What the site sees, in a process of its own.
async fn elsewhere(console: &TestConsole) -> Contest {
    let store = console.store.of_another_process().await;
    Contest::new(store, &Settings::default(), console.store.clock.clone())
}

/// Noon of a day of May 2026, as a form writes it.
fn noon(day: u32) -> String {
    format!("2026-05-{day:02}T12:00")
}

async fn saves(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let sure: Vec<_> = fields.iter().copied().chain([("sure", "yes")]).collect();
    browser.posts(path, &sure).await
}

async fn uploads(browser: &Browser<'_>, color: &str, logo: &str) -> Answer {
    let file = Part::bytes(logo.as_bytes().to_vec()).file_name("logo.svg");
    let form = Form::new().text("color", color.to_owned()).part("logo", file);
    let request = browser.request(Method::POST, DRAFT).header("origin", browser.console.url(""));
    Answer::to(request.multipart(form)).await
}

/// The address of a picture that a page shows.
fn picture<'p>(page: &'p str, name: &str) -> &'p str {
    let mut quoted = page.split('"').filter(|text| text.contains("/brand/preview/"));
    quoted.find(|text| text.ends_with(name)).unwrap()
}

/// The hidden field of a page.
fn hidden<'p>(page: &'p str, name: &str) -> &'p str {
    let field = format!("name=\"{name}\" value=\"");
    page.split_once(&field).unwrap().1.split_once('"').unwrap().0
}

/// Waits for a clip that is being made.
async fn made(browser: &Browser<'_>, address: &str) -> reqwest::Response {
    loop {
        let answer = browser.request(Method::GET, address).send().await.unwrap();
        if answer.status() != 202 {
            assert_eq!(answer.status(), 200);
            return answer;
        }
    }
}

/// Pixels as green as the logo, `at_s` seconds into a clip.
fn greens(video: &[u8], at_s: f64) -> usize {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("clip.mp4"), video).unwrap();
    let output = std::process::Command::new("ffmpeg")
        .current_dir(folder.path())
        .args(["-v", "error", "-ss", &at_s.to_string()])
        .args("-i clip.mp4 -frames:v 1 -pix_fmt rgb24 -f rawvideo -".split(' '))
        .output();
    let frame = output.unwrap().stdout;
    assert_eq!(frame.len(), 1280 * 720 * 3);
    let is_green = |pixel: &&[u8; 3]| pixel[1] > 170 && pixel[0] < 90 && pixel[2] < 90;
    frame.as_chunks().0.iter().filter(is_green).count()
}

/// A program that does nothing but this.
fn a_program(folder: &std::path::Path, script: &str) -> std::path::PathBuf {
    let path = folder.join("program");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&path, mode).unwrap();
    path
}

on_each_database! {
    async fn a_contest_goes_through_its_phases_as_the_console_says(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut ana = console.signed_in("Ana", Role::Admin).await;
        let site = elsewhere(&console).await;
        let days = [2, 10, 12, 20, 25].map(noon);
        let fields = [
            ("version", "0"),
            ("zone", "0"),
            ("submissions.opens_at", days[0].as_str()),
            ("submissions.closes_at", &days[1]),
            ("voting.opens_at", &days[2]),
            ("voting.closes_at", &days[3]),
            ("results_published_at", &days[4]),
            ("publish", "yes"),
        ];
        let review = ana.posts(PHASES, &fields).await;
        assert_eq!(review.status, 200);
        assert!(review.text.contains("25 May 2026, 12:00 UTC"), "{}", review.text);
        assert_eq!(site.latest().await.unwrap().number, 0, "seen, not saved");
        let saved = saves(&mut ana, PHASES, &fields).await;
        assert_eq!(saved.leads_to(), "/console/contest?done=contest-changed");
        let mut phases = Vec::new();
        for day in [1, 2, 10, 12, 20, 25] {
            console.store.clock.set(format!("{}:00Z", noon(day)).parse().unwrap());
            let now = console.store.clock.clone();
            let now = anb_domain::Clock::now(&*now);
            phases.push(site.fresh().await.contest().phase(now));
        }
        let expected = [
            Phase::Upcoming, Phase::Submissions, Phase::Pause, Phase::Voting, Phase::Counting,
            Phase::Results,
        ];
        assert_eq!(phases, expected);
        let audit = console.store.audit(&AuditFilter::default(), 10).await.unwrap();
        let entry = audit.iter().find(|entry| entry.action == "contest-changed").unwrap();
        assert_eq!(entry.actor.name, "Ana Ruiz");
        assert_eq!(entry.after.as_ref().unwrap()["voting.closes_at"], "2026-05-20T12:00:00Z");
    }

    async fn an_impossible_order_is_told_at_its_field_and_nothing_is_lost(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut ana = console.signed_in("Ana", Role::Admin).await;
        let (late, early) = (noon(20), noon(10));
        let fields = [
            ("version", "0"), ("zone", "-300"),
            ("submissions.closes_at", late.as_str()), ("voting.closes_at", &early),
            ("voting.opens_at", "soon"),
        ];
        let refused = saves(&mut ana, PHASES, &fields).await;
        assert_eq!(refused.status, 422);
        let page = refused.text;
        assert!(page.contains("id=\"voting.closes_at-fault\">Voting must not close before"), "{page}");
        assert!(page.contains("id=\"voting.opens_at-fault\">That is no date and time."), "{page}");
        assert!(page.contains(&format!("value=\"{late}\"")), "what was typed is still there");
        assert_eq!(elsewhere(&console).await.latest().await.unwrap().number, 0);
    }

    async fn who_comes_late_sees_both_changes(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut ana = console.signed_in("Ana", Role::Admin).await;
        let mut luis = console.signed_in("Luis", Role::Admin).await;
        let path = "/console/contest/parts/ranking";
        let first = saves(&mut ana, path, &[("version", "0"), ("cut_per_city", "3")]).await;
        assert_eq!(first.status, 303);
        let late = saves(&mut luis, path, &[("version", "0"), ("cut_per_city", "4")]).await;
        assert_eq!(late.status, 409);
        let page = late.text;
        assert!(page.contains("<td>5</td>") && page.contains("<td>3</td>") && page.contains("<td>4</td>"), "{page}");
        assert_eq!(hidden(&page, "version"), "1");
        let now = saves(&mut luis, path, &[("version", "1"), ("cut_per_city", "4")]).await;
        assert_eq!(now.status, 303);
        assert_eq!(elsewhere(&console).await.latest().await.unwrap().cut_per_city, 4);

        let back = saves(&mut ana, "/console/contest/versions/1", &[("version", "2")]).await;
        assert_eq!(back.status, 303);
        assert_eq!(elsewhere(&console).await.latest().await.unwrap().cut_per_city, 3);
        let files = saves(&mut ana, path, &[("version", "3"), ("reset", "yes")]).await;
        assert_eq!(files.status, 303);
        assert_eq!(elsewhere(&console).await.latest().await.unwrap().cut_per_city, 5);
    }

    async fn results_are_published_by_who_means_it(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut ana = console.signed_in("Ana", Role::Admin).await;
        let ended = "2026-04-30T12:00";
        let closed = [("version", "0"), ("voting.closes_at", ended)];
        assert_eq!(saves(&mut ana, PHASES, &closed).await.status, 303);
        let page = ana.get("/console/contest").await.text;
        assert!(page.contains("Publish the results now"), "{page}");
        let publish = [("version", "1"), ("voting.closes_at", ended), ("publish_now", "yes")];
        let asked = saves(&mut ana, PHASES, &publish).await;
        assert_eq!(asked.status, 422);
        assert!(asked.text.contains("Say that you mean it."));
        let meant: Vec<_> = publish.into_iter().chain([("publish", "yes")]).collect();
        assert_eq!(saves(&mut ana, PHASES, &meant).await.status, 303);
        let published = elsewhere(&console).await.latest().await.unwrap().results_published_at;
        assert_eq!(published, Some(anb_domain::Clock::now(&*console.store.clock)));
    }

    async fn texts_are_shown_as_they_will_look(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut ana = console.signed_in("Ana", Role::Admin).await;
        let fields = [("version", "0"), ("rules_text.es", "# Bases\n\nUna *sola* <script>x</script> jugada.")];
        let page = ana.posts("/console/contest/parts/texts", &fields).await.text;
        assert!(page.contains("<h2>Bases</h2>") && page.contains("<em>sola</em>"), "{page}");
        assert!(!page.contains("<script>x"));
    }

    async fn the_weight_of_the_jury_is_a_whole_percent(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut ana = console.signed_in("Ana", Role::Admin).await;
        let path = "/console/contest/parts/jury";
        for wrong in ["101", "-1", "33,5"] {
            let refused = saves(&mut ana, path, &[("version", "0"), ("jury.weight", wrong)]).await;
            assert_eq!(refused.status, 422, "{wrong}");
            let told = "id=\"jury.weight-fault\">The weight is between 0 and 100, without decimals.";
            assert!(refused.text.contains(told), "{wrong}: {}", refused.text);
        }
        let fields = [("version", "0"), ("jury.weight", "40")];
        let review = ana.posts(path, &fields).await.text;
        assert!(review.contains("<td>0 %</td>") && review.contains("<td>40 %</td>"), "{review}");
        assert_eq!(saves(&mut ana, path, &fields).await.status, 303);
        assert_eq!(elsewhere(&console).await.latest().await.unwrap().jury.weight().percent(), 40);
        assert!(ana.get("/console/contest").await.text.contains("value=\"40\""));
    }

    async fn a_category_in_use_cannot_vanish(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut ana = console.signed_in("Ana", Role::Admin).await;
        let path = "/console/contest/parts/categories";
        let both = [("version", "0"), ("categories", "dunk: Clavada | Dunk\r\nthree: Triple")];
        assert_eq!(saves(&mut ana, path, &both).await.status, 303);
        let owner = console.store.a_player("Luis").await;
        console.store.a_completed_video_in(&owner, "dunk").await;

        let without = [("version", "1"), ("categories", "three: Triple")];
        let refused = saves(&mut ana, path, &without).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("The category “dunk” must stay"), "{}", refused.text);
        let files = saves(&mut ana, path, &[("version", "1"), ("reset", "yes")]).await;
        assert_eq!(files.status, 422, "the files have none");
        let back = saves(&mut ana, "/console/contest/versions/0", &[("version", "1")]).await;
        assert_eq!(back.status, 422);
        assert!(back.text.contains("The category “dunk” must stay"), "{}", back.text);
        let categories = || async { elsewhere(&console).await.latest().await.unwrap().categories.clone() };
        assert_eq!(categories().await.len(), 2);

        let renamed = [("version", "1"), ("categories", "dunk: Mate | Slam")];
        assert_eq!(saves(&mut ana, path, &renamed).await.status, 303, "nothing is in the other");
        let left = categories().await;
        assert_eq!(left.iter().map(|left| left.id.as_str()).collect::<Vec<_>>(), ["dunk"]);
        assert_eq!(left[0].name.en.as_deref(), Some("Slam"));
    }

    async fn categories_that_cannot_be_are_told_by_name(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut ana = console.signed_in("Ana", Role::Admin).await;
        for (typed, told) in [
            ("Dunk!: Clavada", "“Dunk!” is no id"),
            ("a: A\na: B", "Two categories have the id “a”"),
            ("mate", "The category “mate” needs a name"),
        ] {
            let fields = [("version", "0"), ("categories", typed)];
            let refused = saves(&mut ana, "/console/contest/parts/categories", &fields).await;
            assert_eq!(refused.status, 422, "{typed}");
            assert!(refused.text.contains(told), "{typed}: {}", refused.text);
            assert!(refused.text.contains(typed), "what was typed is still there");
        }
    }

    async fn a_brand_is_tried_out_before_it_is_used(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut ana = console.signed_in("Ana", Role::Admin).await;
        assert_eq!(uploads(&ana, "#00aa55", GREEN).await.leads_to(), "/console/contest/brand");
        let page = ana.get("/console/contest/brand").await.text;
        assert!(page.contains("Your draft") && !page.contains("alert(1)"));
        let site = elsewhere(&console).await;
        assert_eq!(site.latest().await.unwrap().number, 0, "only tried out");
        for name in ["light.png", "dark.png", "card.png"] {
            let shown = ana.request(Method::GET, picture(&page, name)).send().await.unwrap();
            assert_eq!(shown.headers()["content-type"], "image/png");
            let png = shown.bytes().await.unwrap();
            let shown = image::load_from_memory(&png).unwrap().to_rgb8();
            assert_eq!(shown.dimensions(), (1280, 720), "{name}");
            let greenest = |[red, green, blue]: [u8; 3]| green > 180 && red < 80 && blue < 80;
            assert!(shown.pixels().any(|pixel| greenest(pixel.0)), "{name} has the logo");
        }
        let fields = [("version", hidden(&page, "version")), ("number", hidden(&page, "number"))];
        let used = ana.posts("/console/contest/brand/use", &fields).await;
        assert_eq!(used.leads_to(), "/console/contest/brand?done=brand-used");
        console.store.clock.advance(Duration::from_secs(3));
        let now = site.fresh().await;
        assert_eq!(now.brand.color.to_string(), "#00aa55");
        let logo = now.brand_part().logo_svg.clone().unwrap();
        assert!(logo.contains("00ff00") && !logo.contains("script"), "{logo}");
        let again = ana.posts("/console/contest/brand/use", &fields).await;
        assert_eq!(again.leads_to(), "/console/contest/brand", "there is no draft any more");
        let audit = console.store.audit(&AuditFilter::default(), 10).await.unwrap();
        assert!(audit.iter().any(|entry| entry.action == "brand-changed"));
    }

    async fn a_brand_is_seen_on_a_clip_before_it_is_used(store: TestStore) {
        let console = TestConsole::on(store).await;
        let ana = console.signed_in("Ana", Role::Admin).await;
        assert_eq!(uploads(&ana, "#00aa55", GREEN).await.status, 303);
        let page = ana.get("/console/contest/brand").await.text;
        let address = picture(&page, "clip.mp4");
        let clip = made(&ana, address).await;
        assert_eq!(clip.headers()["content-type"], "video/mp4");
        let video = clip.bytes().await.unwrap();
        let [opening, itself, closing] = [1.2, 3.5, 5.5].map(|at_s| greens(&video, at_s));
        assert!(opening > 1000 && closing > 1000, "the logo is on the cards: {opening}, {closing}");
        assert!(itself > 0, "and in the watermark");
        let part = ana.request(Method::GET, address).header("range", "bytes=0-99").send().await;
        let part = part.unwrap();
        assert_eq!((part.status().as_u16(), part.bytes().await.unwrap()), (206, video.slice(..100)));
        assert_eq!(elsewhere(&console).await.latest().await.unwrap().number, 0, "only tried out");
    }

    async fn one_clip_is_made_at_a_time(store: TestStore) {
        let folder = tempfile::tempdir().unwrap();
        let slow = a_program(folder.path(), "sleep 600");
        let console = TestConsole::with(store, |settings| settings.media.ffmpeg = slow).await;
        let ana = console.signed_in("Ana", Role::Admin).await;
        let page = ana.get("/console/contest/brand").await.text;
        let waiting = ana.get(picture(&page, "clip.mp4")).await;
        assert_eq!((waiting.status.as_u16(), &waiting.headers["x-percent"]), (202, &"0".parse().unwrap()));
        assert!(waiting.text.contains("The clip is being made…"), "{}", waiting.text);
        let luis = console.signed_in("Luis", Role::Admin).await;
        assert_eq!(uploads(&luis, "#00aa55", GREEN).await.status, 303);
        let page = luis.get("/console/contest/brand").await.text;
        let busy = luis.get(picture(&page, "clip.mp4")).await;
        assert_eq!(busy.status, 503);
        assert!(busy.text.contains("Another clip is being made"), "{}", busy.text);
    }

    async fn a_clip_that_cannot_be_made_is_told(store: TestStore) {
        let folder = tempfile::tempdir().unwrap();
        let broken = a_program(folder.path(), "exit 1");
        let console = TestConsole::with(store, |settings| settings.media.ffmpeg = broken).await;
        let ana = console.signed_in("Ana", Role::Admin).await;
        let page = ana.get("/console/contest/brand").await.text;
        let failed = ana.get(picture(&page, "clip.mp4")).await;
        assert_eq!(failed.status, 500);
        assert!(failed.text.contains("The clip was not made"), "{}", failed.text);
    }

    async fn without_ffmpeg_the_page_says_so(store: TestStore) {
        let nowhere = "/nowhere/ffmpeg".into();
        let console = TestConsole::with(store, |settings| settings.media.ffmpeg = nowhere).await;
        let ana = console.signed_in("Ana", Role::Admin).await;
        let page = ana.get("/console/contest/brand").await.text;
        assert!(page.contains("There is no ffmpeg on this machine") && !page.contains("clip.mp4"));
        let refused = ana.get("/console/contest/brand/preview/0/clip.mp4").await;
        assert_eq!(refused.status, 503);
        assert!(refused.text.contains("No ffmpeg here"), "{}", refused.text);
    }

    async fn a_drawing_that_is_not_taken_is_told_why(store: TestStore) {
        let console = TestConsole::on(store).await;
        let ana = console.signed_in("Ana", Role::Admin).await;
        let svg = |inner: &str| format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inner}</svg>"#);
        let bomb = format!("<!DOCTYPE svg [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>{}", svg("<desc>&a;</desc>"));
        for (drawing, told) in [
            (svg("<text>ANB</text>"), "Turn them into outlines"),
            (svg("<image href=\"http://127.0.0.1/\"/>"), "an element that is not taken: &#60;image&#62;"),
            (bomb, "defines entities"),
            ("GIF89a".to_owned(), "no SVG"),
            (svg(&"x".repeat(600 << 10)), "512 kB at most"),
        ] {
            let refused = uploads(&ana, "#00aa55", &drawing).await;
            assert_eq!(refused.status, 422, "{told}");
            assert!(refused.text.contains(told), "{told}: {}", refused.text);
        }
    }

    async fn only_administrators_see_it(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut olga = console.operator("Olga").await;
        for path in ["/console/contest", "/console/contest/brand", "/console/contest/versions"] {
            assert_eq!(olga.get(path).await.status, 403, "{path}");
        }
        assert_eq!(olga.posts(PHASES, &[("version", "0")]).await.status, 403);
        assert_eq!(uploads(&olga, "#00aa55", GREEN).await.status, 403);
    }
}
