//! Exports, from real rows to the bytes of a file.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use anb_domain::{Action, VideoId, jury::JuryWeight, vote_review::Footprint, voting::VotingWindow};
use anb_ops::{ExportError, ExportFormat, ExportRequest, ExportedKind, Exporter, columns};
use anb_store::{Actor, AuditFilter, Ruling, Store};
use anb_testkit::{TestStore, on_each_database};
use futures::TryStreamExt as _;
use sea_orm::ConnectionTrait as _;
use serde_json::Value;

/// More rows than are read at once.
const MANY: usize = 450;

fn exporter(store: &TestStore) -> Exporter {
    Exporter {
        store: Store::clone(store),
        clock: store.clock.clone(),
        ids: store.ids.clone(),
        secret: "a test key that is long enough for all".into(),
    }
}

fn wanted(kind: ExportedKind, format: ExportFormat) -> ExportRequest {
    let weight = JuryWeight::from_fraction(0.5).unwrap();
    ExportRequest { kind, format, bom: false, word: None, weight }
}

async fn made(store: &TestStore, request: &ExportRequest) -> Result<String, ExportError> {
    let export = exporter(store).begin(&Actor::terminal(), request).await?;
    let pieces: Vec<_> = export.pieces.try_collect().await?;
    Ok(String::from_utf8(pieces.concat()).unwrap())
}

/// The lines of an export of this kind, each with its names.
async fn listed(store: &TestStore, kind: ExportedKind) -> Vec<Value> {
    let text = made(store, &wanted(kind, ExportFormat::Json)).await.unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A completed video of Ana's, for which Luis and Marta voted from one network;
/// Marta's vote is struck.
async fn a_voted_video(store: &TestStore) -> VideoId {
    let ana = store.a_player("Ana").await;
    let video = store.a_completed_video_called(&ana, "=HYPERLINK(\"http://evil\")").await.id;
    let café = Footprint { network: Some("c0ffee".into()), device: None };
    for name in ["Luis", "Marta"] {
        let voter = store.a_player(name).await;
        store.cast_vote(video, voter.id, &VotingWindow::default(), &café).await.unwrap();
        if name == "Marta" {
            let keys = [(video, voter.id)];
            let actor = Actor::terminal();
            store.judge_votes(&actor, Ruling::Strike, &keys, None, "@SUM(1)").await.unwrap();
        }
    }
    video
}

/// The values of a column.
fn column(rows: &[Value], name: &str) -> Vec<Value> {
    rows.iter().map(|row| row[name].clone()).collect()
}

on_each_database! {
    async fn votes_have_pseudonyms_that_cannot_be_joined_unless_asked_for(store: TestStore) {
        let video = a_voted_video(&store).await;
        let rows = listed(&store, ExportedKind::Votes).await;
        assert_eq!(column(&rows, "video"), vec![Value::from(video.to_string()); 2]);
        assert_eq!(column(&rows, "counts"), [true, false]);
        assert_eq!(column(&rows, "struck_reason"), [Value::Null, "@SUM(1)".into()]);
        let voters = column(&rows, "voter");
        assert_ne!(voters[0], voters[1]);
        let networks = column(&rows, "network");
        assert_eq!(networks[0], networks[1], "that they are one is seen");

        let text = made(&store, &wanted(ExportedKind::Votes, ExportFormat::Csv)).await.unwrap();
        let luis = store.player_by_email(&"luis@example.com".parse().unwrap()).await.unwrap().unwrap();
        for secret in [luis.id.to_string(), luis.id.0.simple().to_string(), "Luis".into(), "example.com".into(), "c0ffee".into()] {
            assert!(!text.contains(&secret), "{secret} is in\n{text}");
        }
        let again = listed(&store, ExportedKind::Votes).await;
        assert_ne!(column(&again, "voter"), voters, "each export has its own");
        assert_ne!(column(&again, "network"), networks);
        let word = |word: &str| ExportRequest { word: Some(word.into()), ..wanted(ExportedKind::Votes, ExportFormat::Json) };
        let october = made(&store, &word("october")).await.unwrap();
        assert_eq!(october, made(&store, &word("october")).await.unwrap());
        assert_ne!(october, made(&store, &word("november")).await.unwrap());
    }

    async fn no_cell_is_computed_by_a_spreadsheet(store: TestStore) {
        a_voted_video(&store).await;
        let text = made(&store, &wanted(ExportedKind::Videos, ExportFormat::Csv)).await.unwrap();
        assert!(text.contains(",\"'=HYPERLINK(\"\"http://evil\"\")\","), "{text}");
        let text = made(&store, &wanted(ExportedKind::Votes, ExportFormat::Csv)).await.unwrap();
        assert!(text.contains(",'@SUM(1)\r\n"), "{text}");
        let with_bom = ExportRequest { bom: true, ..wanted(ExportedKind::Votes, ExportFormat::Csv) };
        let marked = made(&store, &with_bom).await.unwrap();
        assert!(marked.starts_with("\u{feff}video,voter,network"), "{marked}");
    }

    async fn every_row_is_there_once_whatever_the_number_of_pages(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let mut expected = Vec::new();
        for n in 0..MANY {
            expected.push(store.a_pending_video_called(&ana, &format!("Clip {n}")).await.id.to_string());
        }
        let rows = listed(&store, ExportedKind::Videos).await;
        assert_eq!(column(&rows, "id"), expected);
        assert_eq!(rows[7]["title"], "Clip 7");
        assert_eq!(rows[7]["name"], "Ana Ruiz");
        assert_eq!((&rows[7]["status"], &rows[7]["votes"]), (&"pending".into(), &0.into()));
        let csv = made(&store, &wanted(ExportedKind::Videos, ExportFormat::Csv)).await.unwrap();
        assert_eq!(csv.matches("\r\n").count(), MANY + 1);
        assert_eq!(csv.matches("id,title,").count(), 1);
    }

    async fn a_page_of_votes_ends_within_a_video(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let videos = [store.a_completed_video(&ana).await.id, store.a_completed_video(&ana).await.id];
        for n in 0..130 {
            let voter = store.a_player(&format!("Voter{n}")).await;
            for video in videos {
                store.vote(&voter, video).await;
            }
        }
        let rows = listed(&store, ExportedKind::Votes).await;
        let voters = videos.map(|video| {
            let of_video = rows.iter().filter(|row| row["video"] == video.to_string());
            of_video.map(|row| row["voter"].to_string()).collect::<std::collections::BTreeSet<_>>()
        });
        assert_eq!(voters[0].len(), 130, "every voter once");
        assert_eq!(voters[0], voters[1], "a voter is called the same for every video");
        assert_eq!(rows.len(), 260);
    }

    async fn what_fails_on_the_way_is_no_end(store: TestStore) {
        let ana = store.a_player("Ana").await;
        for _ in 0..MANY {
            store.a_pending_video(&ana).await;
        }
        let request = wanted(ExportedKind::Videos, ExportFormat::Json);
        let export = exporter(&store).begin(&Actor::terminal(), &request).await.unwrap();
        let mut pieces = export.pieces;
        let first = pieces.try_next().await.unwrap().unwrap();
        assert!(first.starts_with(b"[\n{"));
        store.db().writer().execute_unprepared("ALTER TABLE videos RENAME TO gone").await.unwrap();
        assert!(matches!(pieces.try_next().await, Err(ExportError::Store(_))));
        assert!(made(&store, &request).await.is_err(), "what fails at once never begins");
    }

    async fn votes_jury_and_final_score_stand_apart(store: TestStore) {
        let (ana, bea) = (store.a_player("Ana").await, store.a_player("Bea").await);
        let (one, two) = (store.a_completed_video(&ana).await.id, store.a_completed_video(&bea).await.id);
        store.vote(&bea, one).await;
        let before = listed(&store, ExportedKind::Rankings).await;
        assert_eq!(column(&before, "name"), ["Ana Ruiz", "Bea Ruiz"]);
        assert_eq!(column(&before, "votes"), [1, 0]);
        assert_eq!(column(&before, "jury_points"), [Value::Null, Value::Null]);
        assert_eq!(column(&before, "final_points"), [Value::Null, Value::Null]);

        store.a_jury_gives("Julia", &[(one, "2"), (two, "10")]).await;
        let rows = listed(&store, ExportedKind::Rankings).await;
        assert_eq!(column(&rows, "name"), ["Ana Ruiz", "Bea Ruiz"]);
        assert_eq!(column(&rows, "votes"), [1, 0]);
        assert_eq!(column(&rows, "vote_points"), [10.0, 0.0]);
        assert_eq!(column(&rows, "jury_points"), [2.0, 10.0]);
        assert_eq!(column(&rows, "final_points"), [6.0, 5.0]);
        assert_eq!(column(&rows, "position"), [1, 2]);
    }

    async fn a_ranking_of_several_pages_has_everybody_once(store: TestStore) {
        const PLAYERS: u64 = 201;
        let fan = store.a_player("Fan").await;
        for n in 0..PLAYERS {
            let player = store.a_player(&format!("Player{n:03}")).await;
            let video = store.a_completed_video(&player).await.id;
            if n == PLAYERS - 1 {
                store.vote(&fan, video).await;
            }
        }
        let rows = listed(&store, ExportedKind::Rankings).await;
        let names: std::collections::BTreeSet<_> = rows.iter().map(|row| row["name"].to_string()).collect();
        assert_eq!((rows.len() as u64, names.len() as u64), (PLAYERS, PLAYERS));
        assert_eq!(rows[0]["name"], "Player200 Ruiz");
        assert!(rows[1..].iter().all(|row| row["position"] == 2 && row["votes"] == 0), "equal votes, one place");
        let csv = made(&store, &wanted(ExportedKind::Rankings, ExportFormat::Csv)).await.unwrap();
        assert_eq!(csv.matches("\r\n").count() as u64, PLAYERS + 1);
        assert!(!csv.contains('@'), "no address is in a ranking");
    }

    async fn each_export_is_in_the_log_and_so_is_the_log(store: TestStore) {
        a_voted_video(&store).await;
        let mut request = wanted(ExportedKind::Votes, ExportFormat::Csv);
        request.word = Some("october".into());
        made(&store, &request).await.unwrap();
        let filter = AuditFilter { action: Some(Action::EXPORT_MADE), ..AuditFilter::default() };
        let [entry] = &store.audit(&filter, 10).await.unwrap()[..] else { panic!("one entry") };
        assert_eq!((entry.subject.kind.as_str(), entry.subject.id.as_str()), ("export", "votes"));
        let after = entry.after.as_ref().unwrap();
        assert_eq!(*after, serde_json::json!({ "format": "csv", "rows": 2, "word": "october" }));

        let actor = Actor { address: Some("203.0.113.7".into()), ..Actor::terminal() };
        for n in 0..MANY {
            let subject = anb_domain::Subject::new("export", n);
            let deed = anb_store::Deed::new(Action::SIGNED_OUT, subject).because("-2+3");
            store.record(&actor, deed).await.unwrap();
        }
        let rows = listed(&store, ExportedKind::Audit).await;
        let noted = rows.iter().filter(|row| row["action"] == "signed-out");
        let ids: Vec<_> = noted.map(|row| row["subject_id"].as_str().unwrap().parse::<usize>().unwrap()).collect();
        assert_eq!(ids, (0..MANY).rev().collect::<Vec<_>>(), "latest first, each once");
        assert_eq!((&rows[0]["address"], &rows[0]["name"]), (&"203.0.113.7".into(), &"terminal".into()));
        let struck = rows.iter().find(|row| row["action"] == "votes-struck").unwrap();
        assert_eq!(struck["after"]["votes"], 1);
        let csv = made(&store, &wanted(ExportedKind::Audit, ExportFormat::Csv)).await.unwrap();
        assert!(csv.contains(",'-2+3,"), "{csv}");
    }
}

#[test]
fn every_kind_has_names_for_its_columns() {
    for kind in ExportedKind::ALL {
        let names: std::collections::BTreeSet<_> = columns(kind).iter().collect();
        assert_eq!(names.len(), columns(kind).len(), "{kind}");
    }
}
