//! The contest as a file: written like the settings, read so that it can be put
//! in force while everything runs.

use std::path::Path;

use figment::{Figment, providers::Serialized, value::Value as Given};
use serde_json::{Value, json};

use crate::{
    ContestDocument, JurySettings, Problem, Settings, SettingsError, ShowcaseSettings, catalogue,
    contest::{self, BrandPart, part_of},
    load::together,
    source::{Assignment, file},
};

/// The number of the version from which the file was exported.
const VERSION: &str = "version";

/// A file that was read and can be, laid over what is in force: a setting that
/// it does not name stays as it is, an empty text takes one away.
#[derive(Debug, Clone)]
pub struct ContestFile {
    /// Of what it was made from, if it says so.
    pub version: Option<u64>,
    pub showcase: ShowcaseSettings,
    pub jury: JurySettings,
    /// What it names.
    keys: Vec<String>,
}

impl ContestFile {
    /// Reads the file over what is in force.
    ///
    /// # Errors
    /// Everything that is wrong with it, and on which line.
    pub fn read(
        path: &Path,
        showcase: &ShowcaseSettings,
        jury: &JurySettings,
    ) -> Result<Self, SettingsError> {
        let mut now = json!({ "showcase": showcase, "jury": jury });
        let (mut given, mut problems, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        let mut version = None;
        for assignment in file::read(path)? {
            if assignment.key == VERSION {
                version = assignment.value.deserialize().ok();
                if version.is_none() {
                    problems.push(problem(assignment, "must be the number of a version"));
                }
            } else if part_of(&assignment.key).is_none() && catalogue::is_known(&assignment.key) {
                problems.push(problem(assignment, "is no setting of the contest: files have it"));
            } else if takes_away(&assignment, &mut now) {
                keys.push(assignment.key);
            } else {
                keys.push(assignment.key.clone());
                given.push(beside(path, assignment));
            }
        }
        let base = Figment::from(Serialized::defaults(now));
        let loaded = together(base, given, problems, |settings, report| {
            settings.showcase.check(report);
            settings.jury.check(report);
        })?;
        let Settings { showcase, jury, .. } = loaded.settings;
        Ok(Self { version, showcase, jury, keys })
    }

    #[must_use]
    pub fn names(&self, key: &str) -> bool {
        self.keys.iter().any(|named| named == key)
    }

    /// What is saved in place of `now`: the parts that the file names, and
    /// `brand` if that is one of them.
    #[must_use]
    pub fn document(&self, now: &ContestDocument, brand: BrandPart) -> ContestDocument {
        let names = |part| self.keys.iter().any(|key| part_of(key) == Some(part));
        let (showcase, now) = (&self.showcase, now.clone());
        ContestDocument {
            about: names("about").then(|| showcase.into()).or(now.about),
            phases: names("phases").then(|| showcase.into()).or(now.phases),
            rules: names("rules").then(|| showcase.into()).or(now.rules),
            ranking: names("ranking").then(|| showcase.into()).or(now.ranking),
            jury: names("jury").then(|| (&self.jury).into()).or(now.jury),
            categories: names("categories").then(|| showcase.into()).or(now.categories),
            texts: names("texts").then(|| showcase.into()).or(now.texts),
            brand: names("brand").then_some(brand).or(now.brand),
        }
    }
}

fn problem(assignment: Assignment, message: &str) -> Problem {
    Problem { keys: vec![(assignment.key, assignment.origin)], message: message.to_owned() }
}

/// An empty text for what may be absent.
fn takes_away(assignment: &Assignment, now: &mut Value) -> bool {
    let defaults = serde_json::to_value(Settings::default()).unwrap_or_default();
    let pointer = format!("/{}", assignment.key.replace('.', "/"));
    let may_be_absent = defaults.pointer(&pointer).is_some_and(Value::is_null);
    let away = may_be_absent && assignment.value.as_str() == Some("");
    if let (true, Some(value)) = (away, now.pointer_mut(&pointer)) {
        *value = Value::Null;
    }
    away
}

/// Drawings lie beside the file that names them.
fn beside(path: &Path, mut assignment: Assignment) -> Assignment {
    let drawing = assignment.key.starts_with("showcase.brand.") && assignment.key.ends_with("_svg");
    if let (true, Some(name)) = (drawing, assignment.value.as_str()) {
        let folder = path.parent().unwrap_or(Path::new(""));
        assignment.value = Given::from(folder.join(name).display().to_string());
    }
    assignment
}

/// A contest as [`ContestFile::read`] reads it. Drawings are named as they lie
/// beside the file.
///
/// # Errors
/// Never for a contest that was loaded.
pub fn contest_toml(
    version: u64,
    showcase: &ShowcaseSettings,
    jury: &JurySettings,
) -> Result<String, toml::ser::Error> {
    let mut all = json!({ VERSION: version, "showcase": showcase, "jury": jury });
    if let Some(showcase) = all["showcase"].as_object_mut() {
        showcase.retain(|name, _| contest::part_of(&format!("showcase.{name}")).is_some());
    }
    toml::to_string_pretty(&written(all))
}

/// TOML has no word for what is absent.
fn written(value: Value) -> Value {
    match value {
        Value::Null => "".into(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, written(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_absent).collect(),
        value => value,
    }
}

fn without_absent(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_absent(value)))
            .collect(),
        value => value,
    }
}
