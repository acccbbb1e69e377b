//! The contest goes through its phases, and every page says in which it is.

use std::time::Duration;

use anb_domain::Clock as _;
use anb_testkit::{TestStore, on_each_database};
use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    site::browser::{Browser, PageAnswer as _},
    support::{Form, TestApp, clip},
};

/// Days from now: videos are taken from 1 to 3, votes from 2 to 4, and the
/// results are out on 5.
fn contest(store: TestStore) -> TestApp {
    let now = store.clock.now();
    let day = |days| Some(now + TimeDelta::days(days));
    TestApp::with(store, move |settings| {
        let showcase = &mut settings.showcase;
        (showcase.submissions.opens_at, showcase.submissions.closes_at) = (day(1), day(3));
        (showcase.voting.opens_at, showcase.voting.closes_at) = (day(2), day(4));
        showcase.results_published_at = day(5);
    })
}

fn a_day_passes(app: &TestApp) {
    app.clock().advance(Duration::from_hours(24));
}

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

on_each_database! {
    async fn every_page_says_how_far_the_contest_is_and_what_comes_next(store: TestStore) {
        let app = contest(store);
        let phases = [
            ("Coming soon", "We take videos from"),
            ("We take videos", "Voting opens on"),
            ("We take videos and votes", "We take videos until"),
            ("Voting is open", "Voting closes on"),
            ("We count the votes", "The results are out on"),
            ("Final results", ""),
        ];
        for (phase, next) in phases {
            for path in ["/", "/rankings", "/rules", "/privacy", "/sign-in", "/nowhere"] {
                let page = Browser::new(&app).get(path).await;
                page.shows(&format!("<b>{phase}</b>"));
                page.shows(next);
                let tomorrow = app.clock().now() + TimeDelta::days(1);
                let announced = format!("<span>{next} <time datetime=\"{}\"", stamp(tomorrow));
                assert_eq!(page.text().contains(&announced), !next.is_empty(), "{phase}, {path}");
            }
            a_day_passes(&app);
        }
    }

    async fn the_api_takes_videos_and_votes_while_they_are_open(store: TestStore) {
        let app = contest(store);
        let closed = (403, "submissions_closed".to_owned());
        let form = || Form::new().title("Triple").file(clip(5_000));
        let early = app.player("Ana").await;
        assert_eq!(early.sends(form()).await.problem(), closed, "not yet");

        a_day_passes(&app);
        // A token lives no day.
        let ana = app.player("Beto").await;
        let video = ana.has_published("Mate").await;
        let luis = app.player("Luis").await;
        assert_eq!(luis.votes_for(video).await.problem(), (400, "voting_closed".into()));

        a_day_passes(&app);
        app.player("Cami").await.votes_for(video).await.ok();

        a_day_passes(&app);
        let late = app.player("Dani").await;
        assert_eq!(late.sends(form()).await.problem(), closed, "no longer");
        late.votes_for(video).await.ok();
        a_day_passes(&app);
        let voter = app.player("Eva").await;
        assert_eq!(voter.votes_for(video).await.problem(), (400, "voting_closed".into()));
    }
}
