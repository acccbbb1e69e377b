//! Who gets in, for how long, and who does not.

use std::time::Duration;

use anb_auth::Tokens;
use anb_domain::Role;
use anb_store::{Actor, AuditFilter};
use anb_testkit::{TestStore, on_each_database};

use crate::support::{PASSWORD, TestConsole};

/// Every page and every form of operators.
const PAGES: [&str; 3] = ["/console", "/console/videos", "/console/dead-letters"];
const FORMS: [&str; 2] =
    ["/console/videos/0197f3a2-8c1e-7c44-9d3b-5a2f1e0c7b66/retry", "/console/dead-letters/redrive"];

on_each_database! {
    async fn operators_and_admins_get_in(store: TestStore) {
        let console = TestConsole::on(store).await;
        for (name, role) in [("Olga", Role::Operator), ("Adela", Role::Admin)] {
            let browser = console.signed_in(name, role).await;
            for page in PAGES {
                let answer = browser.get(page).await.ok();
                answer.shows(&format!("<b>{name} Ruiz</b></a> · {role}"));
            }
        }
    }

    async fn players_do_not(store: TestStore) {
        let console = TestConsole::on(store).await;
        let person = console.person("Pablo", Role::Player).await;
        let mut browser = console.stranger();
        let refused = browser.signs_in(person.email.as_str(), PASSWORD).await;
        assert_eq!(refused.status, 403);
        refused.shows("Your account may not do this in the console.");
        assert!(browser.cookies.is_empty(), "no session");
        assert_eq!(browser.get("/console").await.leads_to(), "/console/sign-in");
    }

    async fn the_jury_gets_no_further_than_its_own_pages(store: TestStore) {
        let console = TestConsole::on(store).await;
        let julia = console.signed_in("Julia", Role::Jury).await;
        julia.get("/console/jury").await.ok().shows("You are not in any panel yet.");
        for page in PAGES {
            assert_eq!(julia.get(page).await.status, 403, "{page}");
        }
    }

    async fn the_password_alone_opens_nothing(store: TestStore) {
        let console = TestConsole::on(store).await;
        console.person("Olga", Role::Operator).await;
        let mut olga = console.stranger();
        olga.signs_in("olga@example.com", PASSWORD).await;
        assert_eq!(olga.get("/console").await.leads_to(), "/console/sign-in");
        let wrong = olga.posts("/console/sign-in/enrol", &[("code", "000000")]).await;
        assert_eq!(wrong.status, 401);
        wrong.shows("That code is wrong");
        assert_eq!(olga.get("/console").await.leads_to(), "/console/sign-in");
    }

    async fn a_code_works_once_and_so_does_a_recovery_code(store: TestStore) {
        let console = TestConsole::on(store).await;
        console.person("Olga", Role::Operator).await;
        let mut olga = console.stranger();
        let shown = olga.enrols("olga@example.com").await.ok();
        let codes: Vec<_> = shown.text.split("<li><code>").skip(1).collect();
        assert_eq!(codes.len(), 10);
        let recovery = codes[0].split('<').next().unwrap();

        let used = olga.code();
        let again = olga.signs_in("olga@example.com", PASSWORD).await;
        assert_eq!(again.leads_to(), "/console/sign-in/code");
        let refused = olga.posts("/console/sign-in/code", &[("code", &used)]).await;
        assert_eq!(refused.status, 401, "it was used to enrol");
        assert_eq!(olga.get("/console").await.leads_to(), "/console/sign-in");
        let let_in = olga.posts("/console/sign-in/code", &[("code", recovery)]).await;
        assert_eq!(let_in.leads_to(), "/console");
        olga.get("/console").await.ok();

        olga.signs_in("olga@example.com", PASSWORD).await;
        let refused = olga.posts("/console/sign-in/code", &[("code", recovery)]).await;
        assert_eq!(refused.status, 401, "a recovery code is gone once used");
        console.store.clock.advance(Duration::from_secs(30));
        let next = olga.code();
        let let_in = olga.posts("/console/sign-in/code", &[("code", &next)]).await;
        assert_eq!(let_in.leads_to(), "/console");

        let noted = console.store.audit(&AuditFilter::default(), 10).await.unwrap();
        let noted: Vec<_> = noted.iter().map(|entry| entry.action.as_str()).collect();
        let expected = [
            "signed-in", "sign-in-refused", "signed-in", "recovery-code-used", "sign-in-refused",
            "signed-in", "second-factor-enrolled", "role-granted",
        ];
        assert_eq!(noted, expected);
    }

    async fn sessions_that_are_revoked_are_over_at_once(store: TestStore) {
        let console = TestConsole::on(store).await;
        let olga = console.operator("Olga").await;
        olga.get("/console").await.ok();
        let address = "olga@example.com".parse().unwrap();
        let player = console.store.player_by_email(&address).await.unwrap().unwrap();
        assert!(console.store.revoke_sessions(player.id, &Actor::terminal()).await.unwrap());
        assert_eq!(olga.get("/console").await.leads_to(), "/console/sign-in");

        let mut olga = console.stranger();
        assert_eq!(
            console.store.reset_second_factor(&address, &Actor::terminal()).await.unwrap(),
            Some(true)
        );
        olga.enrols("olga@example.com").await.ok();
    }

    async fn who_is_not_signed_in_is_asked_to_and_does_nothing(store: TestStore) {
        let console = TestConsole::on(store).await;
        let failed = console.failed_video("Mate").await;
        console.all_messages_die().await;
        let mut stranger = console.stranger();
        for page in PAGES {
            assert_eq!(stranger.get(page).await.leads_to(), "/console/sign-in", "{page}");
        }
        let retry = format!("/console/videos/{}/retry", failed.id);
        for form in FORMS.into_iter().chain([retry.as_str()]) {
            assert_eq!(stranger.posts(form, &[]).await.leads_to(), "/console/sign-in", "{form}");
        }
        assert_eq!(console.status_of(failed.id).await.as_str(), "failed");
        let status = anb_queue::JobQueue::stats(&*console.queue).await.unwrap();
        assert_eq!((status.visible, status.dead), (0, 1));
    }

    async fn a_wrong_password_and_an_unknown_address_look_the_same(store: TestStore) {
        let console = TestConsole::on(store).await;
        console.person("Olga", Role::Operator).await;
        let mut browser = console.stranger();
        let wrong = browser.signs_in("olga@example.com", "guess").await;
        let unknown = browser.signs_in("luis@example.com", "guess").await;
        let nonsense = browser.signs_in("\"><script>", "guess").await;
        for answer in [&wrong, &unknown, &nonsense] {
            assert_eq!(answer.status, 401);
            answer.shows("The e-mail address or the password is wrong.");
            answer.hides("guess");
        }
        wrong.shows("value=\"olga@example.com\"");
        nonsense.hides("<script>");
        assert!(browser.cookies.is_empty());
    }

    async fn a_role_that_is_taken_away_is_gone_at_once(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut olga = console.operator("Olga").await;
        let failed = console.failed_video("Mate").await;
        let address = "olga@example.com".parse().unwrap();
        console.store.grant_role(&address, Role::Player).await.unwrap();

        assert_eq!(olga.get("/console").await.leads_to(), "/console/sign-in");
        let refused = olga.posts(&format!("/console/videos/{}/retry", failed.id), &[]).await;
        assert_eq!(refused.leads_to(), "/console/sign-in");
        assert_eq!(console.status_of(failed.id).await.as_str(), "failed");

        console.store.grant_role(&address, Role::Operator).await.unwrap();
        assert_eq!(olga.get("/console").await.leads_to(), "/console/sign-in", "it was ended");
    }

    async fn an_account_that_is_deleted_is_signed_out(store: TestStore) {
        let console = TestConsole::on(store).await;
        let olga = console.operator("Olga").await;
        let address = "olga@example.com".parse().unwrap();
        let player = console.store.player_by_email(&address).await.unwrap().unwrap();
        assert!(console.store.delete_player(player.id).await.unwrap());
        assert_eq!(olga.get("/console").await.leads_to(), "/console/sign-in");
    }
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let console = TestConsole::with(TestStore::sqlite().await, |settings| {
        settings.console.session_minutes = 30;
    })
    .await;
    let olga = console.operator("Olga").await;
    console.store.clock.advance(Duration::from_mins(29));
    olga.get("/console").await.ok();
    console.store.clock.advance(Duration::from_mins(29));
    olga.get("/console").await.ok();
    console.store.clock.advance(Duration::from_mins(30));
    assert_eq!(olga.get("/console").await.leads_to(), "/console/sign-in");
}

#[tokio::test]
async fn who_signs_out_is_out() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let mut olga = console.operator("Olga").await;
    assert_eq!(olga.posts("/console/sign-out", &[]).await.leads_to(), "/console/sign-in");
    assert!(olga.cookies.is_empty());
    assert_eq!(olga.get("/console").await.leads_to(), "/console/sign-in");
}

#[tokio::test]
async fn tokens_of_the_public_service_open_nothing_here_nor_ours_there() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let person = console.person("Adela", Role::Admin).await;
    let secret = "a test key that is long enough for all".into();
    let public = Tokens::new(&secret, 60, console.store.clock.clone());

    let mut browser = console.stranger();
    browser.cookies.insert("anb_console".into(), public.issue(person.id).unwrap());
    assert_eq!(browser.get("/console").await.leads_to(), "/console/sign-in");

    browser.enrols("adela@example.com").await.ok();
    browser.get("/console").await.ok();
    assert!(public.read(&browser.cookies["anb_console"]).is_err());
}

#[tokio::test]
async fn an_altered_session_is_none() {
    let console = TestConsole::on(TestStore::sqlite().await).await;
    let mut olga = console.operator("Olga").await;
    let token = olga.cookies["anb_console"].clone();
    for altered in
        ["", "x", &token[1..], &format!("{token}x"), &token.replacen(&token[..1], "x", 1)]
    {
        olga.cookies.insert("anb_console".into(), altered.to_owned());
        assert_eq!(olga.get("/console").await.leads_to(), "/console/sign-in", "{altered}");
    }
}

async fn session_cookie(public_url: &str) -> String {
    let console = TestConsole::with(TestStore::sqlite().await, |settings| {
        settings.web.public_url = Some(public_url.parse().unwrap());
        settings.console.session_minutes = 45;
    })
    .await;
    let person = console.person("Olga", Role::Operator).await;
    let answer = console.stranger().enrols(person.email.as_str()).await;
    answer.header("set-cookie").to_owned()
}

#[tokio::test]
async fn no_script_reads_the_session_and_no_plain_connection_carries_it() {
    let cookie = session_cookie("https://anb.example.com").await;
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert!(pair.len() == "anb_console=".len() + 64, "{cookie}");
    let mut attributes: Vec<_> = attributes.split("; ").collect();
    attributes.sort_unstable();
    assert_eq!(
        attributes,
        ["HttpOnly", "Max-Age=43200", "Path=/console", "SameSite=Lax", "Secure"]
    );

    let local = session_cookie("http://localhost:8000").await;
    assert!(local.contains("HttpOnly") && !local.contains("Secure"), "{local}");
}
