//! Hashes of networks and devices are kept for as long as a review may need
//! them, and not a day longer.

use anb_domain::PlayerId;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, sea_query::Expr,
};

use crate::{
    Store, StoreError,
    entity::{players, vote_flags, votes},
};

impl Store {
    /// Removes the footprints of votes, sign-ups and suspicions from before
    /// this moment. Returns how many there were.
    pub async fn forget_footprints(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let votes = votes::Entity::update_many()
            .set(votes::ActiveModel { network: Set(None), device: Set(None), ..Default::default() })
            .filter(Expr::cust("(network IS NOT NULL OR device IS NOT NULL)"))
            .filter(votes::Column::CreatedAt.lt(before))
            .exec(self.db.writer())
            .await?;
        let players = players::Entity::update_many()
            .set(players::ActiveModel {
                signup_network: Set(None),
                signup_device: Set(None),
                ..Default::default()
            })
            .filter(Expr::cust("(signup_network IS NOT NULL OR signup_device IS NOT NULL)"))
            .filter(players::Column::CreatedAt.lt(before))
            .exec(self.db.writer())
            .await?;
        let flags = self.forget_suspects(before).await?;
        Ok(votes.rows_affected + players.rows_affected + flags)
    }

    /// What a suspicion is known by holds the hash as well.
    async fn forget_suspects(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let known = Condition::any()
            .add(vote_flags::Column::Network.is_not_null())
            .add(vote_flags::Column::Device.is_not_null());
        let old = vote_flags::Entity::find()
            .filter(known)
            .filter(vote_flags::Column::LastAt.lt(before))
            .all(self.db.reader())
            .await?;
        let forgotten = old.len() as u64;
        for flag in old {
            vote_flags::Entity::update(vote_flags::ActiveModel {
                id: Set(flag.id),
                subject: Set(format!("{}:{}", flag.kind, flag.id)),
                network: Set(None),
                device: Set(None),
                ..Default::default()
            })
            .exec(self.db.writer())
            .await?;
        }
        Ok(forgotten)
    }
}

/// A suspicion about an account goes with it.
pub(crate) async fn forget_suspect(
    txn: &DatabaseTransaction,
    player: PlayerId,
) -> Result<(), StoreError> {
    vote_flags::Entity::delete_many()
        .filter(vote_flags::Column::PlayerId.eq(player.0))
        .exec(txn)
        .await?;
    Ok(())
}
