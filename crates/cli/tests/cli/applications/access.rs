//! Every row of the table of access, tried by everybody, about their own things
//! and about those of others.

use std::{process::Command, time::Duration};

use anb_domain::Role;
use anb_http::access::{Application, Rule, TABLE, Visitor};
use anb_testkit::Postgres;
use reqwest::Method;

use crate::applications::{
    answers::{between, lets_in},
    people::Person,
    showcase::{Showcase, without_limits},
    things::{Shared, Things, address},
};

/// Where they stand among those who try.
const NOBODY: usize = 0;
const JULIA: usize = 3;
const JULIO: usize = 4;

/// Whether somebody was let in at a row.
struct Seen {
    rule: &'static Rule,
    visitor: Visitor,
    /// Whether it was about their own things.
    own: bool,
    let_in: bool,
}

/// What a table promises about a row: whether this visitor is let in.
type Promise<'p> = &'p dyn Fn(&Rule, Visitor, bool) -> bool;

fn promised(rule: &Rule, visitor: Visitor, own: bool) -> bool {
    rule.who.includes(visitor) && (own || !rule.own)
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else_on_sqlite() {
    everybody_is_as_promised(Vec::new()).await;
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else_on_postgresql() {
    everybody_is_as_promised(vec![("DATABASE_URL", Postgres::fresh_database().await)]).await;
}

async fn everybody_is_as_promised(mut settings: Vec<(&'static str, String)>) {
    settings.extend(without_limits());
    let showcase = Showcase::with(settings);
    let seen = everybody_tries_everything(&showcase).await;

    assert_eq!(differences(&seen, &promised), Vec::<String>::new());
    the_walk_would_notice_any_other_table(&seen);
}

/// The same people at every row of a table that differs in one place.
fn the_walk_would_notice_any_other_table(seen: &[Seen]) {
    for changed in TABLE {
        for who in Visitor::ALL {
            let other = |rule: &Rule, visitor, own| {
                let flipped = rule == changed && visitor == who && (own || !rule.own);
                promised(rule, visitor, own) != flipped
            };
            assert_ne!(differences(seen, &other).len(), 0, "{who} at {changed:?}");
        }
        let anybodys = |rule: &Rule, visitor, own| promised(rule, visitor, own || rule == changed);
        assert_eq!(differences(seen, &anybodys).is_empty(), !changed.own, "{changed:?}");
    }
}

/// Where people met something else than was promised.
fn differences(seen: &[Seen], promise: Promise<'_>) -> Vec<String> {
    let broken = seen.iter().filter(|one| promise(one.rule, one.visitor, one.own) != one.let_in);
    let told = broken.map(|Seen { rule, visitor, own, let_in }| {
        let (verb, whose) = (
            if *let_in { "gets in" } else { "is refused" },
            if *own { "their own" } else { "another's" },
        );
        format!(
            "{visitor} {verb} at {:?} {} {} ({whose})",
            rule.application, rule.method, rule.path
        )
    });
    told.collect()
}

async fn everybody_tries_everything(showcase: &Showcase) -> Vec<Seen> {
    let mut people = Vec::new();
    for (name, role) in [
        ("Pablo", Role::Player),
        ("Otto", Role::Player),
        ("Julia", Role::Jury),
        ("Julio", Role::Jury),
        ("Olga", Role::Operator),
        ("Adela", Role::Admin),
    ] {
        people.push(Person::new(showcase, name, role).await);
    }
    let shared = they_get_things(&mut people).await;
    people.insert(NOBODY, Person::anonymous(showcase));
    let mut seen = Vec::new();
    for rule in in_order() {
        for (place, person) in people.iter().enumerate() {
            let others = &people[if place == JULIA { JULIO } else { JULIA }].things;
            let own = if place == NOBODY { others } else { &person.things };
            seen.push(tries(person, rule, (own, true), &shared).await);
            if rule.own {
                seen.push(tries(person, rule, (others, false), &shared).await);
            }
        }
    }
    seen
}

/// What ends a session or an account comes last; the page that ends an account
/// asks for a password first, and is not told it.
fn in_order() -> Vec<&'static Rule> {
    let last = |rule: &&Rule| match (&rule.method, rule.path) {
        (&Method::DELETE, "/api/auth/me") => 4,
        (&Method::DELETE, _) => 3,
        (_, "/console/sign-out") => 2,
        (_, "/console/account/sessions") => 1,
        _ => 0,
    };
    let mut rules: Vec<_> = TABLE.iter().collect();
    rules.sort_by_key(last);
    rules
}

async fn tries(
    person: &Person<'_>,
    rule: &'static Rule,
    (things, own): (&Things, bool),
    shared: &Shared,
) -> Seen {
    let path = address(rule, things, shared);
    let request = person.asks(rule.application, rule.method.clone(), &path);
    let request = match (&rule.method, rule.path) {
        (&Method::GET, _) => request,
        (_, path) if path.starts_with("/api/") => request.json(&serde_json::json!({})),
        // Whatever else a form asks for, only who may send it is told so.
        _ => request.form(&[("action", "cast")]),
    };
    let answer = request.send().await.unwrap();
    Seen { rule, visitor: person.visitor, own, let_in: lets_in(rule, &answer) }
}

/// Everybody has a published video with a vote, an upload under way and a
/// session, and each juror a panel.
async fn they_get_things(people: &mut [Person<'_>]) -> Shared {
    let clip = clip();
    for person in people.iter_mut() {
        person.things.video = person.uploads(clip.clone()).await;
        (person.things.upload, _) = person.begins_an_upload().await;
    }
    let (pablo, admin) = (&people[0], &people[5]);
    let shown = people[1].uploads(clip).await;
    let all = people.len() + 1;
    while pablo.json("/api/public/videos").await.as_array().unwrap().len() < all {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for (place, person) in people.iter().enumerate() {
        let video = &people[(place + 1) % people.len()].things.video;
        let vote = format!("/api/public/videos/{video}/vote");
        let voted = person.asks(Application::Public, Method::POST, &vote).send().await.unwrap();
        assert_eq!(voted.status(), 200, "{}", voted.text().await.unwrap());
    }
    let own = pablo.json(&format!("/api/videos/{}", pablo.things.video)).await.to_string();
    let front = pablo.reads(Application::Public, "/").await;
    let console = admin.reads(Application::Console, "/console").await;
    let named = |page: &str, prefix: &str| format!("{prefix}{}", between(page, prefix, "\""));
    let shared = Shared {
        video: shown,
        player: pablo.id.clone(),
        asset: named(&front, "/assets/"),
        brand: named(&front, "/brand/"),
        docs: "/docs/index.css".to_owned(),
        console_asset: named(&console, "/console/assets/"),
        console_brand: named(&console, "/console/brand/"),
        video_link: named(&own, "/media/"),
        part_link: pablo.begins_an_upload().await.1,
    };
    for place in [2, 3, 0, 1, 4, 5] {
        // Nobody else has one: they try that of the first juror.
        let (panel, sheet) = match people[place].visitor {
            Visitor::As(Role::Jury) => gets_a_panel(&people[place], &people[5]).await,
            _ => (people[2].things.panel.clone(), people[2].things.sheet.clone()),
        };
        (people[place].things.panel, people[place].things.sheet) = (panel, sheet);
    }
    shared
}

async fn gets_a_panel(juror: &Person<'_>, admin: &Person<'_>) -> (String, String) {
    let fields = [
        ("name", "Gran final"),
        ("scope", "all"),
        ("criterion", "Técnica"),
        ("weight", "60"),
        ("criterion", "Estilo"),
        ("weight", "40"),
        ("member", juror.id.as_str()),
    ];
    let made = admin.posts(Application::Console, "/console/jury/panels", &fields).await;
    assert_eq!(made.status(), 303, "{}", made.text().await.unwrap());
    let home = juror.reads(Application::Console, "/console/jury").await;
    let panel = between(&home, "/console/jury/score/", "\"").to_owned();
    let scores = format!("/console/jury/score/{panel}/");
    let page = juror.reads(Application::Console, &scores).await;
    (panel, between(&page, &scores, "\"").to_owned())
}

/// Ten pictures, quickly worked on.
pub fn clip() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let clip = folder.path().join("clip.mp4");
    let drawn = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10:duration=1"])
        .args(["-pix_fmt", "yuv420p"])
        .arg(&clip)
        .status();
    assert!(drawn.unwrap().success());
    std::fs::read(clip).unwrap()
}
