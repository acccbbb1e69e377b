//! The page of the audit log.

use std::time::Duration;

use anb_domain::{Action, PlayerId, Role, Subject};
use anb_store::{Actor, AuditFilter, Deed};
use anb_testkit::{TestStore, on_each_database};
use serde_json::json;
use uuid::Uuid;

use crate::support::{Answer, TestConsole};

const VIDEO: Uuid = Uuid::from_u128(7);

fn marta() -> Actor {
    Actor {
        id: Some(PlayerId(Uuid::from_u128(5))),
        name: "Marta Gil".into(),
        role: "operator".into(),
        address: Some("192.0.2.7".into()),
        agent: Some("Netscape <4>".into()),
        request_id: Some(Uuid::from_u128(9)),
    }
}

/// Something that no console does today.
async fn marta_disqualifies(console: &TestConsole) {
    let deed = Deed::new(Action::VIDEO_DISQUALIFIED, Subject::new("video", VIDEO))
        .before(json!({ "status": "completed", "votes": { "counted": 12 }, "same": 1 }))
        .after(json!({ "status": "completed", "votes": { "counted": 0 }, "same": 1 }))
        .because("Not <b>their</b> own clip");
    console.store.record(&marta(), deed).await.unwrap();
}

on_each_database! {
    async fn an_entry_tells_who_what_before_after_when_and_from_where(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut adela = console.signed_in("Adela", Role::Admin).await;
        marta_disqualifies(&console).await;
        let page = adela.get(&format!("/console/audit?kind=video&id={VIDEO}")).await.ok();
        for told in [
            "Marta Gil", "operator", "Disqualified a video", "Not &#60;b&#62;their&#60;/b&#62; own clip",
            "votes.counted", "<del>12</del>", "<ins>0</ins>", "192.0.2.7", "Netscape &#60;4&#62;",
            &Uuid::from_u128(9).to_string(), &VIDEO.to_string(), "data-moment",
        ] {
            page.shows(told);
        }
        page.hides("<dt>same</dt>");
        page.hides("<b>their");
        adela.language = "es";
        let page = adela.get("/console/audit?action=video-disqualified").await.ok();
        page.shows("Descalificó un vídeo");
        page.shows("operador");
    }

    async fn an_entry_and_the_answer_bear_the_load_balancers_name_of_the_request(store: TestStore) {
        let console =
            TestConsole::with(store, |settings| settings.console.trusted_proxies = 1).await;
        let adela = console.signed_in("Adela", Role::Admin).await;
        let video = console.failed_video("Mate").await;
        let form = adela.form(&format!("/console/videos/{}/retry", video.id), &[]);
        let form = form
            .header("origin", console.url(""))
            .header("x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678");
        let answer = Answer::to(form).await;
        answer.leads_to();
        let name = "67891233-abcd-ef01-2345-678912345678";
        assert_eq!(answer.header("x-request-id"), name);
        let retried = AuditFilter { action: Some(Action::VIDEO_RETRIED), ..AuditFilter::default() };
        let [entry] = &console.store.audit(&retried, 9).await.unwrap()[..] else { panic!("one") };
        assert_eq!(entry.actor.request_id, name.parse().ok());
        let page = adela.get("/console/audit?action=video-retried").await.ok();
        page.shows(name);
    }

    async fn what_is_done_in_the_console_is_found_by_who_what_and_when(store: TestStore) {
        let console = TestConsole::on(store).await;
        let adela = console.signed_in("Adela", Role::Admin).await;
        marta_disqualifies(&console).await;
        let sees = async |query: &str, marta: bool, adela_too: bool| {
            let page = adela.get(&format!("/console/audit?{query}")).await.ok();
            let rows = page.text.split("<tbody>").nth(1).unwrap_or_default();
            assert_eq!(rows.contains("Marta Gil"), marta, "{query}");
            assert_eq!(rows.contains("Signed in"), adela_too, "{query}");
        };
        sees("", true, true).await;
        sees("who=gil", true, false).await;
        sees("who=adela", false, true).await;
        sees("action=signed-in", false, true).await;
        sees("kind=console", false, true).await;
        let day = |days: u64| {
            use anb_domain::Clock as _;
            (console.store.clock.now() + Duration::from_hours(24 * days)).format("%F").to_string()
        };
        sees(&format!("from={0}&to={0}", day(0)), true, true).await;
        sees(&format!("from={}", day(1)), false, false).await;
        adela.get("/console/audit?who=nobody").await.ok().shows("Nothing matches.");
    }

    async fn the_log_is_read_page_by_page_while_it_grows(store: TestStore) {
        let console = TestConsole::on(store).await;
        let adela = console.signed_in("Adela", Role::Admin).await;
        for number in 0..60 {
            let deed = Deed::new(Action::EXPORT_MADE, Subject::new("export", format!("n-{number}-n")));
            console.store.record(&marta(), deed).await.unwrap();
        }
        let first = adela.get("/console/audit?who=marta").await.ok();
        first.shows("n-59-n");
        first.shows("n-10-n");
        first.hides("n-9-n");
        marta_disqualifies(&console).await;
        let (_, older) = first.text.split_once("rel=\"next\" href=\"").unwrap();
        let older = older.split_once('"').unwrap().0.replace("&#38;", "&");
        let second = adela.get(&older).await.ok();
        second.shows("n-9-n");
        second.shows("n-0-n");
        second.hides("n-10-n");
        second.hides("rel=\"next\"");
        second.shows("href=\"/console/audit?who=marta\"");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_said_and_stays_in_the_form() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let adela = console.signed_in("Adela", Role::Admin).await;
    let page = adela.get("/console/audit?from=yesterday&who=gil").await;
    assert_eq!(page.status, 400);
    page.shows("We cannot search like that");
    page.shows("value=\"yesterday\"");
    page.shows("value=\"gil\"");
    for query in ["action=video-eaten", "before=x", "to=+999999999-01-01"] {
        assert_eq!(adela.get(&format!("/console/audit?{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn only_admins_read_what_others_have_done() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    for (name, role) in [("Olga", Role::Operator), ("Julia", Role::Jury)] {
        let browser = console.signed_in(name, role).await;
        assert_eq!(browser.get("/console/audit").await.status, 403, "{role}");
    }
}
