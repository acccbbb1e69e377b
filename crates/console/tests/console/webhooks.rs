//! Who is told of events, and what has reached them.

use std::time::Duration;

use anb_domain::{EventKind, Role};
use anb_store::{AuditEntry, AuditFilter, DeliveryState, EndpointId, Send, Sent};
use anb_testkit::{TestStore, on_each_database, published};

use crate::support::{Browser, TestConsole};

const CLUB: [(&str, &str); 5] = [
    ("url", "https://club.example/events?team=<1>"),
    ("description", "Club <b>"),
    ("events", "video.completed"),
    ("events", "contest.closed"),
    ("active", "yes"),
];

/// Sets up the club's webhook. Returns where its page lies.
async fn a_webhook(admin: &mut Browser<'_>) -> String {
    let page = admin.posts("/console/webhooks", &CLUB).await;
    page.leads_to().split('?').next().unwrap().to_owned()
}

fn id_of(page: &str) -> EndpointId {
    EndpointId(page.rsplit('/').next().unwrap().parse().unwrap())
}

/// Publishes a clip, and has its event refused until it is given up.
async fn an_event_that_is_not_taken(console: &TestConsole, endpoint: EndpointId) {
    let video = console.pending_video("Mate").await;
    let claim = console.store.claimed(video.id).await;
    console.store.publish(&claim, published()).await.unwrap();
    let lease = Duration::from_mins(1);
    let [delivery] = &console.store.take_deliveries(endpoint, 1, lease).await.unwrap()[..] else {
        panic!("one event");
    };
    let refused = Send {
        took: Duration::from_millis(1234),
        status: Some(500),
        error: None,
        answer: Some("no <script>".into()),
    };
    console.store.note_send(delivery, &refused, Sent::GivenUp).await.unwrap();
}

/// The only entry of the audit log about such a deed.
async fn noted(console: &TestConsole, action: &str) -> AuditEntry {
    let filter = AuditFilter { action: Some(action.parse().unwrap()), ..AuditFilter::default() };
    let mut entries = console.store.audit(&filter, 9).await.unwrap();
    assert_eq!(entries.len(), 1);
    entries.remove(0)
}

on_each_database! {
    async fn an_admin_sets_up_a_webhook_and_gets_its_secret(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut admin = console.signed_in("Alma", Role::Admin).await;
        admin.get("/console/webhooks").await.ok().shows("Nobody is told anything yet.");
        admin.get("/console/webhooks/new").await.ok().shows("name=\"url\"");
        let page = a_webhook(&mut admin).await;
        let shown = admin.get(&page).await.ok();
        shown.shows("Club &#60;b&#62;");
        shown.shows("https://club.example/events?team=&#60;1&#62;");
        shown.shows("<code>whsec_");
        let list = admin.get("/console/webhooks").await.ok();
        list.shows("video.completed");
        list.hides("whsec_");
        let endpoint = console.store.endpoint(id_of(&page)).await.unwrap().unwrap();
        assert_eq!(endpoint.events, [EventKind::VideoCompleted, EventKind::ContestClosed]);
    }

    async fn what_cannot_be_right_is_refused_and_kept_in_the_form(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut admin = console.signed_in("Alma", Role::Admin).await;
        for (url, why) in [
            ("club", "This is not a web address."),
            ("http://club.example/", "The address must begin with https://"),
            ("https://ana:pw@club.example/", "Leave user name and password out"),
            ("https://169.254.169.254/latest", "This address lies within our own network."),
        ] {
            let fields = [("url", url), ("events", "video.failed"), ("active", "yes")];
            let refused = admin.posts("/console/webhooks", &fields).await;
            assert_eq!(refused.status, 422);
            refused.shows(why);
            refused.shows(&format!("value=\"{url}\""));
            refused.shows("value=\"video.failed\" checked");
        }
        let none = admin.posts("/console/webhooks", &CLUB[..2]).await;
        none.shows("Choose at least one event.");
        assert_eq!(console.store.endpoints().await.unwrap(), []);
    }

    async fn receivers_within_the_own_network_must_be_allowed(store: TestStore) {
        let console = TestConsole::with(store, |settings| settings.webhooks.allow_private = true).await;
        let mut admin = console.signed_in("Alma", Role::Admin).await;
        let fields = [("url", "http://localhost:9000/"), ("events", "video.failed")];
        admin.posts("/console/webhooks", &fields).await.leads_to();
        let [endpoint] = &console.store.endpoints().await.unwrap()[..] else { panic!() };
        assert!(!endpoint.active, "it was not asked to send");
    }

    async fn the_log_tells_what_was_sent_and_answered_and_sends_it_again(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut admin = console.signed_in("Alma", Role::Admin).await;
        let page = a_webhook(&mut admin).await;
        an_event_that_is_not_taken(&console, id_of(&page)).await;

        let shown = admin.get(&format!("{page}?state=given_up")).await.ok();
        shown.shows("video.completed");
        shown.shows("Given up");
        admin.get(&format!("{page}?state=delivered")).await.ok().shows("Nothing so far.");
        let log = console.store.deliveries(id_of(&page), None, 1, 0).await.unwrap();
        let delivery = format!("{page}/deliveries/{}", log.items[0].id);
        let shown = admin.get(&delivery).await.ok();
        for part in ["500", "1234 ms", "no &#60;script&#62;", "&#34;type&#34;: &#34;video.completed&#34;"] {
            shown.shows(part);
        }
        let again = admin.posts_and_follows(&format!("{delivery}/again"), &[]).await.ok();
        again.shows("It will be sent again at once.");
        let log = console.store.deliveries(id_of(&page), None, 1, 0).await.unwrap();
        assert_eq!(log.items[0].state, DeliveryState::Waiting);
        assert_eq!(log.items[0].due_at, anb_domain::Clock::now(&*console.store.clock));
        let after = noted(&console, "webhook-redelivered").await.after.unwrap();
        assert_eq!(after["delivery"], log.items[0].id.to_string());
    }

    async fn a_test_event_can_be_sent(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut admin = console.signed_in("Alma", Role::Admin).await;
        let page = a_webhook(&mut admin).await;
        let delivery = admin.posts_and_follows(&format!("{page}/test"), &[]).await.ok();
        delivery.shows("A test event is on its way.");
        delivery.shows("ping");
        let due = console.store.endpoints_with_deliveries_due().await.unwrap();
        assert_eq!(due, [id_of(&page)]);
        let noted = noted(&console, "webhook-tested").await;
        assert_eq!((noted.subject.id.as_str(), noted.actor.name.as_str()), (page.rsplit('/').next().unwrap(), "Alma Ruiz"));
        let after = noted.after.unwrap();
        assert!(delivery.text.contains(after["delivery"].as_str().unwrap()));
    }

    async fn a_webhook_is_changed_renewed_and_deleted_and_all_of_it_is_noted(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut admin = console.signed_in("Alma", Role::Admin).await;
        let page = a_webhook(&mut admin).await;
        let fields = [("url", "https://other.example/"), ("events", "video.rejected")];
        admin.posts_and_follows(&page, &fields).await.ok().shows("https://other.example/");
        let before = admin.get(&page).await.ok();
        let renewed = admin.posts_and_follows(&format!("{page}/secret"), &[]).await.ok();
        let secret = |text: &str| text.split("whsec_").nth(1).unwrap()[..40].to_owned();
        assert_ne!(secret(&before.text), secret(&renewed.text));

        let delete = format!("{page}/delete");
        admin.get(&delete).await.ok().shows("Delete this webhook?");
        admin.posts_and_follows(&delete, &[]).await.ok().shows("The webhook has been deleted.");
        assert_eq!(admin.get(&page).await.status, 404);
        assert_eq!(admin.posts(&delete, &[]).await.status, 404);

        let entries = console.store.audit(&anb_store::AuditFilter::default(), 50).await.unwrap();
        let mut actions: Vec<_> = entries
            .iter()
            .filter(|entry| entry.action.starts_with("webhook"))
            .map(|entry| entry.action.as_str())
            .collect();
        actions.reverse();
        assert_eq!(actions, ["webhook-created", "webhook-changed", "webhook-changed", "webhook-deleted"]);
    }

    async fn what_is_no_webhook_is_not_found(store: TestStore) {
        let console = TestConsole::on(store).await;
        let admin = console.signed_in("Alma", Role::Admin).await;
        for path in ["nothing", "01968b6e-2c00-7000-8000-000000000007"] {
            let answer = admin.get(&format!("/console/webhooks/{path}")).await;
            assert_eq!(answer.status, 404, "{path}");
        }
    }
}
