//! Visitors report a video to those who run the contest.

use anb_domain::{ReportReason, VideoId};
use anb_testkit::{TestStore, on_each_database};
use serde_json::{Value, json};

use crate::support::{Answer, Player, TestApp};

fn path(video: VideoId) -> String {
    format!("/api/public/videos/{video}/report")
}

async fn reports(player: &Player<'_>, video: VideoId, body: &Value) -> Answer {
    Answer::to(player.request(http::Method::POST, &path(video)).json(body)).await
}

/// Reasons and notes of what is open, first to last.
async fn open(app: &TestApp) -> Vec<(ReportReason, String, bool)> {
    let reported = app.store.reported_videos(10, 0).await.unwrap();
    let all = reported.items.into_iter().flat_map(|video| video.reports);
    all.map(|report| (report.reason, report.note, report.by_player)).collect()
}

on_each_database! {
    async fn a_report_is_taken_with_and_without_an_account(store: TestStore) {
        let app = TestApp::on(store);
        let (ana, luis) = (app.player("Ana").await, app.player("Luis").await);
        let video = ana.has_published("Mate").await;
        let body = json!({ "reason": "wrong_person", "note": " Ese es\n mi hermano. " });
        let answer = reports(&luis, video, &body).await.ok();
        assert_eq!(answer.json()["video_id"], video.to_string());
        app.post(&path(video), &json!({ "reason": "offensive" })).await.ok();
        assert_eq!(open(&app).await, [
            (ReportReason::WrongPerson, "Ese es mi hermano.".into(), true),
            (ReportReason::Offensive, String::new(), false),
        ]);
        app.get(&format!("/api/public/videos/{video}")).await.ok();
    }

    async fn nobody_reports_a_video_twice(store: TestStore) {
        let app = TestApp::on(store);
        let (ana, luis) = (app.player("Ana").await, app.player("Luis").await);
        let video = ana.has_published("Mate").await;
        let other = ana.has_published("Triple").await;
        let (first, again) = (json!({ "reason": "other" }), json!({ "reason": "copyright" }));
        reports(&luis, video, &first).await.ok();
        let refused = reports(&luis, video, &again).await;
        assert_eq!(refused.problem(), (409, "already_reported".into()));
        app.post(&path(video), &first).await.ok();
        let refused = app.post(&path(video), &again).await;
        assert_eq!(refused.problem(), (409, "already_reported".into()));
        reports(&luis, other, &again).await.ok();
        assert_eq!(open(&app).await.len(), 3);
    }

    async fn what_is_no_report_is_refused(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let video = ana.has_published("Mate").await;
        let long = "a".repeat(501);
        for wrong in [json!({}), json!({ "reason": "boring" }), json!({ "reason": "other", "note": long })] {
            let answer = app.post(&path(video), &wrong).await;
            assert_eq!(answer.problem(), (422, "validation_failed".into()), "{wrong}");
        }
        let pending = ana.uploads("Secreto").await;
        let answer = app.post(&path(pending), &json!({ "reason": "other" })).await;
        assert_eq!(answer.problem(), (404, "video_not_found".into()));
        assert_eq!(open(&app).await, []);
    }

    async fn many_reports_at_once_are_too_many(store: TestStore) {
        let app = TestApp::with(store, |settings| settings.web.reports_per_minute = 1);
        let ana = app.player("Ana").await;
        let (first, second) = (ana.has_published("Mate").await, ana.has_published("Triple").await);
        app.post(&path(first), &json!({ "reason": "other" })).await.ok();
        let answer = app.post(&path(second), &json!({ "reason": "other" })).await;
        assert_eq!(answer.problem(), (429, "too_many_requests".into()));
        assert_eq!(open(&app).await.len(), 1);
    }
}
