//! The audit log: who did what, to what, when, from where, and how things were
//! before and after. It only ever grows; the database itself refuses to change
//! or remove what has been noted.

use anb_domain::{Action, PlayerId, Subject};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
    prelude::{Json, Uuid},
    sea_query::{Expr, ExprTrait as _},
};

use crate::{
    Store, StoreError,
    entity::audit_log::{ActiveModel, Column, Entity, Model},
    key::{key, words},
    like,
    row::within_i64,
};

/// Who does something, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub id: Option<PlayerId>,
    pub name: String,
    /// A role, or `terminal`, `system` where nobody is signed in.
    pub role: String,
    pub address: Option<String>,
    /// What the browser says it is.
    pub agent: Option<String>,
    pub request_id: Option<Uuid>,
}

impl Actor {
    /// Whoever can run our program on the machine itself.
    #[must_use]
    pub fn terminal() -> Self {
        Self::nobody("terminal")
    }

    /// What we do by ourselves.
    #[must_use]
    pub fn system() -> Self {
        Self::nobody("system")
    }

    fn nobody(name: &str) -> Self {
        Self {
            id: None,
            name: name.to_owned(),
            role: name.to_owned(),
            address: None,
            agent: None,
            request_id: None,
        }
    }
}

/// Something that is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Deed {
    pub action: Action,
    pub subject: Subject,
    /// What it changes, and what that is afterwards.
    pub before: Option<Json>,
    pub after: Option<Json>,
    pub reason: Option<String>,
}

impl Deed {
    /// One of which there is no more to say.
    #[must_use]
    pub fn new(action: Action, subject: Subject) -> Self {
        Self { action, subject, before: None, after: None, reason: None }
    }

    #[must_use]
    pub fn before(self, before: Json) -> Self {
        Self { before: Some(before), ..self }
    }

    #[must_use]
    pub fn after(self, after: Json) -> Self {
        Self { after: Some(after), ..self }
    }

    #[must_use]
    pub fn because(self, reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()), ..self }
    }
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub actor: Actor,
    /// The name of an [`Action`], perhaps one of a later version.
    pub action: String,
    pub subject: Subject,
    pub before: Option<Json>,
    pub after: Option<Json>,
    pub reason: Option<String>,
}

/// Which entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// An id, or words of a name.
    pub who: Option<String>,
    pub action: Option<Action>,
    pub subject_kind: Option<String>,
    pub subject_id: Option<String>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub to: Option<DateTime<Utc>>,
    /// Only what was noted before this entry.
    pub before: Option<Uuid>,
}

impl Store {
    /// Notes a deed in the transaction that does it: one is never without the
    /// other.
    pub(crate) async fn note(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        deed: Deed,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(self.ids.sortable()),
            at: Set(self.now()),
            actor_id: Set(actor.id.map(|id| id.0)),
            actor_name: Set(storable(&actor.name)),
            actor_key: Set(key(&actor.name)),
            actor_role: Set(actor.role.clone()),
            address: Set(actor.address.clone()),
            agent: Set(actor.agent.as_deref().map(storable)),
            request_id: Set(actor.request_id),
            action: Set(deed.action.as_str().to_owned()),
            subject_kind: Set(deed.subject.kind),
            subject_id: Set(storable(&deed.subject.id)),
            before: Set(deed.before.as_ref().map(crate::row::to_json).transpose()?),
            after: Set(deed.after.as_ref().map(crate::row::to_json).transpose()?),
            reason: Set(deed.reason.as_deref().map(storable)),
        };
        Entity::insert(row).exec_without_returning(db).await?;
        Ok(())
    }

    /// Notes what changes nothing in the database, such as a sign-in that was
    /// refused, or an export.
    pub async fn record(&self, actor: &Actor, deed: Deed) -> Result<(), StoreError> {
        self.note(self.db.writer(), actor, deed).await
    }

    /// What was done, latest first.
    pub async fn audit(
        &self,
        filter: &AuditFilter,
        limit: u64,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let rows = Entity::find()
            .filter(matching(filter))
            .order_by_desc(Column::Id)
            .limit(within_i64(limit))
            .all(self.db.reader())
            .await?;
        let entries = rows.into_iter().map(AuditEntry::from).collect();
        self.without_open_scores(entries).await
    }
}

fn matching(filter: &AuditFilter) -> Condition {
    Condition::all()
        .add_option(filter.who.as_deref().map(by))
        .add_option(filter.action.map(|action| Column::Action.eq(action.as_str())))
        .add_option(filter.subject_kind.as_deref().map(|kind| Column::SubjectKind.eq(kind)))
        .add_option(filter.subject_id.as_deref().map(|id| Column::SubjectId.eq(id)))
        .add_option(filter.from.map(|from| Column::At.gte(from)))
        .add_option(filter.to.map(|to| Column::At.lt(to)))
        .add_option(filter.before.map(|before| Column::Id.lt(before)))
}

fn by(who: &str) -> Condition {
    if let Ok(id) = who.trim().parse::<Uuid>() {
        return Condition::all().add(Column::ActorId.eq(id));
    }
    words(who).fold(Condition::all(), |all, word| {
        all.add(Expr::col(Column::ActorKey).like(like::containing(&word)))
    })
}

/// PostgreSQL keeps no NUL in any text.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

impl From<Model> for AuditEntry {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            at: row.at,
            actor: Actor {
                id: row.actor_id.map(PlayerId),
                name: row.actor_name,
                role: row.actor_role,
                address: row.address,
                agent: row.agent,
                request_id: row.request_id,
            },
            action: row.action,
            subject: Subject { kind: row.subject_kind, id: row.subject_id },
            before: row.before,
            after: row.after,
            reason: row.reason,
        }
    }
}
