//! Every message is there in every language, takes the same arguments
//! everywhere, and is said somewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anb_design::messages::variables;
use fluent_syntax::{ast::Entry, parser};

/// Which arguments each message takes, by id.
type Messages = BTreeMap<String, BTreeSet<String>>;

fn here(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// Every file below a folder whose name ends so, with what is in it.
fn files(folder: &Path, ending: &str) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found = Vec::new();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

fn messages(language: &str) -> Messages {
    let mut messages = Messages::new();
    for (path, text) in files(&here("locales").join(language), ".ftl") {
        let file = path.file_stem().unwrap().to_str().unwrap().replace('_', "-");
        let resource = parser::parse(text.as_str())
            .unwrap_or_else(|(_, faults)| panic!("{}: {faults:?}", path.display()));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let id = message.id.name.to_owned();
            assert!(file == "common" || id.starts_with(&format!("{file}-")), "{id} in {file}");
            let pattern = message.value.expect("a message says something");
            let arguments = variables(&pattern).into_iter().map(str::to_owned).collect();
            assert!(messages.insert(id.clone(), arguments).is_none(), "{id} is said twice");
        }
    }
    messages
}

/// Every text between quotes in templates and sources.
fn quoted() -> BTreeSet<String> {
    let sources = files(&here("src"), ".rs").into_iter().map(|(_, text)| text);
    let templates = files(&here("templates"), ".html").into_iter().map(|(_, text)| code_of(&text));
    sources.chain(templates).flat_map(|text| between_quotes(&text)).collect()
}

/// What stands between `{{` and `}}`, or `{%` and `%}`.
fn code_of(template: &str) -> String {
    let parts = template.split(['{', '}']);
    parts.filter(|part| part.starts_with('%') || part.contains("frame.")).collect()
}

fn between_quotes(text: &str) -> Vec<String> {
    let plain = text.replace("'\"'", "").replace("\\\"", "");
    plain.split('"').map(str::to_owned).collect()
}

#[test]
fn both_languages_say_the_same_messages_about_the_same_things() {
    let (es, en) = (messages("es"), messages("en"));
    assert!(es.len() > 100, "{}", es.len());
    let ids = |messages: &Messages| messages.keys().cloned().collect::<BTreeSet<_>>();
    let missing: Vec<_> = ids(&es).symmetric_difference(&ids(&en)).cloned().collect();
    assert_eq!(missing, Vec::<String>::new(), "in one language only");
    for (id, arguments) in &es {
        assert_eq!(arguments, &en[id], "the arguments of {id}");
    }
}

#[test]
fn every_message_that_is_asked_for_exists() {
    let known = messages("es");
    let prefixes: BTreeSet<_> =
        known.keys().filter_map(|id| id.split_once('-')).map(|(first, _)| first).collect();
    let is_id = |text: &&String| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        text.split_once('-')
            .is_some_and(|(first, rest)| prefixes.contains(first) && !rest.is_empty())
            && text.chars().all(plain)
    };
    let quoted = quoted();
    let unknown: Vec<_> =
        quoted.iter().filter(is_id).filter(|id| !known.contains_key(*id)).collect();
    assert_eq!(unknown, Vec::<&String>::new());
}

#[test]
fn every_message_is_said_somewhere() {
    let quoted = quoted();
    let unused: Vec<_> = messages("es").into_keys().filter(|id| !quoted.contains(id)).collect();
    assert_eq!(unused, Vec::<String>::new());
}
