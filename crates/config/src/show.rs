//! Settings in force, as TOML that says where each value came from.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::Value;

use crate::{Loaded, catalogue, source::variable_for};

impl Loaded {
    /// A whole `anb.toml`; secrets are only said to be set.
    #[must_use]
    pub fn to_toml(&self) -> String {
        self.to_toml_with(&BTreeMap::new())
    }

    /// The same; what there is to say about a setting besides stands behind it.
    #[must_use]
    pub fn to_toml_with(&self, notes: &BTreeMap<String, String>) -> String {
        let values = serde_json::to_value(&self.settings).unwrap_or_default();
        let mut text = String::new();
        for section in catalogue::sections() {
            if section.settings.is_empty() {
                continue;
            }
            if !section.name.is_empty() {
                let _ = write!(text, "\n[{}]\n", section.name);
            }
            for setting in &section.settings {
                let name = setting.key.rsplit('.').next().unwrap_or_default();
                let origin = self.origin(&setting.key);
                let note = notes.get(&setting.key).map(|note| format!("; {note}"));
                let note = note.unwrap_or_default();
                let value = if setting.secret {
                    self.secret(&setting.key)
                } else {
                    find(&values, &setting.key)
                };
                let _ = if let Some(value) = value {
                    writeln!(text, "{name} = {value} # {origin}{note}")
                } else {
                    let variable = variable_for(&setting.key);
                    writeln!(text, "# {name} is not set ({variable}){note}")
                };
            }
        }
        text
    }

    fn secret(&self, key: &str) -> Option<String> {
        let secret = match key {
            "auth.secret_key" => &self.settings.auth.secret_key,
            _ => &self.settings.database.url,
        };
        secret.as_ref().map(|_| r#""<set>""#.to_owned())
    }
}

/// The value of `key` as TOML.
fn find(values: &Value, key: &str) -> Option<String> {
    let value = key.split('.').try_fold(values, |inner, part| inner.get(part))?;
    toml::Value::try_from(value).ok().map(|value| value.to_string())
}
