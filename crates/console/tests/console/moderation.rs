//! What awaits approval, what the public reports, and who is erased.

use std::collections::BTreeMap;

use anb_blob::BlobStore as _;
use anb_domain::{Action, Approval, ReportReason, Role, VideoId, Visibility, keys::KeyLayout};
use anb_store::{AuditFilter, NewReport, PublishedResult};
use anb_testkit::{TestStore, on_each_database, published};
use async_zip::base::read::mem::ZipFileReader;
use futures::{StreamExt as _, stream};

use crate::support::{PASSWORD, TestConsole};

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
        // It can be watched right there.
        let result = format!("http://localhost:8000/media/processed/{one}/1/");
        list.shows(&format!("src=\"{result}video.mp4?"));
        list.shows(&format!("poster=\"{result}poster"));
        let policy = list.header("content-security-policy");
        assert!(policy.contains("media-src 'self' blob: http://localhost:8000"), "{policy}");
        olga.get("/console").await.ok().shows("2 videos await approval");

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
        page.shows(&format!("src=\"http://localhost:8000/media/processed/{video}/1/video.mp4?"));
        olga.get("/console").await.ok().shows("1 reported video");
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

    async fn a_disqualified_video_keeps_its_votes(store: TestStore) {
        let console = TestConsole::on(store).await;
        let (ana, beto) = (console.store.a_player("Ana").await, console.store.a_player("Beto").await);
        let video = console.store.a_completed_video(&ana).await.id;
        console.store.vote(&beto, video).await;
        let mut olga = console.operator("Olga").await;
        let id = video.to_string();
        let fields = [("ruling", "disqualify"), ("video", id.as_str()), ("reason", "Not own")];
        olga.posts_and_follows("/console/moderation", &fields).await.ok().shows("Done: 1 video.");
        assert_eq!(console.store.public_video(video).await.unwrap(), None);
        // Somebody was faster: nothing is done twice.
        olga.posts_and_follows("/console/moderation", &fields).await.ok().hides("Done: 1 video.");
        olga.get("/console/moderation?show=disqualified").await.ok().shows("<q>Not own</q>");

        let fields = [("ruling", "reinstate"), ("video", id.as_str())];
        olga.posts_and_follows("/console/moderation", &fields).await.ok().shows("Done: 1 video.");
        assert!(console.store.public_video(video).await.unwrap().is_some());
        assert_eq!(console.store.video(video).await.unwrap().unwrap().votes, 1);
        let alma = console.signed_in("Alma", Role::Admin).await;
        let log = alma.get("/console/audit?action=video-disqualified").await.ok();
        assert_eq!(log.text.matches("<q class=\"small\">Not own</q>").count(), 1, "{}", log.text);
    }

    async fn unpublishing_settles_the_reports(store: TestStore) {
        let console = TestConsole::on(store).await;
        let ana = console.store.a_player("Ana").await;
        let video = console.store.a_completed_video(&ana).await.id;
        let report = NewReport {
            video,
            reporter: Some(ana.id),
            visitor: "network a".into(),
            reason: ReportReason::Offensive,
            note: None,
        };
        console.store.report_video(report).await.unwrap();
        let mut olga = console.operator("Olga").await;
        let id = video.to_string();
        let fields = [("ruling", "unpublish"), ("video", id.as_str()), ("reason", "Offends")];
        olga.posts_and_follows("/console/moderation", &fields).await.ok();
        assert_eq!(console.store.reported_total().await.unwrap(), 0);
        assert_eq!(seen(&console, video).await, Visibility::Hidden);
        olga.get("/console").await.ok().hides("reported video");
    }

    async fn who_is_signed_out_everywhere_signs_in_again(store: TestStore) {
        let console = TestConsole::on(store).await;
        let olga = console.operator("Olga").await;
        let mut alma = console.signed_in("Alma", Role::Admin).await;
        let email = "olga@example.com".parse().unwrap();
        let id = console.store.player_by_email(&email).await.unwrap().unwrap().id;
        alma.posts_and_follows(&format!("/console/players/{id}/sessions"), &[]).await.ok();
        assert_eq!(olga.get("/console/moderation").await.status, 303);
        let player = console.store.player(id).await.unwrap().unwrap();
        assert!(player.sessions_revoked_at.is_some(), "the site and the API ask for this");
    }

    async fn a_role_is_changed_and_noted_once(store: TestStore) {
        let console = TestConsole::on(store).await;
        let ana = console.store.a_player("Ana").await;
        let mut alma = console.signed_in("Alma", Role::Admin).await;
        let role = format!("/console/players/{}/role", ana.id);
        alma.posts_and_follows(&role, &[("role", "jury")]).await.ok();
        assert_eq!(console.store.player(ana.id).await.unwrap().unwrap().role, Role::Jury);
        let filter = AuditFilter {
            action: Some(Action::ROLE_GRANTED),
            subject_id: Some(ana.id.to_string()),
            ..AuditFilter::default()
        };
        let noted = console.store.audit(&filter, 10).await.unwrap();
        assert_eq!(noted.len(), 1);
        assert_eq!(noted[0].actor.name, "Alma Ruiz");
    }

    async fn all_that_is_kept_of_a_player_fits_in_an_archive(store: TestStore) {
        let console = TestConsole::on(store).await;
        let (ana, beto) = (console.store.a_player("Ana").await, console.store.a_player("Beto").await);
        let own = console.store.a_completed_video(&ana).await.id;
        let other = console.store.a_completed_video_called(&beto, "Tapón").await.id;
        console.store.vote(&ana, other).await;
        for (video, bytes) in [(own, "of Ana"), (other, "of Beto")] {
            let source = stream::once(async move { Ok(bytes.into()) }).boxed();
            let key = KeyLayout::default().original(video);
            console.blobs.put(&key, "video/mp4", source).await.unwrap();
        }
        let alma = console.signed_in("Alma", Role::Admin).await;
        let form = alma.form(&format!("/console/players/{}/export", ana.id), &[]);
        let answer = form.header("origin", console.url("")).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "application/zip");
        let files = unzipped(answer.bytes().await.unwrap().to_vec()).await;

        assert_eq!(files[&format!("originals/{own}")], "of Ana");
        assert!(files["profile.json"].contains("ana@example.com"));
        assert!(files["votes.json"].contains(&other.to_string()));
        assert!(files["videos.json"].contains("Triple desde el logo"));
        assert_eq!(files["jury.json"], "[]\n");
        let all = files.values().cloned().collect::<String>();
        for not_hers in ["beto", "of Beto", "Tapón", "alma", PASSWORD, "argon2"] {
            assert!(!all.contains(not_hers), "{not_hers} is in {all}");
        }
    }
}

/// The files of an archive, by name.
pub async fn unzipped(archive: Vec<u8>) -> BTreeMap<String, String> {
    let archive = ZipFileReader::new(archive).await.unwrap();
    let mut files = BTreeMap::new();
    for index in 0..archive.file().entries().len() {
        let name = archive.file().entries()[index].filename().as_str().unwrap().to_owned();
        let mut text = String::new();
        let mut entry = archive.reader_with_entry(index).await.unwrap();
        entry.read_to_string_checked(&mut text).await.unwrap();
        files.insert(name, text);
    }
    files
}
