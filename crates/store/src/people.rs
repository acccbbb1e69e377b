//! Players as operators find them, and what admins do to their accounts.

use anb_domain::{Action, PlayerId, Reason, Role, Subject, VideoId, vote_review::Footprint};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait as _},
};
use serde_json::json;
use thiserror::Error;

use crate::{
    Actor, Deed, Page, Player, Store, StoreError,
    entity::{players, votes},
    key::words,
    like,
    row::within_i64,
    sessions::end_all,
};

#[derive(Debug, Error)]
pub enum ChangeRoleError {
    #[error("there is no such player")]
    NotFound,
    /// Nobody would be left who can grant roles.
    #[error("this is the last admin")]
    LastAdmin,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A vote, as its voter may know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenVote {
    pub video: VideoId,
    pub cast_at: DateTime<Utc>,
    pub from: Footprint,
    pub struck_at: Option<DateTime<Utc>>,
    pub struck_reason: Option<String>,
}

impl From<votes::Model> for GivenVote {
    fn from(row: votes::Model) -> Self {
        Self {
            video: VideoId(row.video_id),
            cast_at: row.created_at,
            from: Footprint { network: row.network, device: row.device },
            struck_at: row.struck_at,
            struck_reason: row.struck_reason,
        }
    }
}

impl Store {
    /// Players whose name, address or city has every one of these words, or
    /// whose id it is; by name.
    pub async fn find_players(
        &self,
        q: &str,
        limit: u64,
        skip: u64,
    ) -> Result<Page<Player>, StoreError> {
        let found = players::Entity::find().filter(called(q));
        let total = found.clone().count(self.db.reader()).await?;
        let rows = found
            .order_by_asc(players::Column::NameKey)
            .order_by_asc(players::Column::Id)
            .limit(within_i64(limit))
            .offset(within_i64(skip))
            .all(self.db.reader())
            .await?;
        let items = rows.into_iter().map(Player::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, total })
    }

    /// Every vote that a player has cast and not withdrawn; first to last.
    pub async fn votes_by(&self, player: PlayerId) -> Result<Vec<GivenVote>, StoreError> {
        let rows = votes::Entity::find()
            .filter(votes::Column::PlayerId.eq(player.0))
            .order_by_asc(votes::Column::CreatedAt)
            .order_by_asc(votes::Column::VideoId)
            .all(self.db.reader())
            .await?;
        Ok(rows.into_iter().map(GivenVote::from).collect())
    }

    /// Where a player signed up from, as long as that is kept; `None` if there
    /// is nobody with this id.
    pub async fn signed_up_from(&self, player: PlayerId) -> Result<Option<Footprint>, StoreError> {
        let row = players::Entity::find_by_id(player.0).one(self.db.reader()).await?;
        Ok(row.map(|row| Footprint { network: row.signup_network, device: row.signup_device }))
    }

    /// Gives a player another role; the last admin stays one.
    pub async fn change_role(
        &self,
        actor: &Actor,
        player: PlayerId,
        role: Role,
    ) -> Result<(), ChangeRoleError> {
        let txn = self.db.begin().await?;
        if role != Role::Admin {
            spare_last_admin(&txn, player).await?;
        }
        let found = players::Entity::find_by_id(player.0).lock_exclusive().one(&txn).await?;
        let row = found.ok_or(ChangeRoleError::NotFound)?;
        self.set_role(&txn, actor, &row, role).await?;
        txn.commit().await?;
        Ok(())
    }

    /// Changes the role in a row that is locked, and notes it. Whoever loses
    /// the way into the console loses the sessions there, so that a role that
    /// is given back wakes none of them.
    pub(crate) async fn set_role(
        &self,
        txn: &DatabaseTransaction,
        actor: &Actor,
        row: &players::Model,
        role: Role,
    ) -> Result<(), StoreError> {
        players::Entity::update_many()
            .col_expr(players::Column::Role, Expr::value(role.as_str()))
            .filter(players::Column::Id.eq(row.id))
            .exec(txn)
            .await?;
        if role == Role::Player {
            end_all(txn, PlayerId(row.id)).await?;
        }
        let deed = Deed::new(Action::ROLE_GRANTED, Subject::player(PlayerId(row.id)))
            .before(json!({ "role": row.role }))
            .after(json!({ "role": role.as_str() }));
        self.note(txn, actor, deed).await
    }

    /// Erases a player as if they had deleted their account themselves. What
    /// the audit log keeps of them is their id.
    pub async fn erase_player(
        &self,
        actor: &Actor,
        player: PlayerId,
        reason: &Reason,
    ) -> Result<(), ChangeRoleError> {
        let txn = self.db.begin().await?;
        spare_last_admin(&txn, player).await?;
        if !self.remove_player(&txn, player).await? {
            return Err(ChangeRoleError::NotFound);
        }
        let deed = Deed::new(Action::PLAYER_ERASED, Subject::player(player));
        self.note(&txn, actor, deed.because(reason.as_str())).await?;
        txn.commit().await?;
        Ok(())
    }
}

async fn spare_last_admin(
    txn: &DatabaseTransaction,
    player: PlayerId,
) -> Result<(), ChangeRoleError> {
    // All at once, in one order: of two admins who remove each other at
    // the same moment, one stays.
    let admins = players::Entity::find()
        .filter(players::Column::Role.eq(Role::Admin.as_str()))
        .order_by_asc(players::Column::Id)
        .lock_exclusive()
        .all(txn)
        .await?;
    let is_last = admins.len() == 1 && admins[0].id == player.0;
    if is_last { Err(ChangeRoleError::LastAdmin) } else { Ok(()) }
}

fn called(q: &str) -> Condition {
    if let Ok(id) = q.trim().parse::<Uuid>() {
        return Condition::all().add(players::Column::Id.eq(id));
    }
    words(q).fold(Condition::all(), |all, word| {
        let columns =
            [players::Column::NameKey, players::Column::EmailKey, players::Column::CityKey];
        let somewhere = columns.into_iter().fold(Condition::any(), |any, column| {
            any.add(Expr::col(column).like(like::containing(&word)))
        });
        all.add(somewhere)
    })
}
