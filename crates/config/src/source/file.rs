//! `anb.toml`. Each value keeps the line it stands on.

use std::{fs, path::Path};

use figment::value::{Dict, Value};
use serde::Deserialize;
use toml::{
    Spanned,
    de::{DeTable, DeValue, ValueDeserializer},
};

use super::{Assignment, Origin};
use crate::error::SettingsError;

pub(crate) fn read(path: &Path) -> Result<Vec<Assignment>, SettingsError> {
    let text = fs::read_to_string(path)
        .map_err(|cause| SettingsError::Unreadable { path: path.into(), cause })?;
    let line_of = |offset: usize| 1 + text[..offset].matches('\n').count();
    let syntax = |error: toml::de::Error| SettingsError::Syntax {
        path: path.into(),
        line: error.span().map_or(1, |span| line_of(span.start)),
        message: error.message().to_owned(),
    };
    let table = DeTable::parse(&text).map_err(syntax)?;
    let mut leaves = Vec::new();
    collect(table.get_ref(), "", &mut leaves);
    let assignment = |(key, spanned): (String, &Spanned<DeValue<'_>>)| {
        Ok(Assignment {
            key,
            value: value(spanned).map_err(syntax)?,
            origin: Origin::File { path: path.into(), line: line_of(spanned.span().start) },
        })
    };
    leaves.into_iter().map(assignment).collect()
}

/// Everything in a table that is no table itself, under its full key. An
/// empty table counts too: its name may be wrong.
fn collect<'t, 'i>(
    table: &'t DeTable<'i>,
    prefix: &str,
    leaves: &mut Vec<(String, &'t Spanned<DeValue<'i>>)>,
) {
    for (name, value) in table {
        let key = format!("{prefix}{}", name.get_ref());
        match value.get_ref().as_table() {
            Some(inner) if !inner.is_empty() => collect(inner, &format!("{key}."), leaves),
            _ => leaves.push((key, value)),
        }
    }
}

fn value(spanned: &Spanned<DeValue<'_>>) -> Result<Value, toml::de::Error> {
    match spanned.get_ref() {
        // Our types read moments from text, as in RFC 3339.
        DeValue::Datetime(moment) => Ok(Value::from(moment.to_string())),
        DeValue::Table(_) => Ok(Value::from(Dict::new())),
        _ => Deserialize::deserialize(ValueDeserializer::from(spanned.clone())),
    }
}
