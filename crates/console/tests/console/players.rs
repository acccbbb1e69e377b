//! The archive of all that is kept of one player, and the end of an account.

use std::collections::BTreeMap;

use anb_domain::{
    Action, Clock as _, EventKind, PlayerId, ReportReason, Role, Subject, vote_review::Footprint,
    voting::VotingWindow,
};
use anb_store::{Actor, Deed, NewEndpoint, NewPlayer, NewReport, Ruling};
use anb_testkit::{TestStore, on_each_database};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    moderation::unzipped,
    support::{Browser, TestConsole},
};

/// More than a page shows.
const MANY: usize = 60;

fn café() -> Footprint {
    Footprint { network: Some("c0ffee".into()), device: Some("de71ce".into()) }
}

async fn signs_up_in_the_café(console: &TestConsole, name: &str) -> PlayerId {
    let new = NewPlayer {
        first_name: name.parse().unwrap(),
        last_name: "Ruiz".parse().unwrap(),
        email: format!("{}@example.com", name.to_lowercase()).parse().unwrap(),
        password_hash: "hash".into(),
        city: "Cali".parse().unwrap(),
        country: "Colombia".parse().unwrap(),
        from: café(),
    };
    console.store.create_player(new).await.unwrap().id
}

async fn archive(admin: &Browser<'_>, of: PlayerId) -> BTreeMap<String, String> {
    let form = admin.form(&format!("/console/players/{of}/export"), &[]);
    let answer = form.header("origin", admin.console.url("")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    unzipped(answer.bytes().await.unwrap().to_vec()).await
}

fn rows(files: &BTreeMap<String, String>, name: &str) -> Vec<Value> {
    serde_json::from_str(&files[name]).unwrap()
}

async fn id_of(console: &TestConsole, name: &str) -> PlayerId {
    let email = format!("{}@example.com", name.to_lowercase()).parse().unwrap();
    console.store.player_by_email(&email).await.unwrap().unwrap().id
}

on_each_database! {
    async fn where_somebody_signed_up_and_voted_from_is_in_the_archive(store: TestStore) {
        let console = TestConsole::on(store).await;
        let ana = signs_up_in_the_café(&console, "Ana").await;
        let beto = console.store.a_player("Beto").await;
        let (one, two) =
            (console.store.a_completed_video(&beto).await.id, console.store.a_completed_video(&beto).await.id);
        for video in [one, two] {
            console.store.cast_vote(video, ana, &VotingWindow::default(), &café()).await.unwrap();
        }
        let keys = [(two, ana)];
        console.store.judge_votes(&Actor::terminal(), Ruling::Strike, &keys, None, "In a bunch").await.unwrap();
        let alma = console.signed_in("Alma", Role::Admin).await;
        let files = archive(&alma, ana).await;

        let profile: Value = serde_json::from_str(&files["profile.json"]).unwrap();
        assert_eq!((&profile["signup_network"], &profile["signup_device"]), (&json!("c0ffee"), &json!("de71ce")));
        let votes = rows(&files, "votes.json");
        assert_eq!(votes.len(), 2);
        for (vote, video, reason) in [(&votes[0], one, Value::Null), (&votes[1], two, json!("In a bunch"))] {
            assert_eq!(vote["video_id"], video.to_string());
            assert_eq!((&vote["network"], &vote["device"]), (&json!("c0ffee"), &json!("de71ce")));
            assert_eq!((vote["struck_at"].is_null(), &vote["struck_reason"]), (reason.is_null(), &reason));
        }
        assert!(files["README.txt"].contains("after 180 days"), "{}", files["README.txt"]);

        // What is kept no longer is not told either.
        let later = console.store.clock.now() + TimeDelta::days(1);
        console.store.forget_footprints(later).await.unwrap();
        let files = archive(&alma, ana).await;
        let all = files.values().cloned().collect::<String>();
        assert!(!all.contains("c0ffee") && !all.contains("de71ce"), "{all}");
        assert_eq!(rows(&files, "votes.json")[0]["network"], Value::Null);
    }

    async fn reports_are_in_the_archive_and_webhooks_are_not(store: TestStore) {
        let console = TestConsole::on(store).await;
        let endpoint = NewEndpoint {
            url: "https://hooks.example.com/cancha".into(),
            description: "Marcador".into(),
            events: vec![EventKind::VideoCompleted],
            active: true,
        };
        console.store.create_endpoint(endpoint, &Actor::terminal()).await.unwrap();
        let (ana, beto) = (console.store.a_player("Ana").await, console.store.a_player("Beto").await);
        console.store.a_completed_video(&ana).await;
        let video = console.store.a_completed_video(&beto).await.id;
        for (reporter, note) in [(ana.id, "It is mine"), (console.store.a_player("Carla").await.id, "Of Carla")] {
            let report = NewReport {
                video,
                reporter: Some(reporter),
                visitor: reporter.to_string(),
                reason: ReportReason::WrongPerson,
                note: Some(note.parse().unwrap()),
            };
            console.store.report_video(report).await.unwrap();
        }
        let alma = console.signed_in("Alma", Role::Admin).await;
        let files = archive(&alma, ana.id).await;
        let [report] = &rows(&files, "reports.json")[..] else { panic!("hers alone: {files:?}") };
        assert_eq!(report["video_id"], video.to_string());
        assert_eq!(report["note"], "It is mine");
        let all = files.values().cloned().collect::<String>();
        for not_hers in ["Of Carla", "hooks.example.com", "Marcador", "webhook"] {
            assert!(!all.contains(not_hers), "{not_hers} is in {all}");
        }
    }

    async fn every_entry_and_every_session_is_in_the_archive(store: TestStore) {
        let console = TestConsole::on(store).await;
        let julia = console.signed_in("Julia", Role::Jury).await;
        let id = id_of(&console, "Julia").await;
        let own = Actor { id: Some(id), name: "Julia Ruiz".into(), role: "jury".into(), ..Actor::terminal() };
        for n in 0..MANY {
            let done = Deed::new(Action::CONFLICT_DECLARED, Subject::new("sheet", n));
            console.store.record(&own, done).await.unwrap();
            let suffered = Deed::new(Action::SESSION_ENDED, Subject::player(id)).because(&format!("reason {n}"));
            console.store.record(&Actor::terminal(), suffered).await.unwrap();
        }
        let alma = console.signed_in("Alma", Role::Admin).await;
        let files = archive(&alma, id).await;

        let entries = rows(&files, "audit.json");
        let count = |action: Action| entries.iter().filter(|entry| entry["action"] == action.as_str()).count();
        assert_eq!((count(Action::CONFLICT_DECLARED), count(Action::SESSION_ENDED)), (MANY, MANY));
        assert_eq!(count(Action::SECOND_FACTOR_ENROLLED), 1);
        let reasons = entries.iter().filter_map(|entry| entry["reason"].as_str());
        assert_eq!(reasons.filter(|reason| reason.starts_with("reason ")).count(), MANY, "each once");
        let [session] = &rows(&files, "sessions.json")[..] else { panic!("one: {files:?}") };
        assert_eq!(session["address"], "127.0.0.1");
        let kept = console.store.console_sessions_of(id).await.unwrap();
        assert_eq!(session["created_at"], json!(kept[0].created_at));
        let profile: Value = serde_json::from_str(&files["profile.json"]).unwrap();
        assert_eq!(profile["has_second_factor"], true);
        drop(julia);
    }

    async fn who_is_erased_is_out_and_begins_anew(store: TestStore) {
        let console = TestConsole::on(store).await;
        let olga = console.operator("Olga").await;
        let id = id_of(&console, "Olga").await;
        let mut alma = console.signed_in("Alma", Role::Admin).await;
        let page = alma.get(&format!("/console/players/{id}")).await.ok();
        page.shows("every session, the videos with all their files");
        page.shows("the reports they made (without the note)");
        page.shows("With the same address, somebody can sign up anew.");
        let fields = [("confirm", "olga@example.com"), ("reason", "Left us")];
        alma.posts_and_follows(&format!("/console/players/{id}/erase"), &fields).await.ok();

        assert_eq!(olga.get("/console").await.leads_to(), "/console/sign-in");
        assert_eq!(console.stranger().signs_in("olga@example.com", crate::support::PASSWORD).await.status, 401);
        assert_eq!(console.store.second_factor(id).await.unwrap(), None);
        assert_eq!(console.store.console_sessions_of(id).await.unwrap(), []);
        alma.get("/console/audit?action=player-erased").await.ok().shows("<q class=\"small\">Left us</q>");

        // The address is free; whoever comes has no role, codes or past.
        let back = console.person("Olga", Role::Operator).await;
        assert_ne!(back.id, id);
        let mut olga = console.stranger();
        olga.enrols("olga@example.com").await.ok().shows("recovery codes");
        olga.get("/console").await.ok();
    }
}
