//! A panel is made, jurors score blind, an operator closes and reads.

use anb_domain::{Clock as _, Role, VideoId};
use anb_store::Player;
use anb_testkit::{TestStore, on_each_database};

use crate::{
    moderation::unzipped,
    support::{Answer, Browser, TestConsole},
};

async fn weighted(store: TestStore) -> TestConsole {
    TestConsole::with(store, |settings| settings.jury.weight = 0.5).await
}

async fn juror<'a>(console: &'a TestConsole, name: &str) -> (Player, Browser<'a>) {
    let person = console.person(name, Role::Jury).await;
    let mut browser = console.stranger();
    browser.enrols(person.email.as_str()).await.ok();
    (person, browser)
}

/// The fields of a panel of two criteria.
fn fields<'a>(members: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let fixed = [
        ("name", "Gran final"),
        ("scope", "all"),
        ("criterion", "Técnica"),
        ("weight", "60"),
        ("criterion", "Estilo"),
        ("weight", "40"),
    ];
    fixed.into_iter().chain(members.iter().map(|id| ("member", *id))).collect()
}

/// Addresses of the sheets on a juror's page, in their order.
async fn sheets(browser: &Browser<'_>, panel: &str) -> Vec<String> {
    let page = browser.get(&format!("/console/jury/score/{panel}")).await.ok().text;
    let rows = page.split("<th scope=\"row\"><a href=\"").skip(1);
    rows.map(|row| row.split('"').next().unwrap().to_owned()).collect()
}

/// Which video a sheet is about: the clip tells where it lies.
async fn video_of(browser: &Browser<'_>, sheet: &str) -> VideoId {
    let clip = browser.get(&format!("{sheet}/clip")).await;
    let link = clip.leads_to().to_owned();
    assert!(link.starts_with("http://localhost:8000/media/processed/"), "{link}");
    link.split('/').nth(5).unwrap().parse().unwrap()
}

/// Names of the fields for marks, in the order of the criteria.
fn marks(page: &Answer) -> Vec<String> {
    let text = &page.text;
    let mut names: Vec<_> = text
        .split("type=\"radio\" name=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    names.dedup();
    names
}

async fn gives(browser: &mut Browser<'_>, sheet: &str, given: [&str; 2], intent: &str) -> Answer {
    let names = marks(&browser.get(sheet).await.ok());
    let fields = [
        (names[0].as_str(), given[0]),
        (names[1].as_str(), given[1]),
        ("comment", "Buen ritmo"),
        ("intent", intent),
    ];
    browser.posts(sheet, &fields).await
}

/// The panel of an address such as `/console/jury/panels/{id}?done=…`.
fn panel_in(address: &str) -> String {
    address.split(['/', '?']).nth(4).unwrap().to_owned()
}

/// With both videos there are, before anybody has scored.
async fn makes_a_panel(operator: &mut Browser<'_>, members: [&Player; 2]) -> String {
    let members = members.map(|member| member.id.to_string());
    let members: Vec<_> = members.iter().map(String::as_str).collect();
    let made = operator.posts("/console/jury/panels", &fields(&members)).await;
    operator.get(made.leads_to()).await.ok().shows("0 of 4");
    panel_in(made.leads_to())
}

/// None of these pages says any of it.
async fn hide(browser: &Browser<'_>, pages: &[String], secrets: &[&str]) {
    for address in pages {
        let page = browser.get(address).await.ok();
        for secret in secrets {
            page.hides(secret);
        }
    }
}

/// What the export of a juror's data says of their marks.
async fn marks_kept_of(console: &TestConsole, juror: &Player) -> String {
    let alma = console.signed_in("Alma", Role::Admin).await;
    let form = alma.form(&format!("/console/players/{}/export", juror.id), &[]);
    let kept = form.header("origin", console.url("")).send().await.unwrap();
    unzipped(kept.bytes().await.unwrap().to_vec()).await.remove("jury.json").unwrap()
}

on_each_database! {
    async fn two_jurors_score_and_the_operator_reads_what_has_come_of_it(store: TestStore) {
        let console = weighted(store).await;
        let (eva, mut of_eva) = juror(&console, "Eva").await;
        let (leo, mut of_leo) = juror(&console, "Leo").await;
        let mut operator = console.operator("Olga").await;
        let ana = console.store.a_player("Ana").await;
        let beto = console.store.a_player("Beto").await;
        let first = console.store.a_completed_video_called(&ana, "Mate de Ana").await.id;
        let second = console.store.a_completed_video_called(&beto, "Triple de Beto").await.id;
        console.store.vote(&beto, first).await;

        let panel = makes_a_panel(&mut operator, [&eva, &leo]).await;
        let at = format!("/console/jury/panels/{panel}");

        let home = of_eva.get("/console/jury").await.ok();
        home.shows("Gran final");
        home.shows("0 of 2");
        let own = sheets(&of_eva, &panel).await;
        let secrets = ["Ana", "Beto", "Mate", "Triple", "vote", &first.to_string(), &second.to_string()];
        hide(&of_eva, &own, &secrets).await;
        let index = usize::from(video_of(&of_eva, &own[0]).await != first);
        let (of_first, of_second) = (&own[index], &own[1 - index]);
        let answer = gives(&mut of_eva, of_first, ["7.5", ""], "finish").await;
        assert_eq!(answer.status, 422);
        answer.shows("Marks are missing");
        answer.shows("value=\"7.5\" checked");
        answer.shows("Buen ritmo");
        assert!(gives(&mut of_eva, of_first, ["8", "6"], "finish").await.leads_to().starts_with(of_second.as_str()));
        of_eva.get("/console/jury").await.ok().shows("1 of 2");
        let done = gives(&mut of_eva, of_second, ["3", "3"], "finish").await;
        assert!(done.leads_to().contains("done=panel-finished"), "{}", done.leads_to());

        let progress = operator.get(&at).await.ok();
        progress.shows("2 of 4");
        progress.shows("leo@example.com");
        hide(&operator, std::slice::from_ref(&at), &["7.20", "3.00", "Results"]).await;
        for sheet in sheets(&of_leo, &panel).await {
            let marks = if video_of(&of_leo, &sheet).await == first { ["5", "5"] } else { ["10", "10"] };
            gives(&mut of_leo, &sheet, marks, "finish").await;
        }
        hide(&of_leo, &[format!("/console/jury/score/{panel}")], &["7.20", "Ana"]).await;
        let kept = marks_kept_of(&console, &eva).await;
        assert!(kept.contains("\"Técnica\": \"8\""), "{kept}");

        let closed = operator.posts_and_follows(&format!("{at}/close"), &[]).await.ok();
        // (7.2 + 5) / 2 and all votes; (3 + 10) / 2 and none.
        for said in ["6.10", "8.05", "6.50", "3.25", "2.20", "7.00", "Mate de Ana"] {
            closed.shows(said);
        }
        let ranking = operator.get("/console/jury/ranking").await.ok();
        ranking.shows("8.05");
        ranking.shows("Provisional: seen only here");
        let page = of_leo.get(&format!("/console/jury/score/{panel}")).await.ok();
        page.shows("Mate de Ana");
        page.shows("6.10");
        let any = sheets(&of_leo, &panel).await.remove(0);
        let late = gives(&mut of_leo, &any, ["1", "1"], "keep").await;
        assert_eq!(late.status, 409);
        late.shows("The panel is closed and takes no more marks.");
    }

    async fn what_is_typed_is_kept_while_it_is_typed(store: TestStore) {
        let console = weighted(store).await;
        let (eva, mut browser) = juror(&console, "Eva").await;
        let ana = console.store.a_player("Ana").await;
        console.store.a_completed_video(&ana).await;
        let panel = console.store.a_panel("Final", &[&eva]).await.to_string();
        let sheet = sheets(&browser, &panel).await.remove(0);
        let names = marks(&browser.get(&sheet).await.ok());
        let auto = [(names[0].as_str(), "9.5"), ("comment", "a medias"), ("intent", "keep"), ("auto", "yes")];
        assert_eq!(browser.posts(&sheet, &auto).await.status, 204);
        let page = browser.get(&sheet).await.ok();
        page.shows("value=\"9.5\" checked");
        page.shows("a medias");
        page.shows("Draft");
        let wrong = browser.posts(&sheet, &[(names[0].as_str(), "9.7"), ("comment", "otra")]).await;
        assert_eq!(wrong.status, 422);
        wrong.shows("otra");
        let long = "x".repeat(2001);
        let long = browser.posts(&sheet, &[("comment", &long)]).await;
        assert_eq!(long.status, 422);
        long.shows("at most 2,000 characters");

        let recused = browser.posts_and_follows(&sheet, &[("intent", "recuse")]).await.ok();
        recused.shows("there is no video left for you to score");
        browser.get(&sheet).await.ok().shows("You declared a conflict of interest");
        let refused = browser.posts(&sheet, &[(names[0].as_str(), "9"), ("intent", "finish")]).await;
        assert_eq!(refused.status, 409);
    }

    async fn a_panel_that_cannot_be_is_told_with_what_was_typed(store: TestStore) {
        let console = weighted(store).await;
        let (eva, mut juror) = juror(&console, "Eva").await;
        let mut operator = console.operator("Olga").await;
        let wrong = [("name", "Final"), ("scope", "city"), ("city", "Cali"), ("criterion", "Técnica"), ("weight", "70")];
        let answer = operator.posts("/console/jury/panels", &wrong).await;
        assert_eq!(answer.status, 422);
        for said in ["The weights must add up to 100.", "It must not be blank.", "value=\"Cali\"", "value=\"70\""] {
            answer.shows(said);
        }
        let id = eva.id.to_string();
        let panel = operator.posts("/console/jury/panels", &fields(&[&id])).await;
        let panel = panel_in(panel.leads_to());
        let at = format!("/console/jury/panels/{panel}");
        operator.get(&format!("{at}/edit")).await.ok().shows("value=\"Gran final\"");
        let ana = console.store.a_player("Ana").await;
        console.store.a_completed_video(&ana).await;
        let sheet = sheets(&juror, &panel).await.remove(0);
        gives(&mut juror, &sheet, ["5", "5"], "keep").await;
        let others: Vec<_> =
            fields(&[&id]).into_iter().map(|(name, value)| (name, value.replace("60", "59").replace("40", "41"))).collect();
        let others: Vec<_> = others.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = operator.posts(&at, &others).await;
        assert_eq!(refused.status, 422);
        refused.shows("Scoring has begun");
        assert_eq!(juror.get(&at).await.status, 403, "jurors lead no panels");
        assert_eq!(operator.get(&sheet).await.status, 403, "operators score nothing");
        let deeds = console.store.audit(&anb_store::AuditFilter::default(), 20).await.unwrap();
        let actions: Vec<_> = deeds.iter().map(|deed| deed.action.as_str()).collect();
        assert!(actions.contains(&"panel-created") && actions.contains(&"score-given"), "{actions:?}");
        let given = deeds.iter().find(|deed| deed.action == "score-given").unwrap();
        assert_eq!((given.actor.id, given.actor.role.as_str()), (Some(eva.id), "jury"));
        assert!(given.at <= console.store.clock.now());
    }

    async fn nobody_else_reads_a_jurors_sheet(store: TestStore) {
        let console = weighted(store).await;
        let (eva, browser) = juror(&console, "Eva").await;
        let (_, other) = juror(&console, "Leo").await;
        let ana = console.store.a_player("Ana").await;
        console.store.a_completed_video(&ana).await;
        let panel = console.store.a_panel("Final", &[&eva]).await.to_string();
        let sheet = sheets(&browser, &panel).await.remove(0);
        for path in [format!("/console/jury/score/{panel}"), sheet.clone(), format!("{sheet}/clip")] {
            assert_eq!(other.get(&path).await.status, 404, "{path}");
        }
        assert_eq!(browser.get("/console/jury/score/x/y").await.status, 404);
        let page = browser.get(&sheet).await.ok();
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("media-src 'self' blob: http://localhost:8000"), "{policy}");
    }
}
