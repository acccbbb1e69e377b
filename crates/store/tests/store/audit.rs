use std::time::Duration;

use anb_domain::{Action, Clock as _, PlayerId, Subject, VideoId};
use anb_store::{Actor, AuditFilter, Deed};
use anb_testkit::{TestStore, on_each_database};
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use uuid::Uuid;

fn ana() -> Actor {
    Actor {
        id: Some(PlayerId(Uuid::from_u128(7))),
        name: "Ana Ruiz".into(),
        role: "operator".into(),
        address: Some("192.0.2.7".into()),
        agent: Some("Firefox".into()),
        request_id: Some(Uuid::from_u128(9)),
    }
}

fn video(number: u128) -> Subject {
    Subject::video(VideoId(Uuid::from_u128(number)))
}

async fn names(store: &TestStore, filter: AuditFilter) -> Vec<String> {
    let found = store.audit(&filter, 100).await.unwrap();
    found.into_iter().map(|entry| entry.action).collect()
}

on_each_database! {
    async fn a_deed_is_found_as_it_was_done(store: TestStore) {
        let deed = Deed::new(Action::VIDEO_RETRIED, video(1))
            .before(json!({ "status": "failed" }))
            .after(json!({ "status": "pending", "note": "a\0b" }))
            .because("the disk was full");
        store.record(&ana(), deed).await.unwrap();

        let entry = store.audit(&AuditFilter::default(), 10).await.unwrap().remove(0);
        assert_eq!(entry.actor, ana());
        assert_eq!((entry.action.as_str(), entry.subject), ("video-retried", video(1)));
        assert_eq!(entry.before, Some(json!({ "status": "failed" })));
        assert_eq!(entry.after, Some(json!({ "status": "pending", "note": "a\u{fffd}b" })));
        assert_eq!(entry.reason.as_deref(), Some("the disk was full"));
        assert_eq!(entry.at, store.clock.now());
    }

    async fn nobody_changes_or_removes_what_was_noted(store: TestStore) {
        store.record(&ana(), Deed::new(Action::SIGNED_IN, Subject::only("console"))).await.unwrap();
        let postgres = store.url().starts_with("postgres");
        let another = if postgres {
            "TRUNCATE audit_log"
        } else {
            "INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log"
        };
        for statement in
            ["UPDATE audit_log SET actor_name = 'nobody'", "DELETE FROM audit_log", another]
        {
            let refused = store.db().writer().execute_unprepared(statement).await.unwrap_err();
            assert!(refused.to_string().contains("append-only"), "{statement}: {refused}");
        }
        let kept = store.audit(&AuditFilter::default(), 10).await.unwrap();
        assert_eq!((kept.len(), kept[0].actor.name.as_str()), (1, "Ana Ruiz"));
    }

    async fn entries_are_found_by_who_what_whom_and_when(store: TestStore) {
        store.record(&ana(), Deed::new(Action::SIGNED_IN, Subject::only("console"))).await.unwrap();
        store.clock.advance(Duration::from_hours(1));
        let noon = store.clock.now();
        store.record(&Actor::terminal(), Deed::new(Action::VIDEO_RETRIED, video(1))).await.unwrap();
        store.clock.advance(Duration::from_hours(1));
        store.record(&ana(), Deed::new(Action::VIDEO_CANCELLED, video(2))).await.unwrap();

        let all = AuditFilter::default;
        assert_eq!(names(&store, all()).await, ["video-cancelled", "video-retried", "signed-in"]);
        for who in ["RUIZ ana", &ana().id.unwrap().to_string()] {
            let filter = AuditFilter { who: Some(who.into()), ..all() };
            assert_eq!(names(&store, filter).await, ["video-cancelled", "signed-in"], "{who}");
        }
        let nobody = AuditFilter { who: Some("%".into()), ..all() };
        assert!(names(&store, nobody).await.is_empty(), "a percent sign is only itself");
        let retried = AuditFilter { action: Some(Action::VIDEO_RETRIED), ..all() };
        assert_eq!(names(&store, retried).await, ["video-retried"]);
        let videos = AuditFilter { subject_kind: Some("video".into()), ..all() };
        assert_eq!(names(&store, videos).await, ["video-cancelled", "video-retried"]);
        let one = AuditFilter { subject_id: Some(video(1).id), ..all() };
        assert_eq!(names(&store, one).await, ["video-retried"]);
        let until_noon = AuditFilter { to: Some(noon), ..all() };
        assert_eq!(names(&store, until_noon).await, ["signed-in"]);
        let from_noon = AuditFilter { from: Some(noon), ..all() };
        assert_eq!(names(&store, from_noon).await, ["video-cancelled", "video-retried"]);
    }

    async fn pages_follow_each_other_while_the_log_grows(store: TestStore) {
        for number in 0..5 {
            store.record(&ana(), Deed::new(Action::VIDEO_RETRIED, video(number))).await.unwrap();
        }
        let first = store.audit(&AuditFilter::default(), 2).await.unwrap();
        store.record(&ana(), Deed::new(Action::VIDEO_RETRIED, video(9))).await.unwrap();
        let next = AuditFilter { before: Some(first[1].id), ..AuditFilter::default() };
        let second = store.audit(&next, 2).await.unwrap();
        let subjects: Vec<_> = [first, second].concat().into_iter().map(|entry| entry.subject).collect();
        assert_eq!(subjects, [4, 3, 2, 1].map(video));
    }
}
