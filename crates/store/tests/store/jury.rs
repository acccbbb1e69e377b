use std::collections::{BTreeSet, HashSet};

use anb_domain::{
    Action, Clock as _, PanelId, VideoId, Window,
    jury::{Criteria, Criterion, JuryWeight, PanelScope, PanelStage, SheetState},
};
use anb_store::{
    Actor, AuditFilter, JurorPanel, PanelError, PanelPlan, Player, RankedPlayer, RankingFilter,
    SaveError, SheetEntry, SheetIntent,
};
use anb_testkit::{TestStore, on_each_database};
use chrono::TimeDelta;

fn criteria(weights: &[(&str, u8)]) -> Criteria {
    let criterion =
        |(name, weight): &(&str, u8)| Criterion { name: name.parse().unwrap(), weight: *weight };
    Criteria::new(weights.iter().map(criterion).collect()).unwrap()
}

fn plan(scope: PanelScope, members: &[&Player]) -> PanelPlan {
    PanelPlan {
        name: "Final de Bogotá".parse().unwrap(),
        scope,
        criteria: criteria(&[("Técnica", 60), ("Estilo", 40)]),
        window: Window::default(),
        members: members.iter().map(|member| member.id).collect(),
    }
}

async fn a_panel(store: &TestStore, members: &[&Player]) -> PanelId {
    store.create_panel(&plan(PanelScope::All, members), &Actor::terminal()).await.unwrap()
}

async fn seen(store: &TestStore, panel: PanelId, juror: &Player) -> JurorPanel {
    store.panel_for(panel, juror.id).await.unwrap().unwrap()
}

/// The sheet of a video, which only its juror's store can tell.
pub async fn key_of(store: &TestStore, panel: PanelId, juror: &Player, video: VideoId) -> String {
    let seen = seen(store, panel, juror).await;
    for line in &seen.sheets {
        let sheet = store.sheet(&seen, juror.id, &line.key).await.unwrap().unwrap();
        if sheet.video == video {
            return line.key.clone();
        }
    }
    panic!("{} has no sheet of this video", juror.first_name)
}

/// Marks in the order of the criteria; `""` is none.
pub async fn marks(
    store: &TestStore,
    panel: PanelId,
    marks: &[&str],
    intent: SheetIntent,
) -> SheetEntry {
    let panel = store.panel(panel).await.unwrap().unwrap();
    let given = panel.criteria.iter().zip(marks).filter(|(_, mark)| !mark.is_empty());
    let given = given.map(|(criterion, mark)| (criterion.id, mark.parse().unwrap()));
    let comment = "Buen ritmo".parse().unwrap();
    SheetEntry { marks: given.collect(), comment, intent }
}

async fn save(
    store: &TestStore,
    panel: PanelId,
    juror: &Player,
    video: VideoId,
    given: &[&str],
    intent: SheetIntent,
) -> Result<SheetState, SaveError> {
    let key = key_of(store, panel, juror, video).await;
    let entry = marks(store, panel, given, intent).await;
    store.save_sheet(panel, juror.id, &key, &entry, &Actor::terminal()).await
}

async fn finish(store: &TestStore, panel: PanelId, juror: &Player, video: VideoId, given: &[&str]) {
    let state = save(store, panel, juror, video, given, SheetIntent::Finish).await.unwrap();
    assert_eq!(state, SheetState::Finished);
}

async fn close(store: &TestStore, panel: PanelId) {
    store.close_panel(panel, &Actor::terminal()).await.unwrap();
}

fn half() -> JuryWeight {
    JuryWeight::from_fraction(0.5).unwrap()
}

async fn ranking(store: &TestStore, filter: &RankingFilter) -> Option<Vec<RankedPlayer>> {
    store.final_ranking(filter, half()).await.unwrap()
}

type Told<'a> = (u64, u64, &'a str, u64, Option<String>, String);

fn told(ranked: &[RankedPlayer]) -> Vec<Told<'_>> {
    let line = |one: &'_ RankedPlayer| {
        let score = one.score.unwrap();
        (score.jury.map(|jury| jury.to_string()), score.total.to_string())
    };
    ranked
        .iter()
        .map(|one| {
            let (jury, total) = line(one);
            let name = one.username.split(' ').next().unwrap();
            (one.position, one.city_position, name, one.votes, jury, total)
        })
        .collect()
}

on_each_database! {
    async fn jurors_see_the_same_videos_in_an_order_of_their_own(store: TestStore) {
        let (ana, eva, leo) =
            (store.a_player("Ana").await, store.a_juror("Eva").await, store.a_juror("Leo").await);
        let mut videos = HashSet::new();
        for _ in 0..12 {
            videos.insert(store.a_completed_video(&ana).await.id);
        }
        store.a_pending_video(&ana).await;
        let panel = a_panel(&store, &[&eva, &leo]).await;

        let order = async |juror: &Player| {
            let seen = seen(&store, panel, juror).await;
            let mut order = Vec::new();
            for line in &seen.sheets {
                order.push(store.sheet(&seen, juror.id, &line.key).await.unwrap().unwrap().video);
            }
            order
        };
        let (of_eva, of_leo) = (order(&eva).await, order(&leo).await);
        assert_eq!(of_eva, order(&eva).await, "it stays");
        assert_ne!(of_eva, of_leo);
        assert_eq!(of_eva.iter().copied().collect::<HashSet<_>>(), videos);
        let names: Vec<_> = seen(&store, panel, &eva).await.sheets.into_iter().map(|s| s.key).collect();
        assert!(videos.iter().all(|video| !names.contains(&video.to_string())));
        assert_eq!(store.panel_for(panel, ana.id).await.unwrap(), None, "she is no member");
    }

    async fn nobody_marks_a_video_of_their_own(store: TestStore) {
        let (ana, eva) = (store.a_player("Ana").await, store.a_juror("Eva").await);
        let video = store.a_completed_video(&ana).await.id;
        let own = store.a_completed_video(&eva).await.id;
        let panel = a_panel(&store, &[&eva]).await;
        let seen = seen(&store, panel, &eva).await;
        assert_eq!(seen.sheets.len(), 1);
        let sheet = store.sheet(&seen, eva.id, &seen.sheets[0].key).await.unwrap().unwrap();
        assert_eq!(sheet.video, video);
        let progress = store.panel_progress(&seen.panel).await.unwrap();
        assert_eq!(progress.jurors[0].total, 1);
        let of_own = progress.videos.iter().find(|line| line.video == own).unwrap();
        assert_eq!(of_own.expected, 0);
    }

    async fn a_sheet_is_kept_and_finished(store: TestStore) {
        let (ana, eva) = (store.a_player("Ana").await, store.a_juror("Eva").await);
        let video = store.a_completed_video(&ana).await.id;
        let panel = a_panel(&store, &[&eva]).await;
        let keep = SheetIntent::Keep;
        assert_eq!(save(&store, panel, &eva, video, &["7.5", ""], keep).await.unwrap(), SheetState::Draft);
        let missing = save(&store, panel, &eva, video, &["", ""], SheetIntent::Finish).await;
        assert!(matches!(missing, Err(SaveError::Incomplete(ids)) if ids.len() == 1));
        // The mark of before is still there.
        finish(&store, panel, &eva, video, &["", "9"]).await;
        assert_eq!(save(&store, panel, &eva, video, &["8", ""], keep).await.unwrap(), SheetState::Finished);

        let seen = seen(&store, panel, &eva).await;
        assert_eq!((seen.done(), seen.next_open(None)), (1, None));
        let sheet = store.sheet(&seen, eva.id, &seen.sheets[0].key).await.unwrap().unwrap();
        let marks: Vec<_> =
            seen.panel.criteria.iter().map(|one| sheet.marks[&one.id].to_string()).collect();
        assert_eq!((marks, sheet.comment.as_str()), (vec!["8".into(), "9".into()], "Buen ritmo"));
        assert_eq!(sheet.total.unwrap().points().to_string(), "8.40");

        let deeds = store.audit(&AuditFilter::default(), 10).await.unwrap();
        let given: Vec<_> =
            deeds.iter().filter(|deed| deed.action == Action::SCORE_GIVEN.as_str()).collect();
        assert_eq!(given.len(), 3);
        assert!(given.iter().all(|deed| deed.after.is_none()), "nobody reads marks as yet");
        close(&store, panel).await;
        let deeds = store.audit(&AuditFilter::default(), 10).await.unwrap();
        let last = deeds.iter().find(|deed| deed.action == Action::SCORE_GIVEN.as_str()).unwrap();
        assert_eq!(last.before.as_ref().unwrap()["marks"]["Técnica"], "7.5");
        assert_eq!(last.after.as_ref().unwrap()["marks"]["Técnica"], "8");
        assert!(!format!("{deeds:?}").contains("Buen ritmo"), "comments are the jury's alone");
    }

    async fn a_conflict_of_interest_takes_marks_away(store: TestStore) {
        let (ana, eva) = (store.a_player("Ana").await, store.a_juror("Eva").await);
        let video = store.a_completed_video(&ana).await.id;
        let panel = a_panel(&store, &[&eva]).await;
        finish(&store, panel, &eva, video, &["10", "10"]).await;
        let recused = save(&store, panel, &eva, video, &[], SheetIntent::Recuse).await.unwrap();
        assert_eq!(recused, SheetState::Recused);
        let late = save(&store, panel, &eva, video, &["1", "1"], SheetIntent::Finish).await;
        assert!(matches!(late, Err(SaveError::Recused)));
        let progress = store.panel_progress(&store.panel(panel).await.unwrap().unwrap()).await.unwrap();
        assert_eq!((progress.jurors[0].recused, progress.jurors[0].is_done()), (1, true));
        assert_eq!((progress.videos[0].finished, progress.videos[0].expected), (0, 0));

        let back = save(&store, panel, &eva, video, &[], SheetIntent::Return).await.unwrap();
        assert_eq!(back, SheetState::Draft);
        finish(&store, panel, &eva, video, &["4", "4"]).await;
        close(&store, panel).await;
        let panel = store.panel(panel).await.unwrap().unwrap();
        let results = store.panel_results(&panel, half()).await.unwrap().unwrap();
        assert_eq!(results[0].score().unwrap().to_string(), "4.00");
    }

    async fn a_panel_takes_marks_while_it_is_open(store: TestStore) {
        let (ana, eva) = (store.a_player("Ana").await, store.a_juror("Eva").await);
        let video = store.a_completed_video(&ana).await.id;
        let now = store.clock.now();
        let hours = |hours| Some(now + TimeDelta::hours(hours));
        let window = Window { opens_at: hours(1), closes_at: hours(3) };
        let plan = PanelPlan { window, ..plan(PanelScope::All, &[&eva]) };
        let panel = store.create_panel(&plan, &Actor::terminal()).await.unwrap();
        let keep = SheetIntent::Keep;
        let early = save(&store, panel, &eva, video, &["1", "1"], keep).await;
        assert!(matches!(early, Err(SaveError::NotOpen(PanelStage::Ahead))));
        store.clock.advance(std::time::Duration::from_hours(2));
        finish(&store, panel, &eva, video, &["5", "5"]).await;
        let as_is = store.panel(panel).await.unwrap().unwrap();
        assert_eq!(store.panel_results(&as_is, half()).await.unwrap(), None, "not before it closes");
        assert_eq!(ranking(&store, &RankingFilter::default()).await, None);
        store.clock.advance(std::time::Duration::from_hours(1));
        let late = save(&store, panel, &eva, video, &["9", "9"], keep).await;
        assert!(matches!(late, Err(SaveError::NotOpen(PanelStage::Closed))));
        assert!(store.panel_results(&as_is, half()).await.unwrap().is_some());
        assert!(ranking(&store, &RankingFilter::default()).await.is_some());
        let late = store.change_panel(panel, &plan, &Actor::terminal()).await;
        assert!(matches!(late, Err(PanelError::Closed)), "a closed one stays closed");
        let twice = store.close_panel(panel, &Actor::terminal()).await;
        assert!(matches!(twice, Err(PanelError::Closed)));
    }

    async fn what_was_marked_by_some_rules_is_not_judged_by_others(store: TestStore) {
        let (ana, eva, leo) =
            (store.a_player("Ana").await, store.a_juror("Eva").await, store.a_juror("Leo").await);
        let video = store.a_completed_video(&ana).await.id;
        let panel = a_panel(&store, &[&eva]).await;
        let actor = Actor::terminal();
        let harder = PanelPlan {
            criteria: criteria(&[("Técnica", 100)]),
            ..plan(PanelScope::All, &[&eva])
        };
        store.change_panel(panel, &harder, &actor).await.unwrap();
        save(&store, panel, &eva, video, &["7"], SheetIntent::Keep).await.unwrap();

        let easier = plan(PanelScope::All, &[&eva]);
        let refused = store.change_panel(panel, &easier, &actor).await;
        assert!(matches!(refused, Err(PanelError::ScoringBegun)));
        let elsewhere = PanelPlan { scope: PanelScope::Category("mate".into()), ..harder.clone() };
        let refused = store.change_panel(panel, &elsewhere, &actor).await;
        assert!(matches!(refused, Err(PanelError::ScoringBegun)));
        let without_eva = PanelPlan { members: BTreeSet::from([leo.id]), ..harder.clone() };
        let refused = store.change_panel(panel, &without_eva, &actor).await;
        assert!(matches!(refused, Err(PanelError::MemberHasScored(who)) if who == eva.id));

        let renamed = PanelPlan {
            name: "Gran final".parse().unwrap(),
            members: BTreeSet::from([eva.id, leo.id]),
            ..harder
        };
        store.change_panel(panel, &renamed, &actor).await.unwrap();
        let panel = store.panel(panel).await.unwrap().unwrap();
        assert_eq!((panel.name.as_str(), panel.members.len()), ("Gran final", 2));
    }

    async fn only_the_jury_sits_in_a_panel(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let refused = store.create_panel(&plan(PanelScope::All, &[&ana]), &Actor::terminal()).await;
        assert!(matches!(refused, Err(PanelError::NotJury(who)) if who == ana.id));
        assert_eq!(store.panels().await.unwrap(), [], "nothing is half done");
    }

    async fn a_panel_looks_at_its_city_or_category(store: TestStore) {
        let eva = store.a_juror("Eva").await;
        let ana = store.a_player_from("Ana", "Cali", "Colombia").await;
        let beto = store.a_player_from("Beto", "Cali", "Perú").await;
        let in_cali = store.a_completed_video(&ana).await.id;
        store.a_completed_video(&beto).await;
        let dunk = store.a_completed_video_in(&beto, "mate").await.id;
        for (scope, expected) in [
            (PanelScope::City { city: " CALI".parse().unwrap(), country: "colombia".parse().unwrap() }, in_cali),
            (PanelScope::Category("mate".into()), dunk),
        ] {
            let panel =
                store.create_panel(&plan(scope.clone(), &[&eva]), &Actor::terminal()).await.unwrap();
            let seen = seen(&store, panel, &eva).await;
            assert_eq!(seen.sheets.len(), 1, "{scope:?}");
            let sheet = store.sheet(&seen, eva.id, &seen.sheets[0].key).await.unwrap().unwrap();
            assert_eq!(sheet.video, expected);
            assert_eq!(seen.panel.scope, scope);
        }
        let among = RankingFilter { category: Some("mate".into()), ..RankingFilter::default() };
        assert_eq!(store.ranked_total(&among).await.unwrap(), 1);
        let filter = anb_store::PublicFilter {
            category: Some("mate".into()),
            limit: 10,
            ..anb_store::PublicFilter::default()
        };
        let shown = store.public_videos(&filter).await.unwrap();
        assert_eq!((shown.total, shown.items[0].category.as_deref()), (1, Some("mate")));
    }

    async fn jury_and_votes_make_the_final_ranking(store: TestStore) {
        let (eva, leo) = (store.a_juror("Eva").await, store.a_juror("Leo").await);
        let ana = store.a_player_from("Ana", "Cali", "Colombia").await;
        let beto = store.a_player_from("Beto", "Cali", "Colombia").await;
        let cami = store.a_player_from("Cami", "Lima", "Perú").await;
        let dani = store.a_player_from("Dani", "Cali", "Colombia").await;
        let first = store.a_completed_video(&ana).await.id;
        let second = store.a_completed_video(&ana).await.id;
        let of_beto = store.a_completed_video(&beto).await.id;
        let of_cami = store.a_completed_video(&cami).await.id;
        store.a_completed_video(&dani).await;
        for (voter, video) in [
            (&beto, of_cami), (&ana, of_cami), (&dani, of_cami), (&eva, of_cami),
            (&beto, first), (&cami, first), (&cami, of_beto),
        ] {
            store.vote(voter, video).await;
        }
        let panel = a_panel(&store, &[&eva, &leo]).await;
        finish(&store, panel, &eva, first, &["2", "2"]).await;
        finish(&store, panel, &eva, second, &["6", "6"]).await;
        finish(&store, panel, &leo, second, &["7", "7"]).await;
        finish(&store, panel, &eva, of_beto, &["9", "9"]).await;
        save(&store, panel, &leo, of_beto, &["0", "0"], SheetIntent::Keep).await.unwrap();
        finish(&store, panel, &eva, of_cami, &["3", "3"]).await;
        assert_eq!(ranking(&store, &RankingFilter::default()).await, None);
        close(&store, panel).await;

        let all = ranking(&store, &RankingFilter::default()).await.unwrap();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(told(&all), [
            // 0.5 × 3 + 0.5 × 10; alone in Lima.
            (1, 1, "Cami", 4, some("3.00"), "6.50".into()),
            // Ana's better video, and half of Cami's votes; in Cali she leads.
            (2, 1, "Ana", 2, some("6.50"), "5.75".into()),
            // A draft counts nowhere. In Cali, half of Ana's votes are more.
            (2, 2, "Beto", 1, some("9.00"), "5.75".into()),
            (4, 3, "Dani", 0, None, "0.00".into()),
        ]);
        let cali = RankingFilter::from_place(Some("cali"), None);
        let cali = ranking(&store, &cali).await.unwrap();
        assert_eq!(told(&cali), [
            (1, 1, "Ana", 2, some("6.50"), "8.25".into()),
            (2, 2, "Beto", 1, some("9.00"), "7.00".into()),
            (3, 3, "Dani", 0, None, "0.00".into()),
        ]);
        assert_eq!(store.final_ranking(&RankingFilter::default(), JuryWeight::NONE).await.unwrap(), None);

        let panel = store.panel(panel).await.unwrap().unwrap();
        let results = store.panel_results(&panel, half()).await.unwrap().unwrap();
        let of_second = results.iter().find(|result| result.video.id == second).unwrap();
        assert_eq!(of_second.spread().unwrap().to_string(), "1.00");
        assert_eq!(of_second.total_of(leo.id).unwrap().points().to_string(), "7.00");
        assert_eq!(results.iter().map(|result| result.place.position).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    }

    async fn two_panels_have_one_voice_each(store: TestStore) {
        let (eva, leo, ana) =
            (store.a_juror("Eva").await, store.a_juror("Leo").await, store.a_player("Ana").await);
        let video = store.a_completed_video(&ana).await.id;
        let (both, one) = (a_panel(&store, &[&eva, &leo]).await, a_panel(&store, &[&leo]).await);
        finish(&store, both, &eva, video, &["10", "10"]).await;
        finish(&store, both, &leo, video, &["8", "8"]).await;
        finish(&store, one, &leo, video, &["3", "3"]).await;
        close(&store, both).await;
        let jury = async || ranking(&store, &RankingFilter::default()).await.unwrap()[0].score.unwrap().jury;
        assert_eq!(jury().await.unwrap().to_string(), "9.00");
        close(&store, one).await;
        assert_eq!(jury().await.unwrap().to_string(), "6.00");
    }

    async fn what_goes_takes_its_scores_along(store: TestStore) {
        use anb_store::entity::{jury_scores, jury_sheets};
        use sea_orm::{EntityTrait as _, PaginatorTrait as _};
        let (ana, eva) = (store.a_player("Ana").await, store.a_juror("Eva").await);
        let (kept, gone) =
            (store.a_completed_video(&ana).await.id, store.a_completed_video(&ana).await.id);
        let panel = a_panel(&store, &[&eva]).await;
        finish(&store, panel, &eva, kept, &["5", "6"]).await;
        finish(&store, panel, &eva, gone, &["9", "9"]).await;
        store.delete_video(gone, ana.id).await.unwrap();
        assert_eq!(jury_scores::Entity::find().count(store.db().reader()).await.unwrap(), 2);

        // What a juror has given counts after the account is gone.
        store.delete_player(eva.id).await.unwrap();
        let sheets = jury_sheets::Entity::find().all(store.db().reader()).await.unwrap();
        assert_eq!((sheets.len(), sheets[0].comment.as_str()), (1, ""));
        assert_eq!(store.panel(panel).await.unwrap().unwrap().members, []);
        close(&store, panel).await;
        let ranked = ranking(&store, &RankingFilter::default()).await.unwrap();
        assert_eq!(ranked[0].score.unwrap().jury.unwrap().to_string(), "5.40");
        store.delete_player(ana.id).await.unwrap();
        assert_eq!(jury_scores::Entity::find().count(store.db().reader()).await.unwrap(), 0);
    }

    async fn a_panel_is_not_closed_under_the_pen_of_a_juror(store: TestStore) {
        let (ana, eva) = (store.a_player("Ana").await, store.a_juror("Eva").await);
        let video = store.a_completed_video(&ana).await.id;
        let panel = a_panel(&store, &[&eva]).await;
        let key = key_of(&store, panel, &eva, video).await;
        let entry = marks(&store, panel, &["7", "7"], SheetIntent::Finish).await;
        let other = store.of_another_process().await;
        let actor = Actor::system();
        let (saved, closed) = tokio::join!(
            other.save_sheet(panel, eva.id, &key, &entry, &actor),
            store.close_panel(panel, &actor),
        );
        closed.unwrap();
        let panel = store.panel(panel).await.unwrap().unwrap();
        let results = store.panel_results(&panel, half()).await.unwrap().unwrap();
        assert_eq!(saved.is_ok(), results[0].score().is_some(), "{saved:?}");
    }
}
