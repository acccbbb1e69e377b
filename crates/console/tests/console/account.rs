//! One's own sessions and second factor.

use std::time::Duration;

use anb_domain::Role;
use anb_store::AuditFilter;
use anb_testkit::{TestStore, on_each_database};

use crate::support::{Answer, Browser, PASSWORD, TestConsole};

const ACCOUNT: &str = "/console/account";

/// Olga with a second browser, a step later: no code is taken twice.
async fn again<'a>(console: &'a TestConsole, olga: &Browser<'_>) -> Browser<'a> {
    let mut other = console.stranger();
    other.secret.clone_from(&olga.secret);
    console.store.clock.advance(Duration::from_secs(30));
    other.signs_in("olga@example.com", PASSWORD).await;
    let code = other.code();
    assert_eq!(
        other.posts("/console/sign-in/code", &[("code", &code)]).await.leads_to(),
        "/console"
    );
    other
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    text.split_once(before).unwrap().1.split_once(after).unwrap().0
}

/// Sends password and the code of a later step.
async fn proves(olga: &mut Browser<'_>, path: &str, password: &str) -> Answer {
    olga.console.store.clock.advance(Duration::from_secs(30));
    let code = olga.code();
    olga.posts(path, &[("password", password), ("code", &code)]).await
}

async fn noted(console: &TestConsole) -> Vec<String> {
    let entries = console.store.audit(&AuditFilter::default(), 100).await.unwrap();
    entries.into_iter().map(|entry| entry.action).collect()
}

on_each_database! {
    async fn a_session_is_ended_from_another(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut olga = console.operator("Olga").await;
        let other = again(&console, &olga).await;
        let page = olga.get(ACCOUNT).await.ok();
        page.shows("This session");
        let end = between(&page.text, "action=\"/console/account/sessions/", "\"").to_owned();
        let told = olga.posts_and_follows(&format!("{ACCOUNT}/sessions/{end}"), &[]).await.ok();
        told.shows("The session is over.");
        told.shows("No other session is open.");
        assert_eq!(other.get("/console").await.leads_to(), "/console/sign-in");
        olga.get("/console").await.ok();
        assert_eq!(noted(&console).await[0], "session-ended");
    }

    async fn nobody_ends_the_session_of_somebody_else(store: TestStore) {
        let console = TestConsole::on(store).await;
        let olga = console.operator("Olga").await;
        let second = again(&console, &olga).await;
        let page = olga.get(ACCOUNT).await.ok();
        let of_olga = between(&page.text, "action=\"/console/account/sessions/", "\"").to_owned();
        let mut julia = console.signed_in("Julia", Role::Jury).await;
        let refused = julia.posts(&format!("{ACCOUNT}/sessions/{of_olga}"), &[]).await;
        assert_eq!(refused.status, 404);
        second.get("/console").await.ok();
        assert_eq!(julia.posts(&format!("{ACCOUNT}/sessions/x"), &[]).await.status, 404);
    }

    async fn all_other_sessions_are_ended_at_once(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut olga = console.operator("Olga").await;
        let others = [again(&console, &olga).await, again(&console, &olga).await];
        let told = olga.posts_and_follows("/console/account/sessions", &[]).await.ok();
        told.shows("2 sessions are over.");
        for other in others {
            assert_eq!(other.get("/console").await.leads_to(), "/console/sign-in");
        }
    }

    async fn new_recovery_codes_take_the_place_of_the_old(store: TestStore) {
        let console = TestConsole::on(store).await;
        let person = console.person("Olga", Role::Operator).await;
        let mut olga = console.stranger();
        let shown = olga.enrols(person.email.as_str()).await.ok();
        let old = between(&shown.text, "<li><code>", "<").to_owned();
        let renew = "/console/account/recovery-codes";
        let refused = proves(&mut olga, renew, "guess").await;
        assert_eq!(refused.status, 401);
        refused.shows("The password or the code is wrong. Nothing was changed.");
        let shown = proves(&mut olga, renew, PASSWORD).await.ok();
        assert_eq!(shown.text.matches("<li><code>").count(), 10);
        let new = between(&shown.text, "<li><code>", "<").to_owned();
        let mut other = console.stranger();
        other.signs_in("olga@example.com", PASSWORD).await;
        assert_eq!(other.posts("/console/sign-in/code", &[("code", &old)]).await.status, 401);
        let let_in = other.posts("/console/sign-in/code", &[("code", &new)]).await;
        assert_eq!(let_in.leads_to(), "/console");
        olga.get(ACCOUNT).await.ok().shows("You have 9 recovery codes left.");
        assert!(noted(&console).await.contains(&"recovery-codes-renewed".to_owned()));
    }

    async fn another_second_factor_counts_once_a_code_of_it_is_shown(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut olga = console.operator("Olga").await;
        let other = again(&console, &olga).await;
        let offered = proves(&mut olga, "/console/account/second-factor", PASSWORD).await.ok();
        let offer = between(&offered.text, "name=\"offer\" value=\"", "\"").replace("&#43;", "+");
        let new = between(&offered.text, "id=\"secret\">", "<").to_owned();
        let old = olga.secret.replace(new).unwrap();
        assert_ne!(Some(&old), olga.secret.as_ref());
        other.get("/console").await.ok();

        let confirm = "/console/account/second-factor/confirm";
        let wrong = olga.posts(confirm, &[("offer", &offer), ("code", "000000")]).await;
        assert_eq!(wrong.status, 401);
        wrong.shows(&format!("id=\"secret\">{}<", olga.secret.as_ref().unwrap()));
        let code = olga.code();
        let shown = olga.posts(confirm, &[("offer", &offer), ("code", &code)]).await.ok();
        assert_eq!(shown.text.matches("<li><code>").count(), 10);
        assert_eq!(other.get("/console").await.leads_to(), "/console/sign-in", "others have ended");
        olga.get("/console").await.ok();
        assert_eq!(noted(&console).await[0], "second-factor-changed");
    }

    async fn after_that_the_old_one_is_no_longer_taken(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut olga = console.operator("Olga").await;
        let offered = proves(&mut olga, "/console/account/second-factor", PASSWORD).await.ok();
        let offer = between(&offered.text, "name=\"offer\" value=\"", "\"").replace("&#43;", "+");
        let new = between(&offered.text, "id=\"secret\">", "<").to_owned();
        let old = olga.secret.replace(new);
        let code = olga.code();
        let confirm = "/console/account/second-factor/confirm";
        olga.posts(confirm, &[("offer", &offer), ("code", &code)]).await.ok();
        again(&console, &olga).await;
        let mut with_old = console.stranger();
        with_old.secret = old;
        console.store.clock.advance(Duration::from_secs(30));
        with_old.signs_in("olga@example.com", PASSWORD).await;
        let code = with_old.code();
        assert_eq!(with_old.posts("/console/sign-in/code", &[("code", &code)]).await.status, 401);
    }
}

#[tokio::test]
async fn an_offer_is_good_for_its_owner_and_ten_minutes() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let mut olga = console.operator("Olga").await;
    let mut julia = console.signed_in("Julia", Role::Jury).await;
    let offered = proves(&mut olga, "/console/account/second-factor", PASSWORD).await.ok();
    let offer = between(&offered.text, "name=\"offer\" value=\"", "\"").replace("&#43;", "+");
    olga.secret = Some(between(&offered.text, "id=\"secret\">", "<").to_owned());
    julia.secret.clone_from(&olga.secret);
    let confirm = "/console/account/second-factor/confirm";
    let code = julia.code();
    for offer in [offer.as_str(), "", "AAAA"] {
        let refused = julia.posts(confirm, &[("offer", offer), ("code", &code)]).await;
        assert_eq!(refused.status, 401, "{offer}");
        refused.shows("That key is no longer good");
    }
    console.store.clock.advance(Duration::from_mins(11));
    let code = olga.code();
    let late = olga.posts(confirm, &[("offer", &offer), ("code", &code)]).await;
    assert_eq!(late.status, 401);
    late.shows("That key is no longer good");
}
