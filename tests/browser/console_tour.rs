//! All pages of the console, one after the other.

use serde_json::Value;

use crate::{
    browser::Browser,
    console::Authenticator,
    looks::Look,
    people::{ADELA, JULIA, OLGA},
    site::Site,
    tour::{Stop, stop},
};

/// Beside the sections, which the navigation names.
fn below_the_sections(video: &str, player: &str) -> Vec<Stop> {
    vec![
        stop("failed", "/console/videos?status=failed"),
        stop("video", format!("/console/videos/{video}")),
        stop("day", "/console?span=day"),
        stop("players-found", "/console/players?q=prueba"),
        stop("player", format!("/console/players/{player}")),
        stop("panels", "/console/jury/panels"),
        stop("new-panel", "/console/jury/panels/new"),
        stop("jury-ranking", "/console/jury/ranking"),
        stop("brand", "/console/contest/brand"),
        stop("versions", "/console/contest/versions"),
        stop("new-webhook", "/console/webhooks/new"),
        stop("audit-nothing", "/console/audit?who=nobody"),
        stop("audit-wrong", "/console/audit?from=yesterday"),
        stop("account", "/console/account"),
        stop("not-found", "/console/nowhere"),
    ]
}

/// Those who work here.
pub async fn hires(site: &Site) {
    for (person, role) in [(&ADELA, "admin"), (&OLGA, "operator"), (&JULIA, "jury")] {
        site.employs(person, role).await;
    }
}

/// Shows every page that is always there: on the way in, then as an admin, who
/// sees all sections. Returns the admin's app.
pub async fn all_pages(
    browser: &Browser,
    (video, player): (&str, &str),
    look: impl AsyncFn(&Stop, bool),
) -> Authenticator {
    show(browser, &[stop("sign-in", "/console/sign-in")], &look).await;
    browser.gives_password(&ADELA).await;
    show(browser, &[stop("enrol", "/console/sign-in/enrol")], &look).await;
    let mut app = browser.enters_console(&ADELA).await;
    browser.leaves_console().await;
    browser.gives_password(&ADELA).await;
    show(browser, &[stop("code", "/console/sign-in/code")], &look).await;
    browser.enters_console_again(&ADELA, &mut app).await;
    show(browser, &sections(browser).await, &look).await;
    show(browser, &below_the_sections(video, player), &look).await;
    app
}

/// What the navigation leads to.
async fn sections(browser: &Browser) -> Vec<Stop> {
    let links = "[...document.querySelectorAll('nav.sections a')]
        .map(link => new URL(link.href).pathname)";
    let paths: Vec<Value> = browser.asks(links).await;
    assert!(paths.len() >= 10, "{paths:?}");
    let stop = |path: &Value| {
        let path = path.as_str().unwrap();
        let name = path.trim_start_matches("/console").replace('/', "");
        stop(if name.is_empty() { "overview" } else { &name }, path)
    };
    paths.iter().map(stop).collect()
}

pub async fn show(browser: &Browser, stops: &[Stop], look: &impl AsyncFn(&Stop, bool)) {
    for stop in stops {
        for dark in [false, true] {
            Look { width: 1280, dark }.on(browser).await;
            browser.goes_to(&stop.path).await;
            look(stop, dark).await;
        }
    }
}
