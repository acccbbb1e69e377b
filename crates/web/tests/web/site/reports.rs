//! The report of a video, as a form.

use anb_domain::{Reason, Ruling};
use anb_store::Actor;
use anb_testkit::{TestStore, on_each_database};

use crate::{site::browser::Browser, support::TestApp};

on_each_database! {
    async fn a_visitor_reports_from_the_page_of_the_video(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let video = ana.has_published("Mate").await;
        let (page, report) = (format!("/videos/{video}"), format!("/videos/{video}/report"));
        let mut nobody = Browser::new(&app);
        nobody.language = "es";
        assert!(nobody.reads(&page).await.contains(&format!("href=\"{report}\"")));
        let form = nobody.reads(&report).await;
        assert!(form.contains("Reportar este vídeo") && form.contains("Es ofensivo"), "{form}");

        let fields = [("reason", "offensive"), ("note", "Insulta al final")];
        let html = nobody.posts_and_follows(&report, &fields).await.ok().text();
        assert!(html.contains("Gracias. Alguien del concurso lo revisará."), "{html}");
        let again = nobody.posts_and_follows(&report, &fields).await.ok().text();
        assert!(again.contains("Ya reportaste este vídeo."), "{again}");
        let open = app.store.reported_videos(10, 0).await.unwrap().items;
        assert_eq!(open[0].reports.len(), 1);
        assert_eq!(open[0].reports[0].note, "Insulta al final");
    }

    async fn without_a_reason_what_was_typed_stays(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let video = ana.has_published("Mate").await;
        let report = format!("/videos/{video}/report");
        let mut nobody = Browser::new(&app);
        let answer = nobody.posts(&report, &[("note", "That is my brother")]).await;
        assert_eq!(answer.status, 400);
        let html = answer.text();
        assert!(html.contains("That is my brother") && html.contains("id=\"reason-error\""), "{html}");
        assert_eq!(app.store.reported_total().await.unwrap(), 0);
    }

    async fn a_form_on_another_site_reports_nothing(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let video = ana.has_published("Mate").await;
        let browser = Browser::new(&app);
        let form = browser.form(&format!("/videos/{video}/report"), &[("reason", "other")]);
        let answer = form.header("origin", "https://elsewhere.example").send().await.unwrap();
        assert_eq!(answer.status(), 403);
        assert_eq!(app.store.reported_total().await.unwrap(), 0);
    }

    async fn its_owner_reads_why_a_video_is_not_public(store: TestStore) {
        let app = TestApp::on(store);
        let ana = app.player("Ana").await;
        let video = ana.has_published("Mate").await;
        let mut browser = Browser::signed_in(&ana).await;
        browser.language = "es";
        let reason: Reason = "Sale otra persona".parse().unwrap();
        let actor = Actor::terminal();
        app.store.rule(&actor, video, Ruling::Unpublish, Some(&reason)).await.unwrap();
        let html = browser.reads("/me/videos").await;
        assert!(html.contains("Sale otra persona"), "{html}");
        assert_eq!(browser.get(&format!("/videos/{video}")).await.status, 404);
    }
}
