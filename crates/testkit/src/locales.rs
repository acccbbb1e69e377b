//! The messages of an application: there in every language, about the same
//! things everywhere, and said somewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anb_design::messages::variables;
use fluent_syntax::{ast::Entry, parser};

/// Which arguments each message takes, by id.
type Messages = BTreeMap<String, BTreeSet<String>>;

/// What a crate says (`locales`), and where it says it (`src`, `templates`).
pub struct Locales {
    crate_dir: PathBuf,
}

impl Locales {
    /// Those of the crate whose `CARGO_MANIFEST_DIR` this is.
    #[must_use]
    pub fn of(crate_dir: &str) -> Self {
        Self { crate_dir: crate_dir.into() }
    }

    /// How many messages there are.
    ///
    /// # Panics
    /// When a message is missing in a language, or takes other arguments there.
    #[must_use]
    pub fn agree(&self) -> usize {
        let (es, en) = (self.messages("es"), self.messages("en"));
        let ids = |messages: &Messages| messages.keys().cloned().collect::<BTreeSet<_>>();
        let missing: Vec<_> = ids(&es).symmetric_difference(&ids(&en)).cloned().collect();
        assert_eq!(missing, Vec::<String>::new(), "in one language only");
        for (id, arguments) in &es {
            assert_eq!(arguments, &en[id], "the arguments of {id}");
        }
        es.len()
    }

    /// Ids that are asked for somewhere and are no message.
    #[must_use]
    pub fn unknown(&self) -> Vec<String> {
        let known = self.messages("es");
        let prefixes: BTreeSet<_> =
            known.keys().filter_map(|id| id.split_once('-')).map(|(first, _)| first).collect();
        let is_id = |text: &String| {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            text.split_once('-')
                .is_some_and(|(first, rest)| prefixes.contains(first) && !rest.is_empty())
                && text.chars().all(plain)
        };
        self.quoted().into_iter().filter(is_id).filter(|id| !known.contains_key(id)).collect()
    }

    /// Messages that nobody asks for.
    #[must_use]
    pub fn unused(&self) -> Vec<String> {
        let quoted = self.quoted();
        self.messages("es").into_keys().filter(|id| !quoted.contains(id)).collect()
    }

    fn here(&self, folder: &str) -> PathBuf {
        self.crate_dir.join(folder)
    }

    fn messages(&self, language: &str) -> Messages {
        let mut messages = Messages::new();
        for (path, text) in files(&self.here("locales").join(language), ".ftl") {
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
            let file = name.replace('_', "-");
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
    fn quoted(&self) -> BTreeSet<String> {
        let sources = files(&self.here("src"), ".rs").into_iter().map(|(_, text)| text);
        let templates =
            files(&self.here("templates"), ".html").into_iter().map(|(_, text)| code_of(&text));
        sources.chain(templates).flat_map(|text| between_quotes(&text)).collect()
    }
}

/// Every file below a folder whose name ends so, with what is in it.
fn files(folder: &Path, ending: &str) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.expect("the folder can be read").path()) {
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            let text = fs::read_to_string(&path).expect("the file can be read");
            found.push((path, text));
        }
    }
    found
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
