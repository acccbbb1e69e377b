//! Which settings of the files do not count, because something was saved.

use anb_config::{ContestDocument, contest::part_of};
use anb_store::{ContestVersion, StoreError};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::{Contest, ContestNow, change::flat};

/// More than anybody saves in one contest.
const HISTORY: u64 = 1_000;

/// A setting over which something that was saved lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// Its whole name: `showcase.cut_per_city`.
    pub key: String,
    /// As the settings say.
    pub files: Value,
    pub in_force: Value,
    /// Since when it is what it is.
    pub since: Since,
}

/// When a version was saved, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    pub number: u64,
    pub saved_at: DateTime<Utc>,
    pub saved_by_name: String,
}

impl From<&ContestVersion> for Since {
    fn from(version: &ContestVersion) -> Self {
        Self {
            number: version.number,
            saved_at: version.saved_at,
            saved_by_name: version.saved_by_name.clone(),
        }
    }
}

impl Contest {
    /// Every setting of the parts that were saved, by name; also where what was
    /// saved is what the settings say.
    ///
    /// # Errors
    /// The database does not tell.
    pub async fn saved(&self) -> Result<Vec<Saved>, StoreError> {
        let versions = self.0.store.contest_versions(HISTORY).await?;
        let files = flat(self.files());
        let known = versions.iter().map_while(|version| self.told_by(version)).collect::<Vec<_>>();
        let Some((_, latest)) = known.first() else { return Ok(Vec::new()) };
        let mut saved: Vec<_> = files.keys().chain(latest.keys()).collect();
        saved.sort_unstable();
        saved.dedup();
        let is_saved = |key: &str| has_saved(&versions[0], key);
        let value = |of: &Map<String, Value>, name: &str| of.get(name).cloned().unwrap_or_default();
        let told = saved.into_iter().filter(|name| is_saved(&key(name))).map(|name| Saved {
            key: key(name),
            files: value(&files, name),
            in_force: value(latest, name),
            since: since(&known, name),
        });
        Ok(told.collect())
    }

    /// All settings of a version; `None` when it cannot be read any more.
    fn told_by<'v>(&self, version: &'v ContestVersion) -> Option<Told<'v>> {
        let document: ContestDocument = serde_json::from_value(version.document.clone()).ok()?;
        let contest: ContestNow = self.files().with(version.number, document);
        Some((version, flat(&contest)))
    }
}

type Told<'v> = (&'v ContestVersion, Map<String, Value>);

/// The first of the latest versions that all say the same.
fn since(known: &[Told<'_>], name: &str) -> Since {
    let latest = known[0].1.get(name);
    let is_same =
        |(version, told): &&Told<'_>| told.get(name) == latest && has_saved(version, &key(name));
    let same = known.iter().take_while(is_same);
    same.last().unwrap_or(&known[0]).0.into()
}

fn has_saved(version: &ContestVersion, key: &str) -> bool {
    part_of(key).is_some_and(|part| version.document.get(part).is_some())
}

fn key(name: &str) -> String {
    if name.starts_with("jury.") { name.to_owned() } else { format!("showcase.{name}") }
}
