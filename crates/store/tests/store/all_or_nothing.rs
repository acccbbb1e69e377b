//! What people do in one go is done as a whole, with its trace in the audit
//! log and the totals that follow from it, or not at all: whichever of its
//! writes fails.

use std::error::Error;

use anb_domain::{
    Action, PanelId, PlayerId, Reason, ReportReason, Ruling, Subject, VideoId,
    vote_review::Footprint, voting::VotingWindow,
};
use anb_store::{
    Actor, Claim, Deed, NewReport, Player, Ruling as VoteRuling, SheetEntry, SheetIntent,
};
use anb_testkit::{TestStore, on_each_database};
use sea_orm::prelude::Uuid;
use serde_json::json;

use crate::{
    fuse::{Everything, Fuse},
    jury::{key_of, marks},
    vote_review::{a_cluster, open_flags, reviewed},
};

/// More than anything here makes.
const MOST_WRITES: usize = 100;

/// A contest in which there is something to do for everybody.
struct Scene<'s> {
    store: &'s TestStore,
    operator: Actor,
    ana: Player,
    /// Ana's, with reports, and votes under suspicion.
    video: VideoId,
    flag: Uuid,
    /// Another one of hers, with a worker.
    running: Claim,
    juror: Player,
    panel: PanelId,
    sheet: String,
    marks: SheetEntry,
}

#[derive(Debug, Clone, Copy)]
enum Doing {
    Hides,
    TakesThatBack,
    Strikes,
    Restores,
    Scores,
    SavesTheBrand,
    Stops,
    Retries,
    MakesAgain,
    Disqualifies,
    ErasesTheJuror,
    ErasesTheOwner,
}

impl Doing {
    /// In an order in which each has something to do, with the tables in which
    /// it writes.
    const ALL: [(Self, &[&str]); 12] = [
        (Self::Hides, &["audit_log", "reports", "videos"]),
        (Self::TakesThatBack, &["audit_log", "reports", "videos"]),
        (Self::Strikes, &["audit_log", "videos", "vote_flags", "votes"]),
        (Self::Restores, &["audit_log", "videos", "vote_flags", "votes"]),
        (Self::Scores, &["audit_log", "jury_scores", "jury_sheets"]),
        (Self::SavesTheBrand, &["audit_log", "brand_drafts", "contest_settings"]),
        (Self::Stops, &["attempts", "audit_log", "video_events", "videos"]),
        (Self::Retries, &["audit_log", "outbox", "video_events", "videos"]),
        (Self::MakesAgain, &["audit_log", "reprocess_jobs", "reprocess_runs", "video_events"]),
        (Self::Disqualifies, &["audit_log", "reports", "videos"]),
        (Self::ErasesTheJuror, &["audit_log", "jury_members", "jury_sheets", "players"]),
        (
            Self::ErasesTheOwner,
            &[
                "audit_log",
                "jury_scores",
                "jury_sheets",
                "outbox",
                "players",
                "reports",
                "reprocess_jobs",
                "video_events",
                "videos",
                "vote_flag_members",
                "votes",
            ],
        ),
    ];

    async fn goes(self, scene: &Scene<'_>) -> Result<(), Box<dyn Error>> {
        let Scene { store, operator, video, flag, juror, .. } = scene;
        let reason: Reason = "Se pidió".parse()?;
        match self {
            Self::Hides => {
                store.rule(operator, *video, Ruling::Unpublish, Some(&reason)).await?;
            }
            Self::TakesThatBack => {
                store.undo_ruling(operator, *video).await?;
            }
            Self::Disqualifies => {
                store.rule(operator, *video, Ruling::Disqualify, Some(&reason)).await?;
            }
            Self::Strikes => {
                store.judge_flag(operator, VoteRuling::Strike, *flag, "Una red").await?;
            }
            Self::Restores => {
                store.judge_flag(operator, VoteRuling::Restore, *flag, "Un café").await?;
            }
            Self::Scores => {
                let (panel, actor) = (scene.panel, Actor::terminal());
                store.save_sheet(panel, juror.id, &scene.sheet, &scene.marks, &actor).await?;
            }
            Self::SavesTheBrand => {
                let deed = Deed::new(Action::BRAND_CHANGED, Subject::only("contest"));
                store.save_contest(operator, 0, &json!({ "cut": 3 }), deed).await?;
            }
            Self::Stops => {
                let (video, attempt) = (scene.running.video.id, scene.running.attempt);
                store.cancel_attempt(video, attempt, operator).await?;
            }
            Self::Retries => {
                store.retry_video(scene.running.video.id, operator).await?;
            }
            Self::MakesAgain => {
                store.reprocess_video(*video, operator).await?;
            }
            Self::ErasesTheJuror => store.erase_player(operator, juror.id, &reason).await?,
            Self::ErasesTheOwner => store.erase_player(operator, scene.ana.id, &reason).await?,
        }
        Ok(())
    }
}

impl<'s> Scene<'s> {
    async fn of(store: &'s TestStore) -> Self {
        let (ana, luis) = (store.a_player("Ana").await, store.a_player("Luis").await);
        let olga = store.a_player("Olga").await;
        let operator = Actor { id: Some(olga.id), name: "Olga".into(), ..Actor::terminal() };
        let video = store.a_completed_video(&ana).await.id;
        let other = store.a_completed_video(&luis).await.id;
        a_cluster(store, video, "Café", 12).await;
        reviewed(store).await;
        let flag = open_flags(store).await[0].id;
        store
            .cast_vote(other, ana.id, &VotingWindow::default(), &Footprint::default())
            .await
            .unwrap();
        report(store, video, luis.id).await;
        report(store, other, ana.id).await;
        store.keep_brand_draft(olga.id, &json!({ "color": "red" })).await.unwrap();
        let running = store.a_claimed_video(&ana).await;
        let juror = store.a_juror("Bea").await;
        let panel = store.a_panel("Final", &[&juror]).await;
        let sheet = key_of(store, panel, &juror, video).await;
        let marks = marks(store, panel, &["8"], SheetIntent::Finish).await;
        Self { store, operator, ana, video, flag, running, juror, panel, sheet, marks }
    }
}

async fn report(store: &TestStore, video: VideoId, reporter: PlayerId) {
    let (reason, visitor) = (ReportReason::Offensive, reporter.to_string());
    let report = NewReport { video, reporter: Some(reporter), visitor, reason, note: None };
    store.report_video(report).await.unwrap();
}

/// Tables in which rows came, went or changed.
fn touched<'e>(before: &'e Everything, after: &Everything) -> Vec<&'e str> {
    let changed = before.iter().filter(|(table, rows)| after[*table] != **rows);
    changed.map(|(table, _)| table.as_str()).collect()
}

/// Has every write fail in its turn, and looks at what is left of each time.
/// Returns how many writes there are.
async fn fails_at_each_write(fuse: &Fuse, doing: Doing, scene: &Scene<'_>) -> usize {
    let before = fuse.everything().await;
    for writes in 0..MOST_WRITES {
        fuse.blows_after(writes).await;
        let Err(error) = doing.goes(scene).await else { return writes };
        let left = fuse.everything().await;
        let left = touched(&before, &left);
        assert!(left.is_empty(), "{doing:?}: {left:?} after {writes} writes and {error}");
    }
    panic!("{doing:?} does not work at all: {:?}", doing.goes(scene).await)
}

on_each_database! {
    async fn what_people_do_is_done_as_a_whole_or_not_at_all(store: TestStore) {
        let scene = Scene::of(&store).await;
        let fuse = Fuse::built_into(store.url()).await;
        for (doing, tables) in Doing::ALL {
            let before = fuse.everything().await;
            let writes = fails_at_each_write(&fuse, doing, &scene).await;
            assert!(writes >= tables.len(), "{doing:?} has failed at {writes} writes only");
            let after = fuse.everything().await;
            assert_eq!(touched(&before, &after), tables, "{doing:?}");
            let traces = |all: &Everything| all["audit_log"].len();
            assert_eq!(traces(&after), traces(&before) + 1, "{doing:?}");
            assert_eq!(fuse.wrong_totals().await, 0, "{doing:?}");
        }
    }
}
