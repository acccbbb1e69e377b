//! The audit log, latest first.

use anb_store::{AuditEntry, AuditFilter, Store, StoreError};
use serde_json::json;

use super::{PAGE, Row, moment};

pub const COLUMNS: [&str; 14] = [
    "id",
    "at",
    "actor",
    "name",
    "role",
    "address",
    "agent",
    "request_id",
    "action",
    "subject_kind",
    "subject_id",
    "reason",
    "before",
    "after",
];

pub async fn page(store: &Store, filter: &mut AuditFilter) -> Result<Vec<Row>, StoreError> {
    let entries = store.audit(filter, PAGE).await?;
    filter.before = entries.last().map(|entry| entry.id).or(filter.before);
    Ok(entries.into_iter().map(row).collect())
}

fn row(entry: AuditEntry) -> Row {
    let actor = entry.actor;
    vec![
        json!(entry.id),
        moment(entry.at),
        json!(actor.id),
        json!(actor.name),
        json!(actor.role),
        json!(actor.address),
        json!(actor.agent),
        json!(actor.request_id),
        json!(entry.action),
        json!(entry.subject.kind),
        json!(entry.subject.id),
        json!(entry.reason),
        json!(entry.before),
        json!(entry.after),
    ]
}
