//! Votes that nobody should have bought.

use crate::{
    browser::visit,
    console_work::{CLUSTER, votes_in_a_cluster},
    device::Device,
    people::{CARLOS, OLGA},
    site::Site,
};

/// One of Carlos's, that nobody has voted for.
const UNLOVED: &str = "Zurda";

const FLAG: &str = "main .rows h2 a";

#[tokio::test]
async fn a_cluster_of_votes_is_flagged_struck_and_the_ranking_follows() {
    let site = Site::with_videos(&[("ANB_WORKER__RECONCILE_S", "1")]).await;
    let before = leader(&site).await;
    assert!(!before.starts_with(CARLOS.first_name));
    let video = site.video(UNLOVED).await;
    votes_in_a_cluster(&site, &video).await;
    site.employs(&OLGA, "operator").await;
    visit("operator-strikes-votes", &site, Device::DESKTOP, async |olga| {
        let leads = async || leader(&site).await.starts_with(CARLOS.first_name);
        olga.until("nothing was blocked: Carlos leads", leads).await;
        olga.enters_console(&OLGA).await;
        olga.until("the cluster is flagged", async || {
            olga.goes_to("/console/votes").await;
            olga.count(FLAG).await > 0
        })
        .await;
        olga.follows(FLAG).await;
        olga.finds(UNLOVED).await;
        assert_eq!(olga.count("main tbody tr").await, CLUSTER);
        olga.writes("main [name=reason]", "Diez cuentas nuevas de un mismo lugar").await;
        olga.follows("main form button.primary").await;
        olga.finds("10 votos anulados").await;
        assert_eq!(olga.count("main tbody .badge.failed").await, CLUSTER);
        let follows = async || leader(&site).await == before;
        olga.until("the ranking follows", follows).await;
    })
    .await;
    assert_eq!(site.get(&format!("/api/public/videos/{video}")).await["votes"], 0);
}

/// Who is first in the public ranking.
async fn leader(site: &Site) -> String {
    site.get("/api/public/rankings").await["rankings"][0]["username"].as_str().unwrap().to_owned()
}
