//! Rules and privacy: from the settings' own text, or made from what is in
//! force.

use anb_config::Sound;
use anb_testkit::TestStore;

use crate::{
    site::browser::{Browser, PageAnswer as _},
    support::TestApp,
};

#[tokio::test]
async fn without_a_text_the_rules_in_force_are_told() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        let showcase = &mut settings.showcase;
        showcase.name = "Copa <Bogotá>".into();
        showcase.rules.min_duration_s = Some(20.0);
        showcase.rules.max_duration_s = Some(60.0);
        showcase.rules.min_lines = Some(1080);
        showcase.rules.max_size_bytes = Some(12_500_000);
        showcase.cut_per_city = 3;
        showcase.contact_email = Some("hola@example.com".into());
        showcase.voting.closes_at = Some("2027-05-01T12:05:00Z".parse().unwrap());
        settings.media.trim_s = 1.0;
    });
    let mut visitor = Browser::new(&app);
    let page = visitor.get_in("en", "/rules").await.ok();
    for rule in [
        "take part in Copa &#60;Bogotá&#62;",
        "between 20 seconds and 1 minute",
        "at least 1080 pixels",
        "no larger than 12.5 MB",
        "the first 1 second,",
        "We take out the sound.",
        "the 3 players with the most votes",
        "<dt>Voting closes</dt><dd><time datetime=\"2027-05-01T12:05:00Z\" data-moment>1 May 2027, 12:05 UTC",
        "<a href=\"mailto:hola@example.com\">",
    ] {
        page.shows(rule);
    }
    let page = visitor.get_in("es", "/rules").await.ok();
    page.shows("entre 20 segundos y 1 minuto");
    page.shows("12,5 MB");
    page.shows("1 de mayo de 2027, 12:05 UTC");
}

#[tokio::test]
async fn what_does_not_hold_is_not_told() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.showcase.cut_per_city = 0;
        settings.media.sound = Sound::Keep;
    });
    let page = Browser::new(&app).get("/rules").await.ok();
    page.shows("There are no deadlines for now");
    for absent in ["tournament", "sound", "shorter side", "mailto:"] {
        page.hides(absent);
    }
}

#[tokio::test]
async fn the_settings_may_bring_texts_of_their_own() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        let showcase = &mut settings.showcase;
        showcase.rules_text.es =
            Some("# Bases\n\nSube **una** jugada.<script>alert(1)</script>".into());
        showcase.rules_text.en = Some("# Terms\n\nUpload *one* play.".into());
        showcase.privacy_text.es = Some("Nada se vende.".into());
    });
    let mut visitor = Browser::new(&app);
    let page = visitor.get_in("es", "/rules").await.ok();
    page.shows("<h2>Bases</h2>");
    page.shows("<strong>una</strong>");
    page.hides("alert(1)</script>");
    visitor.get_in("en", "/rules").await.ok().shows("<em>one</em>");
    let page = visitor.get_in("en", "/privacy").await.ok();
    page.shows("<div class=\"prose\" lang=\"es\"><p>Nada se vende.</p>");
    page.hides("Cookies");
}

#[tokio::test]
async fn without_a_text_it_is_told_what_becomes_of_personal_data() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| settings.site.session_days = 30);
    let page = Browser::new(&app).get("/privacy").await.ok();
    page.shows("one remembers for 30 days");
    page.shows("Nobody else sees your e-mail address");
}
