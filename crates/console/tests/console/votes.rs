//! Votes under suspicion: seen with what speaks for it, struck, restored or let
//! be, by people.

use std::time::Duration;

use anb_domain::{
    Action, Role, VideoId,
    vote_review::{Footprint, ReviewRules},
    voting::VotingWindow,
};
use anb_store::{AuditFilter, RankingFilter};
use anb_testkit::{TestStore, on_each_database};
use reqwest::StatusCode;

use crate::support::TestConsole;

const CLUSTER: usize = 12;

/// So many new accounts vote from one network, one a second, and the review
/// comes by.
async fn a_cluster(console: &TestConsole, video: VideoId) {
    let shop = Footprint { network: Some("c0ffee1234".into()), device: None };
    for n in 0..CLUSTER {
        let voter = console.store.a_player(&format!("Voter{n}")).await;
        console.store.clock.advance(Duration::from_secs(1));
        let always = VotingWindow::default();
        console.store.cast_vote(video, voter.id, &always, &shop).await.unwrap();
    }
    let found = console.store.review_votes(&ReviewRules::default(), 100).await.unwrap();
    assert_eq!(found.flagged, 1);
}

/// A video of Ana's that 12 new accounts voted for, and Luis; one of Bea's with
/// three votes.
async fn two_videos(console: &TestConsole) -> VideoId {
    let store = &console.store;
    let (ana, bea) = (store.a_player("Ana").await, store.a_player("Bea").await);
    let (suspect, other) =
        (store.a_completed_video(&ana).await.id, store.a_completed_video(&bea).await.id);
    for name in ["Luis", "Marta", "Nora"] {
        let voter = store.a_player(name).await;
        store.vote(&voter, other).await;
        if name == "Luis" {
            store.vote(&voter, suspect).await;
        }
    }
    // What was cast is old by the time that the cluster comes.
    store.clock.advance(Duration::from_hours(2));
    a_cluster(console, suspect).await;
    suspect
}

/// Where the page of the one suspicion lies.
async fn flag_page(console: &TestConsole) -> String {
    let found = console.store.vote_flags(true, 10, 0).await.unwrap();
    let [flag] = &found.items[..] else { panic!("one suspicion") };
    format!("/console/votes/{}", flag.id)
}

/// The public ranking: names and votes.
async fn ranking(console: &TestConsole) -> Vec<(String, u64)> {
    let lines = console.store.ranked(&RankingFilter::default(), 0, 10).await.unwrap();
    lines.into_iter().map(|line| (line.username, line.votes)).collect()
}

async fn noted(console: &TestConsole, action: Action) -> Vec<(String, Option<String>)> {
    let filter = AuditFilter { action: Some(action), ..AuditFilter::default() };
    let entries = console.store.audit(&filter, 10).await.unwrap();
    entries.into_iter().map(|entry| (entry.actor.name, entry.reason)).collect()
}

fn lines(expected: [(&str, u64); 2]) -> Vec<(String, u64)> {
    expected.map(|(name, votes)| (name.to_owned(), votes)).to_vec()
}

on_each_database! {
    async fn a_cluster_is_shown_struck_and_the_ranking_follows(store: TestStore) {
        let console = TestConsole::on(store).await;
        let video = two_videos(&console).await;
        let before = lines([("Ana Ruiz", 13), ("Bea Ruiz", 3)]);
        assert_eq!(ranking(&console).await, before, "nothing is blocked by itself");

        let mut olga = console.operator("Olga").await;
        let list = olga.get("/console/votes").await.ok();
        list.shows("Many new accounts from one network: ");
        list.shows("12 votes by new accounts from the network c0ffee, within minutes.");
        list.shows("92 % of the video&#39;s votes");
        list.shows("href=\"/console/votes\" aria-current=\"page\">Votes</a>");
        let page = flag_page(&console).await;
        let shown = olga.get(&page).await.ok();
        for part in ["Voter11 Ruiz", "example.com", "c0ffee", "All 12 under suspicion", "Highest bar: "] {
            shown.shows(part);
        }
        shown.hides("Luis");
        shown.hides("@example.com");
        shown.hides("/restore");

        let strike = format!("{page}/strike");
        let fields = [("reason", " One shop <b> "), ("scope", "all")];
        let struck = olga.posts_and_follows(&strike, &fields).await.ok();
        struck.shows("12 votes are struck. Totals and ranking follow.");
        struck.shows("Votes struck</b> · Olga Ruiz");
        struck.shows("One shop &#60;b&#62;");
        assert_eq!(ranking(&console).await, lines([("Bea Ruiz", 3), ("Ana Ruiz", 1)]));
        assert_eq!(console.store.video(video).await.unwrap().unwrap().votes, 1);
        olga.get("/console/votes").await.ok().shows("There is nothing here.");
        olga.get("/console/votes?state=decided").await.ok().shows("One shop &#60;b&#62; · Olga Ruiz");

        let restore = format!("{page}/restore");
        let back = olga.posts_and_follows(&restore, &[("reason", "a school"), ("scope", "all")]).await;
        back.ok().shows("12 votes count again.");
        assert_eq!(ranking(&console).await, before);
        let by_olga = |reason: &str| vec![("Olga Ruiz".to_owned(), Some(reason.to_owned()))];
        assert_eq!(noted(&console, Action::VOTES_STRUCK).await, by_olga("One shop <b>"));
        assert_eq!(noted(&console, Action::VOTES_RESTORED).await, by_olga("a school"));
    }

    async fn a_suspicion_that_is_none_is_dismissed_once(store: TestStore) {
        let console = TestConsole::on(store).await;
        two_videos(&console).await;
        let page = flag_page(&console).await;
        let mut olga = console.operator("Olga").await;
        let dismiss = format!("{page}/dismiss");
        let fields = [("reason", "the school of Bosa")];
        let done = olga.posts_and_follows(&dismiss, &fields).await.ok();
        done.shows("The suspicion is dismissed.");
        let again = olga.posts_and_follows(&dismiss, &fields).await.ok();
        again.shows("Somebody had already decided");
        assert_eq!(ranking(&console).await[0], ("Ana Ruiz".to_owned(), 13));
        assert_eq!(noted(&console, Action::CLUSTER_DISMISSED).await.len(), 1);
    }

    async fn a_decision_without_a_reason_or_votes_is_asked_for_again(store: TestStore) {
        let console = TestConsole::on(store).await;
        let video = two_videos(&console).await;
        let page = flag_page(&console).await;
        let mut olga = console.operator("Olga").await;
        olga.language = "es";
        let all_of_video = format!("/console/videos/{video}/votes");
        for (path, fields, missing) in [
            (format!("{page}/strike"), vec![("reason", " "), ("scope", "all")], "Escribe un motivo"),
            (format!("{page}/strike"), vec![("reason", "tienda"), ("scope", "chosen")], "Elige al menos un voto."),
            (format!("{page}/dismiss"), vec![], "Escribe un motivo"),
            (format!("{all_of_video}/strike"), vec![("reason", "tienda")], "Elige al menos un voto."),
        ] {
            let answer = olga.posts(&path, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            answer.shows(missing);
            let reason = fields.iter().find(|(name, _)| *name == "reason").map_or("", |(_, text)| text.trim());
            answer.shows(&format!("required value=\"{reason}\""));
        }
        assert_eq!(ranking(&console).await[0].1, 13, "nothing has changed");
        assert_eq!(noted(&console, Action::VOTES_STRUCK).await, []);
    }

    async fn single_votes_are_chosen_also_where_nothing_is_suspected(store: TestStore) {
        let console = TestConsole::on(store).await;
        let video = two_videos(&console).await;
        let mut olga = console.operator("Olga").await;
        let page = format!("/console/videos/{video}/votes");
        let shown = olga.get(&page).await.ok();
        shown.shows("Luis Ruiz");
        let row = shown.text.split("name=\"vote\" value=\"").skip(1).find(|row| row.contains("Luis Ruiz"));
        let vote = row.unwrap().split('"').next().unwrap();
        let fields = [("reason", "asked for it"), ("vote", vote)];
        let struck = olga.posts_and_follows(&format!("{page}/strike"), &fields).await.ok();
        struck.shows("1 vote is struck.");
        struck.shows("13 votes · 12 count");
        assert_eq!(ranking(&console).await[0], ("Ana Ruiz".to_owned(), 12));
        let back = olga.posts_and_follows(&format!("{page}/restore"), &fields).await.ok();
        back.shows("1 vote counts again.");
        assert_eq!(ranking(&console).await[0], ("Ana Ruiz".to_owned(), 13));
    }

    async fn the_jury_neither_sees_nor_decides(store: TestStore) {
        let console = TestConsole::on(store).await;
        let video = two_videos(&console).await;
        let page = flag_page(&console).await;
        let mut julia = console.signed_in("Julia", Role::Jury).await;
        let of_video = format!("/console/videos/{video}/votes");
        for path in ["/console/votes", &page, &of_video] {
            assert_eq!(julia.get(path).await.status, 403, "{path}");
        }
        let fields = [("reason", "why"), ("scope", "all")];
        for form in [
            format!("{page}/strike"), format!("{page}/restore"), format!("{page}/dismiss"),
            format!("{of_video}/strike"), format!("{of_video}/restore"),
        ] {
            assert_eq!(julia.posts(&form, &fields).await.status, 403, "{form}");
        }
        assert_eq!(ranking(&console).await[0].1, 13);
    }

    async fn what_does_not_exist_is_not_found(store: TestStore) {
        let console = TestConsole::on(store).await;
        let mut olga = console.operator("Olga").await;
        let nothing = "/console/votes/0197f3a2-8c1e-7c44-9d3b-5a2f1e0c7b66";
        assert_eq!(olga.get(nothing).await.status, 404);
        assert_eq!(olga.get("/console/votes/7").await.status, 404);
        for deed in ["strike", "restore", "dismiss"] {
            let fields = [("reason", "why"), ("scope", "chosen"), ("vote", VOTE)];
            assert_eq!(olga.posts(&format!("{nothing}/{deed}"), &fields).await.status, 404, "{deed}");
        }
    }
}

const VOTE: &str = "0197f3a28c1e7c449d3b5a2f1e0c7b66.0197f3a28c1e7c449d3b5a2f1e0c7b67";
