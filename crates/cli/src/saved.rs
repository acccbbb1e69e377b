//! What the console has saved over the settings, for commands that tell of it.

use std::{path::Path, time::Duration};

use anb_config::Settings;
use anb_contest::{Contest, Saved, Since};
use anyhow::Context as _;
use chrono::SecondsFormat;
use serde_json::Value;
use tokio::time::timeout;

use crate::{failpoints, platform::open_current_store};

/// For a database that does not answer: whoever asks for settings wants them
/// now.
const PATIENCE: Duration = Duration::from_secs(5);

/// The most characters of a value in a line.
const LONGEST: usize = 60;

/// Nothing is made: where there is no database, nothing was saved.
///
/// # Errors
/// The database does not tell.
pub async fn saved(settings: &Settings) -> anyhow::Result<Vec<Saved>> {
    if is_absent(settings) {
        return Ok(Vec::new());
    }
    let ask = async {
        let store = open_current_store(settings).await?;
        Ok(Contest::new(store, settings, failpoints::clock()).saved().await?)
    };
    timeout(PATIENCE, ask).await.context("the database takes too long to answer")?
}

fn is_absent(settings: &Settings) -> bool {
    let path = settings.database_url().strip_prefix("sqlite://");
    path.is_some_and(|path| !Path::new(path.split('?').next().unwrap_or(path)).exists())
}

/// `3, since version 2 (Ana Ruiz, 2026-05-01T12:00:00Z)`
#[must_use]
pub fn told(saved: &Saved) -> String {
    format!("{}, since {}", shortened(&saved.in_force), who_and_when(&saved.since))
}

#[must_use]
pub fn who_and_when(since: &Since) -> String {
    let at = since.saved_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    format!("version {} ({}, {at})", since.number, since.saved_by_name)
}

/// A value on one line.
#[must_use]
pub fn shortened(value: &Value) -> String {
    if value.is_null() {
        return "nothing".to_owned();
    }
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_stay_on_a_line() {
        assert_eq!(shortened(&Value::Null), "nothing");
        assert_eq!(shortened(&json!("a\nb")), r#""a\nb""#);
        assert_eq!(shortened(&json!("á".repeat(100))).chars().count(), LONGEST + 1);
    }
}
