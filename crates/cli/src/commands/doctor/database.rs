//! Does it answer, is the schema ours, can we write?

use anb_config::Settings;

use super::{Ailment, Check};
use crate::platform::Platform;

pub fn remedy(settings: &Settings) -> String {
    if settings.is_embedded() {
        "check that the data folder is writable and holds no database of a later version".into()
    } else {
        "check DATABASE_URL and SECRET_KEY, that the server runs, and its firewall".into()
    }
}

pub async fn check(platform: &Platform) -> Check {
    let kind = if platform.settings.is_embedded() { "SQLite" } else { "PostgreSQL" };
    let outcome = match round_trip(platform).await {
        Ok(()) => Ok(format!("{kind}, schema up to date, writable")),
        Err(error) => Err(Ailment::new(format!("{error:#}"), remedy(&platform.settings))),
    };
    Check::new("database", outcome)
}

/// Takes the write lock and gives it back; nothing is changed.
async fn round_trip(platform: &Platform) -> anyhow::Result<()> {
    let db = platform.store.db();
    db.check().await?;
    db.begin().await?.rollback().await?;
    Ok(())
}
