//! Sessions of the console: kept here, so that each can be ended at once.

use std::time::Duration;

use anb_domain::{Action, PlayerId, Subject};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, prelude::Uuid, sea_query::Expr,
};
use serde_json::json;

use crate::{
    Actor, Deed, Player, Store, StoreError, after,
    entity::{
        console_sessions::{ActiveModel, Column, Entity, Model},
        players,
    },
};

/// How often it is noted that a session is in use.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Somebody who has given a password, and perhaps the second factor.
#[derive(Debug, Clone)]
pub struct NewConsoleSession {
    pub player: PlayerId,
    pub token_hash: String,
    /// Differs as soon as the password is another.
    pub password_mark: String,
    pub lifetime: Duration,
    pub verified: bool,
    /// The session that waited for this one, and ends with its beginning.
    pub replaces: Option<Uuid>,
    pub address: Option<String>,
    pub agent: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleSession {
    pub id: Uuid,
    pub player: PlayerId,
    pub password_mark: String,
    pub created_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    pub verified: bool,
    pub address: Option<String>,
    pub agent: Option<String>,
}

impl Store {
    /// Begins a session, and notes the deed that goes with it, if any.
    pub async fn begin_console_session(
        &self,
        new: NewConsoleSession,
        noted: Option<(&Actor, Deed)>,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let txn = self.db.begin().await?;
        // Whoever comes in sweeps out what is over.
        let replaced = new.replaces.map(|id| Column::Id.eq(id));
        let over = Condition::any().add(Column::ExpiresAt.lte(now)).add_option(replaced);
        Entity::delete_many().filter(over).exec(&txn).await?;
        let row = ActiveModel {
            id: Set(self.ids.sortable()),
            token_hash: Set(new.token_hash),
            player_id: Set(new.player.0),
            password_mark: Set(new.password_mark),
            created_at: Set(now),
            seen_at: Set(now),
            expires_at: Set(after(now, new.lifetime)),
            verified_at: Set(new.verified.then_some(now)),
            address: Set(new.address),
            agent: Set(new.agent),
        };
        Entity::insert(row).exec_without_returning(&txn).await?;
        if let Some((actor, deed)) = noted {
            self.note(&txn, actor, deed).await?;
        }
        txn.commit().await?;
        Ok(())
    }

    /// The session with this token, if it is neither over nor idle for too
    /// long, and whose it is.
    pub async fn console_session(
        &self,
        token_hash: &str,
        idle: Duration,
    ) -> Result<Option<(ConsoleSession, Player)>, StoreError> {
        let now = self.now();
        let found = Entity::find()
            .filter(Column::TokenHash.eq(token_hash))
            .find_also_related(players::Entity)
            .one(self.db.reader())
            .await?;
        let Some((row, Some(player))) = found else { return Ok(None) };
        if now >= row.expires_at || now >= after(row.seen_at, idle) {
            return Ok(None);
        }
        if now - row.seen_at >= NOTED_EVERY {
            self.seen_in_console(row.id, now).await?;
        }
        Ok(Some((row.into(), player.try_into()?)))
    }

    async fn seen_in_console(&self, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::SeenAt, Expr::value(now))
            .filter(Column::Id.eq(id))
            .exec(self.db.writer())
            .await?;
        Ok(())
    }

    /// Somebody's sessions that are not over, latest first.
    pub async fn console_sessions_of(
        &self,
        player: PlayerId,
    ) -> Result<Vec<ConsoleSession>, StoreError> {
        let rows = Entity::find()
            .filter(Column::PlayerId.eq(player.0))
            .filter(Column::ExpiresAt.gt(self.now()))
            .filter(Column::VerifiedAt.is_not_null())
            .order_by_desc(Column::Id)
            .all(self.db.reader())
            .await?;
        Ok(rows.into_iter().map(ConsoleSession::from).collect())
    }

    /// Ends one of somebody's sessions; `false` if there is no such.
    pub async fn end_console_session(
        &self,
        id: Uuid,
        of: PlayerId,
        actor: &Actor,
        action: Action,
    ) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let ended = Entity::delete_many()
            .filter(Column::Id.eq(id))
            .filter(Column::PlayerId.eq(of.0))
            .exec(&txn)
            .await?;
        if ended.rows_affected == 0 {
            return Ok(false);
        }
        self.note(&txn, actor, Deed::new(action, Subject::new("session", id))).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// Ends all of somebody's sessions of the console but one; how many those
    /// were.
    pub async fn end_other_console_sessions(
        &self,
        of: PlayerId,
        keep: Uuid,
        actor: &Actor,
    ) -> Result<u64, StoreError> {
        let txn = self.db.begin().await?;
        let ended = end_others(&txn, of, keep).await?;
        if ended > 0 {
            let deed = Deed::new(Action::SESSION_ENDED, Subject::player(of))
                .after(json!({ "console_sessions_ended": ended }));
            self.note(&txn, actor, deed).await?;
        }
        txn.commit().await?;
        Ok(ended)
    }

    /// Ends every session of somebody at once: of the console, of the site, and
    /// all access tokens. `false` if there is nobody with this id.
    pub async fn revoke_sessions(
        &self,
        player: PlayerId,
        actor: &Actor,
    ) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let revoked = players::Entity::update_many()
            .col_expr(players::Column::SessionsRevokedAt, Expr::value(self.now()))
            .filter(players::Column::Id.eq(player.0))
            .exec(&txn)
            .await?;
        if revoked.rows_affected == 0 {
            return Ok(false);
        }
        let ended = end_all(&txn, player).await?;
        let deed = Deed::new(Action::PLAYER_SESSIONS_REVOKED, Subject::player(player))
            .after(json!({ "console_sessions_ended": ended }));
        self.note(&txn, actor, deed).await?;
        txn.commit().await?;
        Ok(true)
    }
}

/// How many sessions have ended.
pub async fn end_all(txn: &DatabaseTransaction, of: PlayerId) -> Result<u64, StoreError> {
    let ended = Entity::delete_many().filter(Column::PlayerId.eq(of.0)).exec(txn).await?;
    Ok(ended.rows_affected)
}

/// How many sessions have ended.
pub async fn end_others(
    txn: &DatabaseTransaction,
    of: PlayerId,
    keep: Uuid,
) -> Result<u64, StoreError> {
    let ended = Entity::delete_many()
        .filter(Column::PlayerId.eq(of.0))
        .filter(Column::Id.ne(keep))
        .exec(txn)
        .await?;
    Ok(ended.rows_affected)
}

impl From<Model> for ConsoleSession {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            player: PlayerId(row.player_id),
            password_mark: row.password_mark,
            created_at: row.created_at,
            seen_at: row.seen_at,
            verified: row.verified_at.is_some(),
            address: row.address,
            agent: row.agent,
        }
    }
}
