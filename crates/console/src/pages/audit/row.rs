//! An entry as it is told.

use anb_domain::{Action, Role, Subject};
use anb_store::{Actor, AuditEntry};
use chrono::{DateTime, Utc};

use super::difference::{Difference, differences};
use crate::{frame::Frame, words};

/// What deeds are done to, and the message that names it.
pub const KINDS: &[(&str, &str)] = &[
    ("console", "audit-kind-console"),
    ("contest", "audit-kind-contest"),
    ("export", "audit-kind-export"),
    ("panel", "audit-kind-panel"),
    ("player", "audit-kind-player"),
    ("queue", "audit-kind-queue"),
    ("reprocessing", "audit-kind-reprocessing"),
    ("session", "audit-kind-session"),
    ("video", "audit-kind-video"),
    ("vote-flag", "audit-kind-vote-flag"),
    ("votes", "audit-kind-votes"),
    ("webhook", "audit-kind-webhook"),
];

pub struct Row {
    pub at: DateTime<Utc>,
    pub who: String,
    /// In which role; `None` where the name says it.
    pub role: Option<String>,
    pub what: String,
    pub kind: String,
    pub id: String,
    /// Where more is told about it.
    pub link: Option<String>,
    pub differences: Vec<Difference>,
    pub reason: Option<String>,
    pub address: Option<String>,
    pub agent: Option<String>,
    pub request_id: Option<String>,
}

impl Row {
    pub fn of(entry: AuditEntry, frame: &Frame) -> Self {
        Self {
            at: entry.at,
            what: what(frame, &entry.action),
            kind: kind(frame, &entry.subject),
            link: link(frame, &entry.subject),
            differences: differences(frame, entry.before.as_ref(), entry.after.as_ref()),
            reason: entry.reason,
            who: who(frame, &entry.actor),
            role: role(frame, &entry.actor),
            id: entry.subject.id,
            address: entry.actor.address,
            agent: entry.actor.agent,
            request_id: entry.actor.request_id.map(|id| id.to_string()),
        }
    }
}

/// The message that says what was done.
pub fn message(action: &str) -> String {
    format!("audit-{action}")
}

/// What a later version has noted is told by its name.
fn what(frame: &Frame, action: &str) -> String {
    let known = action.parse::<Action>().is_ok();
    if known { frame.say(&message(action)).into_owned() } else { action.to_owned() }
}

fn who(frame: &Frame, actor: &Actor) -> String {
    match (actor.id, actor.name.as_str()) {
        (None, "terminal") => frame.say("audit-terminal").into_owned(),
        (None, "system") => frame.say("audit-system").into_owned(),
        (None, "anonymous") => frame.say("audit-anonymous").into_owned(),
        (_, name) => name.to_owned(),
    }
}

fn role(frame: &Frame, actor: &Actor) -> Option<String> {
    let role: Role = actor.role.parse().ok()?;
    Some(frame.say(words::role(role)).into_owned())
}

fn kind(frame: &Frame, subject: &Subject) -> String {
    let found = KINDS.iter().find(|(kind, _)| *kind == subject.kind);
    found.map_or_else(|| subject.kind.clone(), |(_, id)| frame.say(id).into_owned())
}

/// A page of the console, if there is one and the reader may see it.
fn link(frame: &Frame, subject: &Subject) -> Option<String> {
    let (rule, path) = match subject.kind.as_str() {
        "video" => ("/console/videos/{id}", "/console/videos/"),
        "player" => ("/console/players/{id}", "/console/players/"),
        "webhook" => ("/console/webhooks/{id}", "/console/webhooks/"),
        "vote-flag" => ("/console/votes/{id}", "/console/votes/"),
        "panel" => ("/console/jury/panels/{id}", "/console/jury/panels/"),
        _ => return None,
    };
    let leads_somewhere = !subject.id.is_empty() && frame.may("GET", rule);
    leads_somewhere.then(|| format!("{path}{}", subject.id))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use anb_domain::Language;

    use super::*;
    use crate::messages::speech;

    #[test]
    fn every_deed_is_told_in_both_languages_each_in_words_of_its_own() {
        for language in [Language::Es, Language::En] {
            let told: BTreeSet<_> = Action::ALL
                .iter()
                .map(|action| speech(language).say(&message(action.as_str())))
                .collect();
            assert_eq!(told.len(), Action::ALL.len(), "{language:?}: {told:?}");
            assert!(told.iter().all(|words| !words.starts_with("audit-")), "{told:?}");
        }
    }
}
