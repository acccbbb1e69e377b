//! What a deed has changed: each value that is not what it was.

use std::collections::{BTreeMap, BTreeSet};

use anb_domain::{Role, VideoStatus};
use serde_json::Value;

use crate::{frame::Frame, words};

/// Names of values that are worth a word; the others are told as they are
/// called.
const NAMES: &[(&str, &str)] = &[
    ("active", "audit-value-active"),
    ("attempt", "audit-value-attempt"),
    ("console_sessions_ended", "audit-value-sessions-ended"),
    ("failure.code", "audit-value-failure"),
    ("format", "audit-value-format"),
    ("left", "audit-value-left"),
    ("letters", "audit-value-letters"),
    ("name", "audit-value-name"),
    ("open", "audit-value-open"),
    ("retried", "audit-value-retried"),
    ("role", "audit-value-role"),
    ("rows", "audit-value-rows"),
    ("scope", "audit-value-scope"),
    ("state", "audit-value-state"),
    ("status", "audit-value-status"),
    ("tries", "audit-value-tries"),
    ("videos", "audit-value-videos"),
    ("visibility", "audit-value-visibility"),
    ("votes", "audit-value-votes"),
    ("word", "audit-value-word"),
];

/// Nothing is told of what goes deeper.
const DEPTH: usize = 6;

pub struct Difference {
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// In the order of their names; what has stayed the same is left out.
pub fn differences(
    frame: &Frame,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Vec<Difference> {
    let (before, after) = (flat(before), flat(after));
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let changed = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    let told = |values: &BTreeMap<String, &Value>, name: &str| {
        values.get(name).map(|value| in_words(frame, name, value))
    };
    let difference = |name: &String| Difference {
        name: named(frame, name),
        before: told(&before, name),
        after: told(&after, name),
    };
    changed.map(difference).collect()
}

fn flat(value: Option<&Value>) -> BTreeMap<String, &Value> {
    let mut values = BTreeMap::new();
    if let Some(value) = value {
        collect(value, String::new(), DEPTH, &mut values);
    }
    values
}

/// Puts each value under its path: `voting.closes_at`.
fn collect<'v>(
    value: &'v Value,
    path: String,
    deep: usize,
    into: &mut BTreeMap<String, &'v Value>,
) {
    match value {
        Value::Object(members) if deep > 0 => {
            for (name, member) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(member, path, deep - 1, into);
            }
        }
        Value::Null => {}
        _ => {
            into.insert(path, value);
        }
    }
}

fn named(frame: &Frame, name: &str) -> String {
    let found = NAMES.iter().find(|(one, _)| *one == name);
    found.map_or_else(|| name.to_owned(), |(_, id)| frame.say(id).into_owned())
}

fn in_words(frame: &Frame, name: &str, value: &Value) -> String {
    let text = match value {
        Value::String(text) => text,
        Value::Bool(yes) => return frame.say(if *yes { "audit-yes" } else { "audit-no" }).into(),
        _ => return value.to_string(),
    };
    let id = match name {
        "role" => text.parse::<Role>().ok().map(words::role),
        "status" => text.parse::<VideoStatus>().ok().map(words::state_of_one),
        _ => None,
    };
    id.map_or_else(|| text.clone(), |id| frame.say(id).into_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_value_has_a_path_and_nothing_has_none() {
        let value = json!({ "a": { "b": 1, "c": [1, 2], "d": null }, "e": "x" });
        let flat = flat(Some(&value));
        let told: Vec<_> = flat.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(told, ["a.b=1", "a.c=[1,2]", "e=\"x\""]);
        assert_eq!(super::flat(Some(&json!(7))).keys().collect::<Vec<_>>(), [""]);
        assert!(super::flat(None).is_empty());
    }
}
