//! What jurors do, and what comes of it.

use std::fs;

use crate::{
    browser::{Browser, visit},
    clips,
    device::Device,
    people::{ANA, EVA, LUIS, MARTA, OLGA, Person},
    site::Site,
};

const CRITERION: &str = ".jury-criterion";
const FINISH: &str = "#sheet button[value=finish]";

#[tokio::test]
async fn a_juror_scores_blind_and_the_ranking_follows() {
    let site = Site::empty(&[("ANB_JURY__WEIGHT", "0.8")]).await;
    let clip = fs::read(clips::tiny()).unwrap();
    for (player, title) in [(&ANA, "Triple desde el logo"), (&LUIS, "Mate")] {
        let token = site.knows(player).await;
        let sent = site.api.upload(&token, title, clip.clone()).await.unwrap();
        assert!(sent.status().is_success(), "{sent:?}");
    }
    site.has_published(2).await;
    site.employs(&OLGA, "operator").await;
    site.employs(&EVA, "jury").await;

    visit("jury-panel", &site, Device::DESKTOP, async |olga| {
        olga.enters_console(&OLGA).await;
        let panel = makes_panel(olga).await;
        visit("jury-scores", &site, Device::PHONE, async |eva| {
            eva.enters_console(&EVA).await;
            eva.is_at("/console/jury").await;
            eva.follows("main a.button.primary").await;
            is_blind(eva).await;
            gives(eva, "9").await;
            let given = "document.querySelectorAll('#sheet input[value=\"9\"]:checked').length";
            eva.goes_to(&eva.place().await).await;
            assert_eq!(eva.asks::<u64>(given).await, 2, "what was marked is kept");
            eva.follows(FINISH).await;
            is_blind(eva).await;
            gives(eva, "3").await;
            eva.follows(FINISH).await;
            eva.finds("Terminaste").await;
        })
        .await;

        olga.goes_to(&panel).await;
        olga.finds("2 de 2").await;
        assert_eq!(olga.count("tr[data-result]").await, 0, "nobody sees marks before the end");
        olga.follows("form[action$='/close'] button").await;
        let best = olga.reads("tr[data-result]:first-of-type th").await;
        let (winner, other) =
            if best == "Mate" { (&LUIS, "Triple desde el logo") } else { (&ANA, "Mate") };
        let voter = site.knows(&MARTA).await;
        site.api.vote(&voter, &site.video(other).await).await.unwrap().error_for_status().unwrap();

        olga.goes_to("/console/jury/ranking").await;
        assert_eq!(first_line(olga).await, told(winner, 0, "0.00", "9.00", "7.20"));
        olga.finds("Provisional").await;
    })
    .await;
    let shown = site.get("/api/public/rankings").await.to_string();
    assert!(!shown.contains("7.2"), "the public waits for the results: {shown}");
}

/// Of one criterion alone, scored by Eva; returns where it is.
async fn makes_panel(olga: &Browser) -> String {
    olga.goes_to("/console/jury/panels/new").await;
    olga.writes("#name", "Gran final").await;
    for (number, (name, weight)) in [("Técnica", "60"), ("Estilo", "40")].iter().enumerate() {
        olga.writes(&format!("#criterion-{}", number + 1), name).await;
        olga.writes(&format!("#weight-{}", number + 1), weight).await;
    }
    olga.clicks("main [name=member]").await;
    olga.follows(".jury-form button.primary").await;
    olga.finds("0 de 2").await;
    olga.place().await.split('?').next().unwrap().to_owned()
}

/// Nothing on the page says whose the clip is or what others think of it.
async fn is_blind(juror: &Browser) {
    let page: String = juror.asks("document.querySelector('main').innerHTML").await;
    for secret in [ANA.first_name, LUIS.first_name, "Triple", "Mate", "voto"] {
        assert!(!page.contains(secret), "{secret} can be seen");
    }
    let plays =
        async || juror.asks::<f64>("document.querySelector('video').duration || 0").await > 1.0;
    juror.until("the clip is there", plays).await;
}

/// Marks every criterion alike, and waits until that is kept.
async fn gives(juror: &Browser, mark: &str) {
    for number in 1..=juror.count(CRITERION).await {
        let choice = format!("{CRITERION}:nth-of-type({number}) label:has([value=\"{mark}\"])");
        juror.clicks(&choice).await;
    }
    juror.finds("Guardado").await;
}

/// Name, votes, and points: of votes, of the jury and together.
fn told(player: &Person, votes: u32, of_votes: &str, of_jury: &str, total: &str) -> String {
    format!("{} {votes} {of_votes} {of_jury} {total}", player.first_name)
}

async fn first_line(browser: &Browser) -> String {
    let row =
        "[...document.querySelectorAll('tbody tr:first-child > *')].map(cell => cell.innerText)";
    let cells: Vec<String> = browser.asks(row).await;
    let name = cells[1].split(['_', ' ', '-', '.']).next().unwrap();
    format!("{name} {}", cells[4..].join(" "))
}
