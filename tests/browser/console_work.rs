//! Pages of the console that are there once somebody has worked: a receiver of
//! events and what was sent to it, a panel and the sheets of its jurors, votes
//! that are looked into, codes and keys of the second factor.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::{
    browser::Browser,
    console::Authenticator,
    people::{ADELA, JULIA},
    site::Site,
    tour::{Stop, stop},
};

/// What makes a [`Site`] on which all of it comes about.
pub const SETTINGS: [(&str, &str); 2] =
    [("ANB_WORKER__RECONCILE_S", "1"), ("ANB_WEBHOOKS__ALLOW_PRIVATE", "true")];

/// More accounts than are new in one place by chance.
pub const CLUSTER: usize = 10;

/// New accounts vote for one video, more than there are by chance.
pub async fn votes_in_a_cluster(site: &Site, video: &str) {
    for n in 0..CLUSTER {
        let voter = site.api.new_player(&format!("Votante{n}"), "Cali").await.unwrap();
        site.api.vote(&voter, video).await.unwrap().error_for_status().unwrap();
    }
}

/// As an admin, whose app this is: sets up what is not there by itself and shows
/// it. Votes for `video` have come [in a cluster](votes_in_a_cluster).
pub async fn of_admins(
    browser: &Browser,
    app: &mut Authenticator,
    video: &str,
    show: impl AsyncFn(&[Stop]),
    look: impl AsyncFn(&str),
) {
    let receiver = receiver().await;
    let mut stops = vec![stop("video-votes", format!("/console/videos/{video}/votes"))];
    stops.push(stop("version", "/console/contest/versions/0"));
    stops.push(stop("flag", flag(browser).await));
    let endpoint = sets_up_receiver(browser, &receiver).await;
    stops.push(stop("delivery", delivered(browser, &endpoint).await));
    stops.push(stop("webhook-delete", format!("{endpoint}/delete")));
    stops.push(stop("webhook", endpoint));
    let panel = makes_panel(browser).await;
    stops.push(stop("panel-edit", format!("{panel}/edit")));
    stops.push(stop("panel", panel));
    show(&stops).await;
    changes_the_second_factor(browser, app, look).await;
}

/// As a juror of a panel, whose first sheet is open.
pub async fn of_jurors(browser: &Browser, show: impl AsyncFn(&[Stop])) {
    browser.enters_console(&JULIA).await;
    browser.goes_to("/console/jury").await;
    let link = |css| format!("new URL(document.querySelector('{css}').href).pathname");
    let panel: String = browser.asks(&link("main h2 a")).await;
    let sheet: String = browser.asks(&link("main a.button.primary")).await;
    let at = [stop("jury", "/console/jury"), stop("sheets", panel), stop("sheet", sheet)];
    show(&at).await;
}

/// Where the votes are looked into, as soon as somebody should.
async fn flag(browser: &Browser) -> String {
    browser
        .until("the cluster is flagged", async || {
            browser.goes_to("/console/votes").await;
            browser.count("main .rows h2 a").await > 0
        })
        .await;
    browser.asks("new URL(document.querySelector('main .rows h2 a').href).pathname").await
}

async fn sets_up_receiver(browser: &Browser, url: &str) -> String {
    browser.goes_to("/console/webhooks/new").await;
    browser.writes("#url", url).await;
    browser.clicks("main [name=events]").await;
    browser.follows("main form button.primary").await;
    path(browser).await
}

/// The page of a test that has arrived.
async fn delivered(browser: &Browser, endpoint: &str) -> String {
    browser.goes_to(endpoint).await;
    browser.follows("form[action$='/test'] button").await;
    let page = path(browser).await;
    browser
        .until("the test has arrived", async || {
            browser.goes_to(&page).await;
            browser.count(".heading .badge.completed").await > 0
        })
        .await;
    page
}

async fn makes_panel(browser: &Browser) -> String {
    browser.goes_to("/console/jury/panels/new").await;
    browser.writes("#name", "Gran final").await;
    browser.writes("#criterion-1", "Técnica").await;
    browser.writes("#weight-1", "100").await;
    browser.clicks("main [name=member]").await;
    browser.follows(".jury-form button.primary").await;
    path(browser).await
}

async fn changes_the_second_factor(
    browser: &Browser,
    app: &mut Authenticator,
    look: impl AsyncFn(&str),
) {
    for (button, name) in [
        ("button[formaction$='/recovery-codes']", "recovery-codes"),
        ("button:not([formaction]):not([id])", "second-factor"),
    ] {
        browser.goes_to("/console/account").await;
        browser.writes("#password", ADELA.password).await;
        browser.writes("#code", &app.code()).await;
        browser.follows(&format!("section[aria-labelledby=factor] {button}")).await;
        look(name).await;
    }
}

async fn path(browser: &Browser) -> String {
    browser.place().await.split('?').next().unwrap().to_owned()
}

/// Takes every event.
async fn receiver() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 16 << 10]).await;
            let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
            let _ = stream.write_all(answer).await;
        }
    });
    url
}
