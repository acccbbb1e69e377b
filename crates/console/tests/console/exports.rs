//! What admins take out of the platform as files.

use anb_domain::{Action, Role};
use anb_store::AuditFilter;
use anb_testkit::{TestStore, on_each_database};
use reqwest::{Method, StatusCode};
use sea_orm::ConnectionTrait as _;

use crate::support::{Browser, TestConsole};

/// More than are read at once, so that there is a second page to fail.
const MANY: usize = 450;

/// Sends the form of an export, and gives back what the body comes to.
async fn download(browser: &Browser<'_>, kind: &str) -> Result<String, reqwest::Error> {
    let path = format!("/console/exports/{kind}");
    let form = browser.form(&path, &[("format", "json")]).header("origin", browser.console.url(""));
    let response = form.send().await?;
    assert_eq!(response.status(), 200);
    response.text().await
}

on_each_database! {
    async fn an_admin_downloads_each_kind_as_csv_and_json(store: TestStore) {
        let console = TestConsole::on(store).await;
        let ana = console.store.a_player("Ana").await;
        let luis = console.store.a_player("Luis").await;
        let video = console.store.a_completed_video(&ana).await;
        console.store.vote(&luis, video.id).await;
        let mut admin = console.signed_in("Alma", Role::Admin).await;
        let page = admin.get("/console/exports").await.ok();
        page.shows("<code>jury_points</code>");
        page.shows("aria-current=\"page\">Exports</a>");
        for kind in ["rankings", "votes", "videos", "audit"] {
            let path = format!("/console/exports/{kind}");
            let csv = admin.posts(&path, &[("format", "csv"), ("bom", "yes"), ("word", "")]).await.ok();
            assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
            let name = csv.header("content-disposition");
            assert!(name.starts_with(&format!("attachment; filename=\"{kind}-2")) && name.ends_with(".csv\""), "{name}");
            assert!(csv.text.lines().count() >= 2, "{kind}: {}", csv.text);
            let json = admin.posts(&path, &[("format", "json")]).await.ok();
            assert_eq!(json.header("content-type"), "application/json");
            let rows: serde_json::Value = serde_json::from_str(&json.text).unwrap();
            assert!(!rows.as_array().unwrap().is_empty(), "{kind}");
        }
        let made = AuditFilter { action: Some(Action::EXPORT_MADE), ..AuditFilter::default() };
        let made = console.store.audit(&made, 20).await.unwrap();
        assert_eq!(made.len(), 8);
        assert!(made.iter().all(|entry| entry.actor.name == "Alma Ruiz" && entry.actor.address.is_some()));
        admin.get("/console/audit").await.ok().shows("Made an export");
    }

    async fn nobody_but_admins_exports(store: TestStore) {
        let console = TestConsole::on(store).await;
        for (name, role) in [("Olga", Role::Operator), ("Julia", Role::Jury)] {
            let mut browser = console.signed_in(name, role).await;
            let page = browser.get("/console/exports").await;
            assert_eq!(page.status, StatusCode::FORBIDDEN);
            page.hides("href=\"/console/exports\"");
            let refused = browser.posts("/console/exports/audit", &[("format", "csv")]).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN);
        }
        let mut stranger = console.stranger();
        let answer = stranger.posts("/console/exports/audit", &[("format", "csv")]).await;
        assert_eq!(answer.leads_to(), "/console/sign-in");
        let made = AuditFilter { action: Some(Action::EXPORT_MADE), ..AuditFilter::default() };
        assert_eq!(console.store.audit(&made, 1).await.unwrap(), []);
    }

    async fn what_cannot_be_exported_is_refused(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut admin = console.signed_in("Alma", Role::Admin).await;
        assert_eq!(admin.posts("/console/exports/players", &[("format", "csv")]).await.status, 404);
        let long = "x".repeat(65);
        for fields in [vec![("format", "xls")], vec![], vec![("format", "csv"), ("word", &*long)]] {
            assert_eq!(admin.posts("/console/exports/votes", &fields).await.status, 400, "{fields:?}");
        }
        assert_eq!(admin.request(Method::GET, "/console/exports/votes").send().await.unwrap().status(), 405);
    }

    async fn a_download_that_fails_half_way_is_cut(store: TestStore) {
        let console = TestConsole::on(store).await;
        let ana = console.store.a_player("Ana").await;
        for n in 0..MANY {
            console.store.a_pending_video_called(&ana, &format!("Clip {n}")).await;
        }
        let admin = console.signed_in("Alma", Role::Admin).await;
        let whole = download(&admin, "videos").await.unwrap();
        assert!(whole.ends_with("\n]\n"));
        // The last one cannot be read any more.
        let broken = format!(
            "UPDATE videos SET failure = '{{\"code\":\"eaten\"}}' WHERE title = 'Clip {}'",
            MANY - 1
        );
        let changed = console.store.db().writer().execute_unprepared(&broken).await.unwrap();
        assert_eq!(changed.rows_affected(), 1);
        let cut = download(&admin, "videos").await;
        assert!(cut.is_err(), "it looks finished: {} bytes", cut.unwrap().len());
    }
}
