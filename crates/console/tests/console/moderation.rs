//! What awaits approval, what the public reports, and who is erased.

use anb_domain::{Approval, ReportReason, Role, VideoId, Visibility};
use anb_store::{NewReport, PublishedResult};
use anb_testkit::{TestStore, on_each_database, published};

use crate::support::TestConsole;

async fn awaiting(console: &TestConsole, title: &str) -> VideoId {
    let video = console.pending_video(title).await;
    let claim = console.store.claimed(video.id).await;
    let result = PublishedResult { approval: Approval::All, ..published() };
    assert!(console.store.publish(&claim, result).await.unwrap());
    video.id
}

async fn seen(console: &TestConsole, video: VideoId) -> Visibility {
    console.store.video(video).await.unwrap().unwrap().visibility
}

on_each_database! {
    async fn what_awaits_approval_is_approved_and_undone(store: TestStore) {
        let console = TestConsole::on(store).await;
        let (one, two) = (awaiting(&console, "Mate").await, awaiting(&console, "Triple").await);
        let mut olga = console.operator("Olga").await;
        let list = olga.get("/console/moderation").await.ok();
        list.shows("Mate");
        list.shows("Triple");

        let (first, second) = (one.to_string(), two.to_string());
        let both = [("ruling", "publish"), ("video", &first), ("video", &second)];
        let done = olga.posts("/console/moderation", &both).await;
        let page = olga.get(done.leads_to()).await.ok();
        page.shows("Done: 2 videos.");
        assert_eq!(seen(&console, one).await, Visibility::Public);

        let undo = [("video", first.as_str()), ("video", &second)];
        olga.posts_and_follows("/console/moderation/undo", &undo).await.ok().shows("Undone: 2 videos.");
        assert_eq!(seen(&console, two).await, Visibility::Awaiting);
    }

    async fn a_reason_is_asked_for(store: TestStore) {
        let console = TestConsole::on(store).await;
        let video = awaiting(&console, "Mate").await;
        let mut olga = console.operator("Olga").await;
        let id = video.to_string();
        let fields = [("ruling", "unpublish"), ("video", id.as_str())];
        let asked = olga.posts("/console/moderation", &fields).await;
        assert_eq!(asked.status, 422);
        asked.shows("Write a reason");
        assert_eq!(seen(&console, video).await, Visibility::Awaiting);
        let fields = [("ruling", "unpublish"), ("video", id.as_str()), ("reason", "Blurred")];
        olga.posts_and_follows("/console/moderation", &fields).await.ok().shows("Done: 1 video.");
        assert_eq!(seen(&console, video).await, Visibility::Hidden);
    }

    async fn reports_are_read_and_settled(store: TestStore) {
        let console = TestConsole::on(store).await;
        let ana = console.store.a_player("Ana").await;
        let video = console.store.a_completed_video(&ana).await.id;
        for visitor in ["network a", "network b"] {
            let report = NewReport {
                video,
                reporter: None,
                visitor: visitor.into(),
                reason: ReportReason::WrongPerson,
                note: Some("That is my <brother>".parse().unwrap()),
            };
            console.store.report_video(report).await.unwrap();
        }
        assert_eq!(seen(&console, video).await, Visibility::Public, "a report hides nothing");
        let mut olga = console.operator("Olga").await;
        let page = olga.get("/console/reports").await.ok();
        page.shows("2 reports");
        page.shows("That is my &#60;brother&#62;");
        let id = video.to_string();
        let unexplained = olga.posts("/console/reports/dismiss", &[("video", &id)]).await;
        assert_eq!(unexplained.status, 422);
        let fields = [("video", id.as_str()), ("reason", "It is she")];
        olga.posts_and_follows("/console/reports/dismiss", &fields).await.ok().shows("2 reports dismissed.");
        assert_eq!(console.store.reported_total().await.unwrap(), 0);
    }

    async fn only_admins_erase_and_the_last_one_stays(store: TestStore) {
        let console = TestConsole::on(store).await;
        let ana = console.store.a_player("Ana").await;
        let video = console.store.a_completed_video(&ana).await.id;
        let mut olga = console.operator("Olga").await;
        let page = format!("/console/players/{}", ana.id);
        olga.get("/console/players?q=ANA+bogot%C3%A1").await.ok().shows("ana@example.com");
        olga.get(&page).await.ok().hides("Erase for good");
        let erase = format!("{page}/erase");
        let fields = [("confirm", "ana@example.com"), ("reason", "asked for it")];
        assert_eq!(olga.posts(&erase, &fields).await.status, 403);

        let mut alma = console.signed_in("Alma", Role::Admin).await;
        assert_eq!(alma.posts(&erase, &[("confirm", "ana"), ("reason", "x")]).await.status, 422);
        alma.posts_and_follows(&erase, &fields).await.ok().shows("The account is erased");
        assert_eq!(console.store.player(ana.id).await.unwrap(), None);
        assert_eq!(console.store.public_video(video).await.unwrap(), None);

        let own = console.store.player_by_email(&"alma@example.com".parse().unwrap()).await;
        let role = format!("/console/players/{}/role", own.unwrap().unwrap().id);
        assert_eq!(alma.posts(&role, &[("role", "player")]).await.status, 409);
    }
}
