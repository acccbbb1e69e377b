//! Signing up, in and out; one's own account, and its end.

use anb_testkit::{TestStore, on_each_database};
use reqwest::Method;

use crate::{
    site::browser::{Browser, PASSWORD, PageAnswer as _, applicant},
    support::{Answer, TestApp},
};

/// An application with some fields changed.
fn but(name: &str, changes: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut fields = applicant(name).to_vec();
    for (field, value) in changes {
        fields.retain(|(name, _)| name != field);
        fields.push((field, (*value).to_owned()));
    }
    fields
}

async fn signs_up(browser: &mut Browser<'_>, fields: &[(&'static str, String)]) -> Answer {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.posts("/sign-up", &fields).await
}

/// What the page says beneath this field.
fn error_at(answer: &Answer, field: &str) -> String {
    let html = answer.text();
    let (_, rest) = html.split_once(&format!("id=\"{field}-error\">")).unwrap();
    rest.split_once("</p>").unwrap().0.to_owned()
}

on_each_database! {
    async fn a_newcomer_is_signed_in_at_once_and_led_on(store: TestStore) {
        let app = TestApp::on(store);
        let mut ana = Browser::new(&app);
        let page = ana.get("/sign-up?next=/upload").await.ok();
        page.shows("have 8 characters or more");
        page.shows("name=\"next\" value=\"/upload\"");

        let answer = signs_up(&mut ana, &but("Ana", &[("next", "/upload")])).await;
        assert_eq!(answer.leads(), "/upload?done=welcome");
        let cookie = answer.header("set-cookie");
        for part in ["anb_session=", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let me = ana.get("/me").await.ok();
        for known in ["Ana Ruiz", "ana@example.com", "Bogotá", "Colombia"] {
            me.shows(known);
        }
        assert_eq!(ana.get("/sign-up").await.leads(), "/", "nobody signs up twice");
    }

    async fn what_was_typed_stays_and_each_mistake_is_told_at_its_field(store: TestStore) {
        let app = TestApp::on(store);
        Browser::of(&app, "Ana").await;
        for (field, value, said) in [
            ("first_name", " ", "Must not be blank."),
            ("email", "luis", "Is not an e-mail address."),
            ("email", "ANA@example.com", "There is an account with this address already. Log in, or use another one."),
            ("password1", "12345678", "Type the same password twice."),
            ("password2", "another-one", "Type the same password twice."),
        ] {
            let mut luis = Browser::new(&app);
            let answer = signs_up(&mut luis, &but("Luis", &[(field, value)])).await;
            assert_eq!(answer.status, 400, "{field} {value}");
            let at = if said.starts_with("Type") { "password2" } else { field };
            assert_eq!(error_at(&answer, at), said);
            answer.shows("value=\"Ruiz\"");
            answer.shows("aria-invalid=\"true\"");
            answer.hides(PASSWORD);
            assert!(answer.header("set-cookie").is_empty());
        }
        for easy in ["1234567", "password", "luisluis"] {
            let changes = [("password1", easy), ("password2", easy)];
            let answer = signs_up(&mut Browser::new(&app), &but("Luis", &changes)).await;
            assert_eq!(answer.status, 400, "{easy}");
            let said = "Use at least 8 characters that are not easy to guess.";
            assert_eq!(error_at(&answer, "password1"), said);
        }
    }

    async fn the_page_speaks_the_visitors_language(store: TestStore) {
        let app = TestApp::on(store);
        let mut ana = Browser::new(&app);
        ana.language = "es";
        ana.get("/sign-up").await.ok().shows("tener 8 caracteres o más");
        let answer = signs_up(&mut ana, &but("Ana", &[("city", "")])).await;
        assert_eq!(error_at(&answer, "city"), "No puede estar en blanco.");
    }

    async fn somebody_signs_in_and_out(store: TestStore) {
        let app = TestApp::on(store);
        Browser::of(&app, "Ana").await;
        let mut ana = Browser::new(&app);
        assert_eq!(ana.get("/me").await.leads(), "/sign-in?next=%2Fme");

        let wrong = [("email", "ana@example.com"), ("password", "aro-tablero-azul"), ("next", "/me")];
        let answer = ana.posts("/sign-in", &wrong).await;
        assert_eq!((answer.status.as_u16(), answer.header("www-authenticate")), (401, "Session"));
        answer.shows("The e-mail address or the password is wrong.");
        answer.shows("value=\"ana@example.com\"");
        answer.hides("azul");

        let right = [("email", "ana@example.com"), ("password", PASSWORD), ("next", "/me")];
        assert_eq!(ana.posts("/sign-in", &right).await.leads(), "/me?done=signed-in");
        ana.get("/me").await.ok();

        assert_eq!(ana.posts("/sign-out", &[]).await.leads(), "/?done=signed-out");
        assert_eq!(ana.get("/me").await.status, 303);
    }

    async fn nobody_is_led_to_another_site(store: TestStore) {
        let app = TestApp::on(store);
        Browser::of(&app, "Ana").await;
        for foreign in ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"] {
            let fields = [("email", "ana@example.com"), ("password", PASSWORD), ("next", foreign)];
            let answer = Browser::new(&app).posts("/sign-in", &fields).await;
            assert_eq!(answer.leads(), "/?done=signed-in", "{foreign}");
            let shown = Browser::new(&app).get(&format!("/sign-up?next={foreign}")).await.ok();
            shown.shows("name=\"next\" value=\"/\"");
        }
    }

    async fn an_account_goes_with_all_that_is_its_own(store: TestStore) {
        let app = TestApp::on(store);
        let mut ana = Browser::of(&app, "Ana").await;
        let video = ana.uploads("Mate").await;
        app.publishes(video).await;
        app.player("Luis").await.votes_for(video).await.ok();
        let me = ana.get("/me").await.ok();
        me.shows("My videos (1)");
        me.shows("<dd class=\"figure\">1</dd>");

        let asked = ana.get("/me/delete").await.ok();
        asked.shows("your video, with all its files");
        asked.shows("the vote you received");
        asked.shows("name=\"password\"");
        let right = [("password", PASSWORD)];
        assert_eq!(ana.posts("/me/delete", &right).await.leads(), "/?done=account-deleted");

        assert_eq!(ana.get("/me").await.status, 303);
        assert_eq!(ana.get(&format!("/videos/{video}")).await.status, 404);
        let again = [("email", "ana@example.com"), ("password", PASSWORD)];
        assert_eq!(ana.posts("/sign-in", &again).await.status, 401);
    }

    async fn without_the_password_the_account_stays(store: TestStore) {
        let app = TestApp::on(store);
        let mut ana = Browser::of(&app, "Ana").await;
        let video = ana.uploads("Mate").await;
        for wrong in [&[][..], &[("password", "")], &[("password", "aro-tablero-azul")]] {
            let answer = ana.posts("/me/delete", wrong).await;
            assert_eq!(answer.status, 400, "{wrong:?}");
            answer.shows("role=\"alert\" id=\"alert\">That is not your password. Your account is still here.");
            answer.shows("your video, with all its files");
            answer.hides("azul");
        }
        ana.language = "es";
        ana.posts("/me/delete", &[]).await.shows("Esa no es tu contraseña. Tu cuenta sigue aquí.");
        ana.get("/me").await.ok();
        ana.get(&format!("/api/videos/{video}")).await.ok();
        // Somebody else's password is none.
        let mut luis = Browser::new(&app);
        let easy = [("password1", "otra-clave-larga"), ("password2", "otra-clave-larga")];
        signs_up(&mut luis, &but("Luis", &easy)).await.leads();
        assert_eq!(luis.posts("/me/delete", &[("password", PASSWORD)]).await.status, 400);
    }

    async fn what_comes_from_elsewhere_does_nothing(store: TestStore) {
        let app = TestApp::on(store);
        let ana = Browser::of(&app, "Ana").await;
        for path in ["/sign-out", "/me/delete", "/sign-in", "/sign-up"] {
            for origin in ["https://evil.example", "null"] {
                let request = ana.request(Method::POST, path).header("origin", origin);
                let answer = Answer::to(request.form(&[("next", "/me")])).await;
                assert_eq!(answer.status, 403, "{path} {origin}");
            }
        }
        let delete = ana.request(Method::DELETE, "/api/auth/me").header("sec-fetch-site", "cross-site");
        assert_eq!(Answer::to(delete).await.problem(), (403, "cross_site".into()));
        ana.get("/me").await.ok();
    }
}

#[tokio::test]
async fn who_tries_too_often_is_told_to_wait_and_keeps_what_was_typed() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.logins_per_minute = 1;
        settings.web.signups_per_minute = 2;
    });
    let mut ana = Browser::new(&app);
    let fields = [("email", "ana@example.com"), ("password", "no")];
    assert_eq!(ana.posts("/sign-in", &fields).await.status, 401);
    let answer = ana.posts("/sign-in", &fields).await;
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").parse::<u64>().unwrap() <= 60);
    answer.shows("That was a lot of tries in a row.");
    answer.shows("value=\"ana@example.com\"");

    // Who is signed in has no more tries at the same secret.
    let mut luis = Browser::of(&app, "Luis").await;
    let answer = luis.posts("/me/delete", &[("password", PASSWORD)]).await;
    assert_eq!(answer.status, 429);
    assert!(!answer.header("retry-after").is_empty());
    answer.shows("That was a lot of tries in a row.");
    luis.get("/me").await.ok();

    let blank = but("Ana", &[("city", "")]);
    assert_eq!(signs_up(&mut ana, &blank).await.status, 400);
    let answer = signs_up(&mut ana, &applicant("Ana")).await;
    assert_eq!(answer.status, 429);
    answer.shows("That was a lot of tries in a row.");
    answer.shows("value=\"Bogotá\"");
}
