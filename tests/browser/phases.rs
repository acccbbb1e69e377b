//! The contest's calendar, which every page and the API obey.

use crate::{browser::visit, clips, device::Device, pages::VOTE, people::ANA, site::Site};

const PAST: &str = "2026-01-01T00:00:00Z";
const FUTURE: &str = "2099-01-01T00:00:00Z";

const SUBMISSIONS_OPEN: &str = "ANB_SHOWCASE__SUBMISSIONS__OPENS_AT";
const SUBMISSIONS_CLOSE: &str = "ANB_SHOWCASE__SUBMISSIONS__CLOSES_AT";
const VOTING_OPENS: &str = "ANB_SHOWCASE__VOTING__OPENS_AT";
const VOTING_CLOSES: &str = "ANB_SHOWCASE__VOTING__CLOSES_AT";
const RESULTS: &str = "ANB_SHOWCASE__RESULTS_PUBLISHED_AT";

/// What may be done in a phase, and how the ranking stands.
struct Phase {
    name: &'static str,
    settings: &'static [(&'static str, &'static str)],
    uploads: bool,
    votes: bool,
    standing: &'static str,
}

const PHASES: [Phase; 6] = [
    Phase {
        name: "upcoming",
        settings: &[(SUBMISSIONS_OPEN, FUTURE), (VOTING_OPENS, FUTURE)],
        uploads: false,
        votes: false,
        standing: "live",
    },
    Phase {
        name: "submissions",
        settings: &[(SUBMISSIONS_CLOSE, FUTURE), (VOTING_OPENS, FUTURE)],
        uploads: true,
        votes: false,
        standing: "live",
    },
    Phase {
        name: "pause",
        settings: &[(SUBMISSIONS_CLOSE, PAST), (VOTING_OPENS, FUTURE)],
        uploads: false,
        votes: false,
        standing: "live",
    },
    Phase {
        name: "voting",
        settings: &[(SUBMISSIONS_CLOSE, PAST), (VOTING_CLOSES, FUTURE)],
        uploads: false,
        votes: true,
        standing: "live",
    },
    Phase {
        name: "counting",
        settings: &[(SUBMISSIONS_CLOSE, PAST), (VOTING_CLOSES, PAST), (RESULTS, FUTURE)],
        uploads: false,
        votes: false,
        standing: "provisional",
    },
    Phase {
        name: "results",
        settings: &[(SUBMISSIONS_CLOSE, PAST), (VOTING_CLOSES, PAST), (RESULTS, PAST)],
        uploads: false,
        votes: false,
        standing: "final",
    },
];

#[tokio::test]
async fn pages_and_api_obey_the_calendar() {
    let mut told = Vec::new();
    for phase in &PHASES {
        let site = Site::with_videos(phase.settings).await;
        obeyed_by_the_api(&site, phase).await;
        visit(&format!("phase-{}", phase.name), &site, Device::DESKTOP, async |ana| {
            ana.signs_in(&ANA).await;
            ana.opens_video(&site, "Zurda").await;
            let votes = ana.count(&format!("{VOTE}:not([disabled])")).await == 1;
            assert_eq!(votes, phase.votes, "voting while {}", phase.name);
            ana.goes_to("/upload").await;
            let uploads = ana.count("form#upload-form").await == 1;
            assert_eq!(uploads, phase.uploads, "uploading while {}", phase.name);
            told.push(ana.reads(".phase-bar b").await);
        })
        .await;
    }
    let different: std::collections::BTreeSet<_> = told.iter().collect();
    assert_eq!(different.len(), PHASES.len(), "phases are told alike: {told:#?}");
}

async fn obeyed_by_the_api(site: &Site, phase: &Phase) {
    let token = site.token(&ANA).await;
    let clip = std::fs::read(clips::short()).unwrap();
    let upload = site.api.upload(&token, "A tiempo", clip).await.unwrap();
    let expected = if phase.uploads { 201 } else { 403 };
    assert_eq!(upload.status(), expected, "uploading while {}", phase.name);
    let vote = site.api.vote(&token, &site.video("Zurda").await).await.unwrap();
    let expected = if phase.votes { 200 } else { 400 };
    assert_eq!(vote.status(), expected, "voting while {}", phase.name);
    if phase.votes {
        let withdraw = format!("/api/public/videos/{}/vote", site.video("Zurda").await);
        let withdraw = site.api.client.delete(site.api.url(&withdraw)).bearer_auth(&token);
        assert_eq!(withdraw.send().await.unwrap().status(), 200);
    }
    assert_eq!(site.get("/api/public/rankings").await["standing"], phase.standing);
}
