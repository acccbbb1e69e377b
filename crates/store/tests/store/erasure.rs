//! What is left in the database of somebody who was erased: every cell of every
//! table is read, so that a table that is added later is looked at as well.

use std::{collections::BTreeSet, time::Duration};

use anb_domain::{
    Action, Clock as _, EventKind, ReportReason, Role, Subject, VideoId,
    vote_review::{FlagKind, Footprint, ReviewRules},
    voting::VotingWindow,
};
use anb_store::{
    Actor, AuditFilter, ChangeRoleError, NewConsoleSession, NewEndpoint, NewPartUpload, NewPlayer,
    NewReport, Player, RankedPlayer, RankingFilter, Ruling,
};
use anb_testkit::{TestStore, on_each_database};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::json;

/// Votes of one account within seconds, so many that they are suspected.
const FAST: usize = 12;

fn café() -> Footprint {
    Footprint { network: Some("kafé-network".into()), device: Some("kafé-device".into()) }
}

/// The first column of what a statement finds.
async fn first_column(store: &TestStore, sql: String) -> Vec<String> {
    let db = store.db().writer();
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter().filter_map(|row| row.try_get_by_index(0).unwrap()).collect()
}

async fn columns(store: &TestStore) -> Vec<(String, String)> {
    let postgres = store.db().writer().get_database_backend() == DbBackend::Postgres;
    let tables = if postgres {
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    };
    let mut columns = Vec::new();
    for table in first_column(store, tables.into()).await {
        let of_table = if postgres {
            format!(
                "SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}'"
            )
        } else {
            format!("SELECT name FROM pragma_table_info('{table}')")
        };
        let of_table = first_column(store, of_table).await;
        columns.extend(of_table.into_iter().map(|column| (table.clone(), column)));
    }
    columns
}

/// Where one of these texts is kept, as `table.column`.
async fn places_of(store: &TestStore, texts: &[String]) -> BTreeSet<String> {
    let postgres = store.db().writer().get_database_backend() == DbBackend::Postgres;
    let mut places = BTreeSet::new();
    for (table, column) in columns(store).await {
        // SQLite keeps ids as bytes, which it quotes as hexadecimal digits.
        let cell =
            if postgres { format!("\"{column}\"::text") } else { format!("quote(\"{column}\")") };
        let cells = first_column(store, format!("SELECT {cell} FROM \"{table}\"")).await;
        let holds = |cell: &String| {
            let cell = cell.to_lowercase();
            texts.iter().any(|text| cell.contains(&text.to_lowercase()))
        };
        if cells.iter().any(holds) {
            places.insert(format!("{table}.{column}"));
        }
    }
    places
}

/// Where the id of somebody is kept.
async fn places_of_id(store: &TestStore, player: &Player) -> BTreeSet<String> {
    places_of(store, &[player.id.to_string(), player.id.0.simple().to_string()]).await
}

async fn signs_up(store: &TestStore) -> Player {
    let new = NewPlayer {
        first_name: "Anacleta".parse().unwrap(),
        last_name: "Ruiz".parse().unwrap(),
        email: "anacleta@example.com".parse().unwrap(),
        password_hash: "hash".into(),
        city: "Bogotá".parse().unwrap(),
        country: "Colombia".parse().unwrap(),
        from: café(),
    };
    let ana = store.create_player(new).await.unwrap();
    store.grant_role(&ana.email, Role::Jury).await.unwrap().unwrap()
}

/// Somebody signs up from the café, writes, uploads, votes, reports and scores,
/// and has sessions and a second factor.
async fn somebody_busy(store: &TestStore) -> Player {
    let ana = signs_up(store).await;
    let panel = store.a_panel("Final", &[&ana]).await;
    let luis = store.a_player("Luis").await;
    let endpoint = NewEndpoint {
        url: "https://hooks.example.com/".into(),
        description: "Bot".into(),
        events: vec![EventKind::VideoCompleted],
        active: true,
    };
    store.create_endpoint(endpoint, &Actor::terminal()).await.unwrap();
    store.a_completed_video_called(&ana, "Anacleta encesta").await;
    let mut of_luis = Vec::new();
    for _ in 0..FAST {
        of_luis.push(store.a_completed_video(&luis).await.id);
    }
    for video in &of_luis {
        store.cast_vote(*video, ana.id, &VotingWindow::default(), &café()).await.unwrap();
    }
    store.review_votes(&ReviewRules::default(), 100).await.unwrap();
    let open = store.vote_flags(true, 10, 0).await.unwrap().items;
    assert!(open.iter().any(|flag| flag.kind == FlagKind::Fast), "{open:?}");
    store.scores(&ana, panel, of_luis[0], "8").await;
    reports(store, &ana, of_luis[1]).await;
    enters_the_console(store, &ana).await;
    begins_an_upload(store, &ana).await;
    ana
}

async fn reports(store: &TestStore, by: &Player, video: VideoId) {
    let report = NewReport {
        video,
        reporter: Some(by.id),
        visitor: format!("player {}", by.id),
        reason: ReportReason::WrongPerson,
        note: Some("Soy Anacleta".parse().unwrap()),
    };
    store.report_video(report).await.unwrap();
}

async fn enters_the_console(store: &TestStore, player: &Player) {
    store.offer_second_factor(player.id, "sealed for Anacleta".into()).await.unwrap();
    let (codes, system) = (["recovery of Anacleta".to_owned()], Actor::system());
    assert!(store.confirm_second_factor(player.id, 1, &codes, &system).await.unwrap());
    let session = NewConsoleSession {
        player: player.id,
        token_hash: "a hash".into(),
        password_mark: "mark".into(),
        lifetime: Duration::from_hours(1),
        verified: true,
        replaces: None,
        address: Some("203.0.113.9".into()),
        agent: Some("Anacleta's browser".into()),
    };
    store.begin_console_session(session, None).await.unwrap();
    let draft = json!({ "drawn_by": "Anacleta" });
    store.keep_brand_draft(player.id, &draft).await.unwrap();
}

async fn begins_an_upload(store: &TestStore, owner: &Player) {
    let upload = NewPartUpload {
        owner: owner.id,
        expires_at: store.clock.now() + Duration::from_hours(1),
        title: "Anacleta vuela".parse().unwrap(),
        category: None,
        size_bytes: 1_000,
        part_size_bytes: 1_000,
    };
    store.begin_part_upload(upload, 3).await.unwrap();
}

async fn erases(store: &TestStore, player: &Player) -> Result<(), ChangeRoleError> {
    let admin = Actor { name: "Alma Ruiz".into(), role: "admin".into(), ..Actor::terminal() };
    store.erase_player(&admin, player.id, &"Asked for it by letter".parse().unwrap()).await
}

on_each_database! {
    async fn of_somebody_erased_an_id_is_left_and_nothing_else(store: TestStore) {
        let ana = somebody_busy(&store).await;
        let said = ["Anacleta", "kafé-", "203.0.113.9"].map(String::from);
        let before = places_of(&store, &said).await;
        for place in [
            "players.email", "players.signup_network", "videos.title", "votes.network",
            "reports.note", "second_factors.recovery", "console_sessions.agent",
            "brand_drafts.document", "webhook_events.payload",
        ] {
            assert!(before.contains(place), "{place} is not tried: {before:?}");
        }
        erases(&store, &ana).await.unwrap();

        assert_eq!(places_of(&store, &said).await, BTreeSet::new());
        let left = [
            // Who was erased, what else was done to the account, and in which
            // panels it sat.
            "audit_log.after",
            "audit_log.subject_id",
            // What she finished as a juror counts.
            "jury_scores.juror_id",
            "jury_sheets.juror_id",
            // Tombstones, whose objects are removed.
            "videos.owner_id",
        ];
        assert_eq!(places_of_id(&store, &ana).await, left.map(String::from).into());
    }

    async fn who_was_erased_by_whom_and_why_stays_in_the_log(store: TestStore) {
        let ana = somebody_busy(&store).await;
        erases(&store, &ana).await.unwrap();
        let filter = AuditFilter { action: Some(Action::PLAYER_ERASED), ..AuditFilter::default() };
        let [entry] = &store.audit(&filter, 10).await.unwrap()[..] else { panic!("one entry") };
        assert_eq!(entry.actor.name, "Alma Ruiz");
        assert_eq!(entry.subject, Subject::player(ana.id));
        assert_eq!(entry.reason.as_deref(), Some("Asked for it by letter"));
        assert!(matches!(erases(&store, &ana).await, Err(ChangeRoleError::NotFound)));
        assert_eq!(store.audit(&filter, 10).await.unwrap().len(), 1, "nothing was done twice");
    }

    async fn totals_and_ranking_follow_and_struck_votes_count_for_nothing(store: TestStore) {
        let (ana, luis, marta) =
            (store.a_player("Ana").await, store.a_player("Luis").await, store.a_player("Marta").await);
        let (of_luis, of_marta) =
            (store.a_completed_video(&luis).await.id, store.a_completed_video(&marta).await.id);
        let of_ana = store.a_completed_video(&ana).await.id;
        let carlos = store.a_player("Carlos").await;
        store.vote(&ana, of_luis).await;
        store.vote(&carlos, of_luis).await;
        store.vote(&carlos, of_marta).await;
        store.vote(&luis, of_marta).await;
        store.vote(&luis, of_ana).await;
        // Of Ana's votes this one does not count already.
        store.vote(&ana, of_marta).await;
        let keys = [(of_marta, ana.id)];
        store.judge_votes(&Actor::terminal(), Ruling::Strike, &keys, None, "bought").await.unwrap();
        let ranked = async || {
            let ranking = store.rankings(&RankingFilter::default(), 1, 10).await.unwrap().items;
            let line = |one: RankedPlayer| (one.position, one.username, one.votes);
            ranking.into_iter().map(line).collect::<Vec<_>>()
        };
        let line = |position, name: &str, votes| (position, format!("{name} Ruiz"), votes);
        assert_eq!(ranked().await, [line(1, "Luis", 2), line(1, "Marta", 2), line(3, "Ana", 1)]);

        erases(&store, &ana).await.unwrap();

        assert_eq!(ranked().await, [line(1, "Marta", 2), line(2, "Luis", 1)]);
        for video in [of_luis, of_marta] {
            let total = store.video(video).await.unwrap().unwrap().votes;
            let rows = store.votes_for(video, 100, 0).await.unwrap();
            assert_eq!(total, rows.total, "G6: the total is the votes that are there");
            assert!(rows.items.iter().all(|vote| vote.voter != ana.id));
        }
    }
}
