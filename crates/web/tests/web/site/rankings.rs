//! Who leads, and who goes through.

use std::time::Duration;

use anb_testkit::{TestStore, on_each_database};

use crate::{
    site::browser::Browser,
    support::{Answer, Player, TestApp},
};

/// Names, positions as they are shown, and votes, line by line; `-` where the
/// line is drawn.
fn lines(html: &str) -> Vec<String> {
    let body = between(html, "<tbody>", "</tbody>");
    body.split("<tr").skip(1).map(line).collect()
}

fn line(row: &str) -> String {
    if row.starts_with(" class=\"cut\"") {
        return "-".into();
    }
    let position = between(row, "<span aria-hidden=\"true\">", "</span>").trim();
    let name = between(between(row, "<a href=\"/players/", "</a>"), "\">", "").trim();
    let badge = if row.contains("class=\"badge") { " *" } else { "" };
    format!("{position} {name} {}{badge}", between(row, "<b>", "</b>"))
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    if to.is_empty() { rest } else { rest.split_once(to).unwrap().0 }
}

/// Ana and Beto lead in Cali with two votes each, before Cami and Dani; Eva is
/// alone in Lima.
async fn a_contest(app: &TestApp) -> Vec<Player<'_>> {
    let mut people = Vec::new();
    for (name, city, country) in [
        ("Ana", "Cali", "Colombia"),
        ("Beto", "Cali", "Colombia"),
        ("Cami", "Cali", "Colombia"),
        ("Dani", "Cali", "Colombia"),
        ("Eva", "Lima", "Perú"),
    ] {
        people.push(app.player_from(name, city, country).await);
    }
    for (owner, voters) in [(0, &[1, 2][..]), (1, &[0, 2]), (2, &[0]), (3, &[]), (4, &[0, 1, 2])] {
        let video = people[owner].has_published("Mate").await;
        for voter in voters {
            people[*voter].votes_for(video).await.ok();
        }
    }
    people
}

async fn page(app: &TestApp, path: &str) -> String {
    app.get_in("en", path).await.ok().text()
}

fn later(app: &TestApp) {
    app.clock().advance(Duration::from_secs(3));
}

on_each_database! {
    async fn ties_share_a_position_and_all_who_tie_at_the_line_go_through(store: TestStore) {
        let app = TestApp::with(store, |settings| settings.showcase.cut_per_city = 1);
        a_contest(&app).await;
        let cali = page(&app, "/rankings?country=Colombia&city=cali").await;
        assert_eq!(
            lines(&cali),
            ["=1 Ana Ruiz 2", "=1 Beto Ruiz 2", "-", "3 Cami Ruiz 1", "4 Dani Ruiz 0"]
        );
        assert!(cali.contains("Position 1, tied") && cali.contains("Position 3<"), "{cali}");
        assert!(cali.contains("Rankings of Cali, Colombia"), "{cali}");
        // A city that only one country has needs no country.
        assert_eq!(lines(&page(&app, "/rankings?city=Cali").await).len(), 5);

        // Where cities are mixed nothing but a badge can tell.
        assert_eq!(
            lines(&page(&app, "/rankings").await),
            ["1 Eva Ruiz 3 *", "=2 Ana Ruiz 2 *", "=2 Beto Ruiz 2 *", "4 Cami Ruiz 1", "5 Dani Ruiz 0"]
        );
        let peru = page(&app, "/rankings?country=PER%C3%9A").await;
        assert_eq!(lines(&peru), ["1 Eva Ruiz 3 *"]);
    }

    async fn without_a_cut_nobody_is_told_to_go_through(store: TestStore) {
        let app = TestApp::with(store, |settings| settings.showcase.cut_per_city = 0);
        a_contest(&app).await;
        for path in ["/rankings", "/rankings?city=Cali"] {
            let html = page(&app, path).await;
            assert!(lines(&html).iter().all(|line| !line.contains(['-', '*'])), "{html}");
            assert!(!html.contains("tournament"), "{html}");
        }
    }

    async fn an_open_page_is_told_of_every_change_and_of_nothing_else(store: TestStore) {
        let app = TestApp::on(store);
        let people = a_contest(&app).await;
        let html = page(&app, "/rankings?city=Cali").await;
        let source = between(&html, "data-source=\"", "\"").replace("&amp;", "&").replace("&#38;", "&");
        let mut tag = between(&html, "data-tag=\"", "\" ").replace("&quot;", "\"").replace("&#34;", "\"");
        let ask = async |tag: &str| {
            let request = app.client.get(app.url(&source));
            let request = request.header("accept-language", "en").header("if-none-match", tag);
            Answer::to(request).await
        };
        assert_eq!(ask(&tag).await.status, 304);
        later(&app);
        let unchanged = ask(&tag).await;
        assert_eq!((unchanged.status.as_u16(), unchanged.text()), (304, String::new()));

        let video = people[3].has_published("Tapón").await;
        for voter in [0, 1, 2] {
            people[voter].votes_for(video).await.ok();
        }
        later(&app);
        let changed = ask(&tag).await.ok();
        let table = changed.text();
        assert!(!table.contains("<html") && !table.contains("<form"), "only the table: {table}");
        assert_eq!(lines(&table)[0], "1 Dani Ruiz 3");
        assert!(table.contains("data-news=\"Dani Ruiz is in first place with 3 votes.\""), "{table}");
        tag = changed.header("etag").to_owned();
        assert_eq!(ask(&tag).await.status, 304);
        assert_eq!(changed.header("cache-control"), "private, no-cache");
        assert_eq!(lines(&page(&app, "/rankings?city=Cali").await)[0], "1 Dani Ruiz 3");
    }

    async fn the_figures_tell_what_they_are_worth(store: TestStore) {
        let app = TestApp::with(store, |settings| {
            let at = |day| format!("2026-05-{day}T00:00:00Z").parse().ok();
            settings.showcase.voting.opens_at = at("02");
            settings.showcase.voting.closes_at = at("10");
            settings.showcase.results_published_at = at("20");
        });
        app.player("Ana").await.has_published("Mate").await;
        for (day, standing, said) in [
            ("01", "live", "Positions will start to move when voting opens."),
            ("05", "live", "every vote moves this table"),
            ("12", "provisional", "the result may still change"),
            ("25", "final", "These are the official results."),
        ] {
            app.clock().set(format!("2026-05-{day}T12:00:00Z").parse().unwrap());
            let html = page(&app, "/rankings").await;
            assert!(html.contains(&format!("data-standing=\"{standing}\"")), "{day}: {html}");
            assert!(html.contains(said), "{day}: {html}");
        }
        assert!(page(&app, "/rankings").await.contains("Goes to the tournament"));
    }

    async fn long_rankings_have_pages(store: TestStore) {
        let app = TestApp::with(store, |settings| settings.showcase.cut_per_city = 50);
        for number in 0..52 {
            let player = app.store.a_player_from(&format!("Ana{number:02}"), "Cali", "Colombia").await;
            app.store.a_completed_video(&player).await;
        }
        let first = page(&app, "/rankings?city=Cali").await;
        assert_eq!(lines(&first).len(), 50);
        assert!(first.contains("Page 1 of 2") && !first.contains("rel=\"prev\""), "{first}");
        let next = between(&first, "rel=\"next\" href=\"", "\"");
        assert_eq!(next, "/rankings?city=Cali&#38;page=2");

        // The tie goes on from the page before, and so nobody is left behind.
        let second = page(&app, "/rankings?city=Cali&page=2").await;
        assert_eq!(lines(&second), ["=1 Ana50 Ruiz 0", "=1 Ana51 Ruiz 0"]);
        assert!(second.contains("href=\"/rankings?city=Cali\"") && !second.contains("rel=\"next\""));
        let none = page(&app, "/rankings?page=7").await;
        assert!(none.contains("There are not that many pages"), "{none}");
        assert_eq!(page(&app, "/rankings?page=x").await.matches("<tr data-player").count(), 50);
    }
}

#[tokio::test]
async fn an_empty_ranking_says_what_to_do() {
    let app = TestApp::on(TestStore::sqlite().await);
    let empty = app.get_in("es", "/rankings").await.ok().text();
    assert!(
        empty.contains("Todavía no hay ranking") && empty.contains("href=\"/upload\""),
        "{empty}"
    );

    app.player("Ana").await.has_published("Mate").await;
    later(&app);
    let nowhere = app.get_in("es", "/rankings?city=%3Cb%3EAtl%C3%A1ntida").await.ok().text();
    assert!(nowhere.contains("Nadie de &#60;b&#62;Atlántida tiene un vídeo"), "{nowhere}");
    assert!(nowhere.contains("<option value=\"Colombia\">"), "{nowhere}");
}

#[tokio::test]
async fn players_find_themselves() {
    let app = TestApp::on(TestStore::sqlite().await);
    let people = a_contest(&app).await;
    let beto = Browser::signed_in(&people[1]).await;
    let html = beto.reads("/rankings").await;
    assert_eq!(html.matches("class=\"own\"").count(), 1, "{html}");
    assert_eq!(between(&html, "class=\"you\">", "<"), "You");
    let home = between(&html, "class=\"button quiet\" href=\"", "\"").replace("&#38;", "&");
    assert_eq!(home, "/rankings?country=Colombia&city=Cali");
    assert_eq!(lines(&beto.reads(&home).await)[1], "=1 Beto Ruiz 2");
    let nobody = page(&app, "/rankings").await;
    assert!(!nobody.contains("class=\"own\"") && !nobody.contains("See my city"), "{nobody}");
}

#[tokio::test]
async fn a_ranking_can_be_chosen_without_a_script() {
    let app = TestApp::on(TestStore::sqlite().await);
    a_contest(&app).await;
    let html = page(&app, "/rankings?country=Colombia&city=Cali").await;
    for expected in [
        "<form class=\"places\" method=\"get\" action=\"/rankings\"",
        "<option value=\"Colombia\" selected>",
        "<option value=\"Cali\" selected>",
        "<option value=\"Lima\">",
        "<button type=\"submit\">",
    ] {
        assert!(html.contains(expected), "{expected}: {html}");
    }
    let all = page(&app, "/rankings").await;
    assert!(all.contains("href=\"/rankings?country=Colombia&#38;city=Cali\""), "{all}");
    // A city of another country was chosen before the country was.
    let peru = page(&app, "/rankings?country=Per%C3%BA&city=Cali").await;
    assert_eq!(lines(&peru), ["1 Eva Ruiz 3 *"]);
}
