//! Changes of a contest: checked, saved as a new version, noted with what was
//! before and after.

use std::sync::Arc;

use anb_config::{ContestDocument, ContestFault};
use anb_domain::{Action, Subject};
use anb_store::{Actor, CategoryUse, Deed, SaveContestError, StoreError};
use serde_json::{Map, Value};
use thiserror::Error;

use crate::{Contest, ContestNow};

/// Drawings are long; the log says that there is one, and which.
const LONGEST: usize = 2_000;

/// Why a change is not made.
#[derive(Debug, Error)]
pub enum ChangeError {
    /// Somebody else has saved meanwhile.
    #[error("somebody else has changed the contest meanwhile")]
    Stale,
    /// The contest cannot be like this.
    #[error("{}", sentences(.0))]
    Impossible(Vec<ContestFault>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn sentences(faults: &[ContestFault]) -> String {
    let told =
        faults.iter().map(|fault| format!("{}: {}", fault.keys().join(", "), fault.sentence()));
    told.collect::<Vec<_>>().join("; ")
}

impl From<SaveContestError> for ChangeError {
    fn from(error: SaveContestError) -> Self {
        match error {
            SaveContestError::Stale => Self::Stale,
            SaveContestError::Store(error) => Self::Store(error),
        }
    }
}

impl Contest {
    /// Puts `document` in force in place of version `base`.
    ///
    /// # Errors
    /// Nothing has changed; why.
    pub async fn change(
        &self,
        actor: &Actor,
        base: u64,
        document: ContestDocument,
    ) -> Result<Arc<ContestNow>, ChangeError> {
        let before = self.latest().await?;
        if before.number != base {
            return Err(ChangeError::Stale);
        }
        let after = self.files().with(base + 1, document);
        let faults = self.faults(&before, &after).await?;
        if !faults.is_empty() {
            return Err(ChangeError::Impossible(faults));
        }
        let json = serde_json::to_value(&after.document).unwrap_or_default();
        self.0.store.save_contest(actor, base, &json, deed(&before, &after)).await?;
        Ok(self.keep(after))
    }

    /// Everything that speaks against `after` in place of `before`: what is
    /// impossible, and categories that would go with what is in them.
    ///
    /// # Errors
    /// The database does not tell.
    pub async fn faults(
        &self,
        before: &ContestNow,
        after: &ContestNow,
    ) -> Result<Vec<ContestFault>, StoreError> {
        let mut faults = after.faults();
        let stays = |id: &str| after.categories.iter().any(|category| category.id == id);
        for category in before.categories.iter().filter(|category| !stays(&category.id)) {
            let CategoryUse { videos, panels } = self.0.store.category_use(&category.id).await?;
            if videos + panels > 0 {
                let id = category.id.clone();
                faults.push(ContestFault::CategoryInUse { id, videos, panels });
            }
        }
        Ok(faults)
    }
}

fn deed(before: &ContestNow, after: &ContestNow) -> Deed {
    let brand = before.document.brand != after.document.brand;
    let action = if brand { Action::BRAND_CHANGED } else { Action::CONTEST_CHANGED };
    let (mut old, mut new) = (Map::new(), Map::new());
    for (name, was, is) in differences(before, after) {
        old.insert(name.clone(), shortened(was));
        new.insert(name, shortened(is));
    }
    let number = |of: &mut Map<String, Value>, number: u64| {
        of.insert("version".to_owned(), number.into());
    };
    number(&mut old, before.number);
    number(&mut new, after.number);
    Deed::new(action, Subject::only("contest")).before(old.into()).after(new.into())
}

fn shortened(value: Value) -> Value {
    match value {
        Value::String(text) if text.len() > LONGEST => {
            let head: String = text.chars().take(200).collect();
            format!("{head}… ({} bytes)", text.len()).into()
        }
        value => value,
    }
}

/// What differs: the name of a setting, and both values.
#[must_use]
pub fn differences(before: &ContestNow, after: &ContestNow) -> Vec<(String, Value, Value)> {
    let (before, after) = (flat(before), flat(after));
    let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let value = |of: &Map<String, Value>, name: &str| of.get(name).cloned().unwrap_or_default();
    names
        .into_iter()
        .map(|name| (name.clone(), value(&before, name), value(&after, name)))
        .filter(|(_, before, after)| before != after)
        .collect()
}

/// Every setting under its whole name.
pub(crate) fn flat(contest: &ContestNow) -> Map<String, Value> {
    let mut all = serde_json::to_value(&**contest).unwrap_or_default();
    if let Some(fields) = all.as_object_mut() {
        let brand = serde_json::to_value(contest.brand_part()).unwrap_or_default();
        fields.insert("brand".to_owned(), brand);
        let jury = serde_json::to_value(&contest.jury).unwrap_or_default();
        fields.insert("jury".to_owned(), jury);
    }
    let mut leaves = Map::new();
    flatten(String::new(), all, &mut leaves);
    leaves
}

fn flatten(name: String, value: Value, leaves: &mut Map<String, Value>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                let name = if name.is_empty() { field } else { format!("{name}.{field}") };
                flatten(name, value, leaves);
            }
        }
        Value::Null => {}
        value => {
            leaves.insert(name, value);
        }
    }
}
