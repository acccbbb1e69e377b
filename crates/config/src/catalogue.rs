//! Every setting there is, read off the JSON schema: what suggestions,
//! `config show` and the reference page are made from.

use std::sync::LazyLock;

use schemars::Schema;
use serde_json::{Map, Value};

use crate::Settings;

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Setting {
    /// `web.listen`.
    pub key: String,
    pub description: String,
    /// `text`, `whole number`, …
    pub kind: String,
    /// The values to choose from, with what each means; empty if it is free.
    pub choices: Vec<(String, String)>,
    /// `None`: absent, or found out at start.
    pub default: Option<Value>,
    pub secret: bool,
}

/// A group of settings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Section {
    /// `web`, `showcase.rules`; empty for the outermost.
    pub name: String,
    /// What its settings are about together, where they do not say so.
    pub description: String,
    pub settings: Vec<Setting>,
}

/// The [JSON schema](https://json-schema.org/draft/2020-12) of the settings.
#[must_use]
pub fn schema() -> Schema {
    schemars::schema_for!(Settings)
}

/// Every section, the outermost first, then by name.
pub(crate) fn sections() -> Vec<Section> {
    let schema = schema();
    let Some(root) = schema.as_object() else { return Vec::new() };
    let mut sections = Vec::new();
    Walk { definitions: object(root.get("$defs")) }.section("", String::new(), root, &mut sections);
    sections.sort_by(|a, b| a.name.cmp(&b.name));
    sections
}

/// Every setting's key.
pub(crate) fn keys() -> Vec<String> {
    let settings = sections().into_iter().flat_map(|section| section.settings);
    settings.map(|setting| setting.key).collect()
}

pub(crate) fn is_known(key: &str) -> bool {
    keys().iter().any(|known| known == key)
}

/// Whether a setting's value must never be shown.
pub(crate) fn is_secret(key: &str) -> bool {
    let mut settings = sections().into_iter().flat_map(|section| section.settings);
    settings.any(|setting| setting.secret && setting.key == key)
}

struct Walk<'s> {
    definitions: &'s Map<String, Value>,
}

impl Walk<'_> {
    fn section(
        &self,
        name: &str,
        description: String,
        schema: &Map<String, Value>,
        sections: &mut Vec<Section>,
    ) {
        let mut settings = Vec::new();
        for (property, schema) in object(schema.get("properties")) {
            let key = if name.is_empty() { property.clone() } else { format!("{name}.{property}") };
            let (target, schema) = (self.resolve(schema), object(Some(schema)));
            if target.contains_key("properties") {
                self.section(&key, text(schema.get("description")), target, sections);
            } else {
                settings.push(setting(key, schema, target));
            }
        }
        sections.push(Section { name: name.to_owned(), description, settings });
    }

    /// What a schema refers to: itself, a definition, or what an optional
    /// value is made of.
    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Map<String, Value> {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            return object(self.definitions.get(name));
        }
        match schema["anyOf"].as_array().and_then(|variants| variants.first()) {
            Some(first) => self.resolve(first),
            None => object(Some(schema)),
        }
    }
}

fn setting(key: String, schema: &Map<String, Value>, target: &Map<String, Value>) -> Setting {
    let own = text(schema.get("description"));
    Setting {
        key,
        description: if own.is_empty() { text(target.get("description")) } else { own },
        kind: kind(target),
        choices: choices(target),
        default: schema.get("default").filter(|value| !value.is_null()).cloned(),
        secret: schema.get("writeOnly") == Some(&Value::Bool(true)),
    }
}

fn kind(schema: &Map<String, Value>) -> String {
    let name = match &schema.get("type") {
        Some(Value::Array(names)) => names.first().and_then(Value::as_str),
        Some(name) => name.as_str(),
        None => None,
    };
    match (name, schema.get("format").and_then(Value::as_str)) {
        (Some("integer"), _) => "whole number",
        (Some("number"), _) => "number",
        (Some("boolean"), _) => "true or false",
        (_, Some("uri")) => "URL",
        (_, Some("date-time")) => "moment (RFC 3339)",
        _ => "text",
    }
    .to_owned()
}

/// The variants of an enum: bare names, names with a description, or both.
fn choices(schema: &Map<String, Value>) -> Vec<(String, String)> {
    let list = |key: &str| schema.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let bare = |variant: &Value| {
        let names = variant["enum"].as_array().cloned().unwrap_or_default();
        names.iter().map(|name| (text(Some(name)), String::new())).collect::<Vec<_>>()
    };
    let described = |variant: &Value| match variant.get("const") {
        Some(name) => vec![(text(Some(name)), text(variant.get("description")))],
        None => bare(variant),
    };
    let of_enum = list("enum").into_iter().map(|name| (text(Some(&name)), String::new()));
    of_enum.chain(list("oneOf").iter().flat_map(described)).collect()
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn object(value: Option<&Value>) -> &Map<String, Value> {
    static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    value.and_then(Value::as_object).unwrap_or(&EMPTY)
}
