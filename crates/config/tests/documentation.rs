//! The schema and the reference page are what the code says. Run with
//! `UPDATE=1` to write them anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{env, fs, path::Path};

use anb_config::{Settings, Sources};

fn is_checked_in(name: &str, current: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, current).unwrap();
    }
    let checked_in = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        checked_in == current,
        "docs/{name} is out of date: run `UPDATE=1 cargo test -p anb-config --test documentation`"
    );
}

#[test]
fn the_schema_is_checked_in() {
    let schema = serde_json::to_string_pretty(&anb_config::schema()).unwrap();
    is_checked_in("settings.schema.json", &format!("{schema}\n"));
}

#[test]
fn the_reference_page_is_checked_in() {
    is_checked_in("settings.md", &anb_config::reference());
}

#[test]
fn every_setting_is_explained() {
    let page = anb_config::reference();
    assert!(page.contains("### `web.listen`") && page.contains("### `showcase.rules.min_lines`"));
    let unexplained: Vec<_> = page.lines().collect();
    let unexplained: Vec<_> = unexplained
        .windows(3)
        .filter(|lines| lines[0].starts_with("### ") && lines[2].is_empty())
        .map(|lines| lines[0])
        .collect();
    assert_eq!(unexplained, Vec::<&str>::new());
}

#[test]
fn what_is_shown_can_be_loaded_again() {
    let shown = Settings::load(&Sources::default()).unwrap().to_toml();
    let plain: Vec<_> = shown.lines().filter(|line| !line.contains("<set>")).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anb.toml");
    fs::write(&path, plain.join("\n")).unwrap();

    let again = Settings::load(&Sources { file: Some(path), ..Sources::default() }).unwrap();
    let values = |text: &str| toml::from_str::<toml::Table>(text).unwrap();
    assert_eq!(values(&again.to_toml()), values(&shown));
}

#[test]
fn what_is_shown_names_origins_and_hides_secrets() {
    let environment = vec![
        ("SECRET_KEY".into(), "correct horse battery staple, twice over".into()),
        ("DATABASE_URL".into(), "postgres://anb:swordfish@db/anb".into()),
        ("ANB_WORKER__SLOTS".into(), "2".into()),
    ];
    let loaded = Settings::load(&Sources { environment, ..Sources::default() }).unwrap();
    let shown = loaded.to_toml();

    assert!(shown.contains("slots = 2 # environment variable ANB_WORKER__SLOTS"), "{shown}");
    assert!(shown.contains("listen = \"0.0.0.0:8000\" # default"), "{shown}");
    assert!(shown.contains("secret_key = \"<set>\" # environment variable SECRET_KEY"), "{shown}");
    assert!(shown.contains("# watermark_svg is not set (ANB_MEDIA__WATERMARK_SVG)"), "{shown}");
    for text in [shown, format!("{loaded:?}")] {
        assert!(!text.contains("horse") && !text.contains("swordfish"), "{text}");
    }
}
