//! The vote, as a form: what can be done with it, and why not.

use std::time::Duration;

use anb_testkit::{TestStore, on_each_database};

use crate::{site::browser::Browser, support::TestApp};

const CAST: &str = "<button class=\"primary\" name=\"action\" value=\"cast\">";
const WITHDRAW: &str = "<button name=\"action\" value=\"withdraw\">";

on_each_database! {
    async fn a_vote_is_cast_seen_and_withdrawn(store: TestStore) {
        let app = TestApp::on(store);
        let (ana, luis) = (app.player("Ana").await, app.player("Luis").await);
        let video = ana.has_published("Mate").await;
        let (page, vote) = (format!("/videos/{video}"), format!("/videos/{video}/vote"));
        let mut browser = Browser::signed_in(&luis).await;
        browser.language = "es";
        let html = browser.reads(&page).await;
        assert!(html.contains(CAST) && html.contains("data-votes=\"0\""), "{html}");

        let html = browser.posts_and_follows(&vote, &[("action", "cast")]).await.ok().text();
        assert!(html.contains("¡Tu voto cuenta!") && html.contains(WITHDRAW), "{html}");
        assert!(html.contains("data-votes=\"1\""), "{html}");

        let html = browser.posts_and_follows(&vote, &[("action", "withdraw")]).await.ok().text();
        assert!(html.contains("Retiraste tu voto") && html.contains(CAST), "{html}");
        assert!(html.contains("data-votes=\"0\""), "{html}");
    }

    async fn who_cannot_vote_is_told_why(store: TestStore) {
        let app = TestApp::on(store);
        let (ana, luis) = (app.player("Ana").await, app.player("Luis").await);
        let video = ana.has_published("Mate").await;
        let (page, vote) = (format!("/videos/{video}"), format!("/videos/{video}/vote"));

        let mut nobody = Browser::new(&app);
        let html = nobody.reads(&page).await;
        assert!(html.contains("Sign in to vote") && !html.contains(CAST), "{html}");
        assert!(html.contains(&format!("href=\"/sign-in?next=%2Fvideos%2F{video}\"")), "{html}");
        let sent_on = nobody.posts(&vote, &[("action", "cast")]).await;
        assert_eq!(sent_on.status, 303);
        assert_eq!(sent_on.header("location"), format!("/sign-in?next=%2Fvideos%2F{video}"));

        let mut owner = Browser::signed_in(&ana).await;
        let html = owner.reads(&page).await;
        assert!(html.contains("This play is yours") && !html.contains(CAST), "{html}");
        let html = owner.posts_and_follows(&vote, &[("action", "cast")]).await.ok().text();
        assert!(html.contains("role=\"alert\""), "{html}");

        let mut voter = Browser::signed_in(&luis).await;
        voter.posts_and_follows(&vote, &[("action", "cast")]).await.ok();
        let html = voter.posts_and_follows(&vote, &[("action", "cast")]).await.ok().text();
        assert!(html.contains("role=\"alert\"") && html.contains(WITHDRAW), "{html}");
        assert!(html.contains("data-votes=\"1\""), "{html}");
    }

    async fn outside_its_time_the_page_says_when_voting_is(store: TestStore) {
        let app = TestApp::with(store, |settings| {
            let voting = &mut settings.showcase.voting;
            voting.opens_at = Some("2026-05-01T13:00:00Z".parse().unwrap());
            voting.closes_at = Some("2026-05-01T14:00:00Z".parse().unwrap());
        });
        let (ana, luis) = (app.player("Ana").await, app.player("Luis").await);
        let video = ana.has_published("Mate").await;
        let (page, vote) = (format!("/videos/{video}"), format!("/videos/{video}/vote"));
        let mut browser = Browser::signed_in(&luis).await;
        let says = async |browser: &Browser<'_>, sentence: &str, moment: &str| {
            let html = browser.reads(&page).await;
            assert!(html.contains(sentence) && !html.contains(CAST), "{html}");
            assert!(html.contains(&format!("datetime=\"{moment}\"")), "{html}");
        };
        says(&browser, "Voting is not open yet", "2026-05-01T13:00:00Z").await;
        app.clock().advance(Duration::from_hours(1));
        browser.posts_and_follows(&vote, &[("action", "cast")]).await.ok();
        app.clock().advance(Duration::from_hours(1));
        says(&browser, "Voting ended on", "2026-05-01T14:00:00Z").await;
        let html = browser.posts_and_follows(&vote, &[("action", "withdraw")]).await.ok().text();
        assert!(html.contains("role=\"alert\"") && html.contains("data-votes=\"1\""), "{html}");
    }
}

#[tokio::test]
async fn no_other_site_votes_in_anybodys_name() {
    let app = TestApp::on(TestStore::sqlite().await);
    let (ana, luis) = (app.player("Ana").await, app.player("Luis").await);
    let video = ana.has_published("Mate").await;
    let browser = Browser::signed_in(&luis).await;
    let form = browser.form(&format!("/videos/{video}/vote"), &[("action", "cast")]);
    let answer = form.header("origin", "https://evil.example.com").send().await.unwrap();
    assert_eq!(answer.status(), 403);
    assert_eq!(app.get(&format!("/api/public/videos/{video}")).await.json()["votes"], 0);
}

#[tokio::test]
async fn who_votes_too_often_is_asked_to_wait() {
    let app = TestApp::with(TestStore::sqlite().await, |settings| {
        settings.web.votes_per_minute = 1;
    });
    let (ana, luis) = (app.player("Ana").await, app.player("Luis").await);
    let video = ana.has_published("Mate").await;
    let mut browser = Browser::signed_in(&luis).await;
    let vote = format!("/videos/{video}/vote");
    browser.posts_and_follows(&vote, &[("action", "cast")]).await.ok();
    let html = browser.posts_and_follows(&vote, &[("action", "withdraw")]).await.ok().text();
    assert!(html.contains("role=\"alert\"") && html.contains("data-votes=\"1\""), "{html}");
}

#[tokio::test]
async fn a_vote_for_nothing_or_for_no_reason_is_refused() {
    let app = TestApp::on(TestStore::sqlite().await);
    let (ana, luis) = (app.player("Ana").await, app.player("Luis").await);
    let video = ana.has_published("Mate").await;
    let mut browser = Browser::signed_in(&luis).await;
    let unknown = "/videos/00000000-0000-0000-0000-000000000007/vote";
    assert_eq!(browser.posts(unknown, &[("action", "cast")]).await.status, 404);
    let path = format!("/videos/{video}/vote");
    assert!(browser.posts(&path, &[("action", "rig")]).await.status.is_client_error());
    // A reload of what was posted leads to the video.
    assert_eq!(browser.get(&path).await.header("location"), format!("/videos/{video}"));
}
