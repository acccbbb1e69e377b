//! Second factors: a sealed secret for each person, the last code that was
//! taken, and hashes of the recovery codes that are left.

use anb_domain::{Action, Email, PlayerId, Subject};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    prelude::Uuid,
    sea_query::{Expr, OnConflict},
};
use serde_json::json;

use crate::{
    Actor, Deed, Store, StoreError,
    entity::second_factors::{ActiveModel, Column, Entity, Model},
    row::{corrupt, to_json},
    sessions::end_others,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    pub sealed_secret: String,
    /// The latest time step whose code was taken.
    pub last_step: i64,
    /// How many recovery codes are left.
    pub recovery_left: usize,
    /// Whether its owner has shown a code of it.
    pub confirmed: bool,
}

/// What takes the place of a second factor.
#[derive(Debug, Clone)]
pub struct NewSecondFactor {
    pub sealed_secret: String,
    /// Of the code that was shown.
    pub step: i64,
    /// Hashes of the recovery codes.
    pub recovery: Vec<String>,
}

impl Store {
    pub async fn second_factor(&self, owner: PlayerId) -> Result<Option<SecondFactor>, StoreError> {
        // From the writer: a secret that was just made must be found.
        let row = Entity::find_by_id(owner.0).one(self.db.writer()).await?;
        row.map(SecondFactor::try_from).transpose()
    }

    /// Keeps a secret that is to be confirmed; one that is confirmed stays.
    pub async fn offer_second_factor(
        &self,
        owner: PlayerId,
        sealed_secret: String,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            player_id: Set(owner.0),
            sealed_secret: Set(sealed_secret),
            last_step: Set(0),
            recovery: Set(json!([])),
            created_at: Set(self.now()),
            confirmed_at: Set(None),
        };
        let kept = OnConflict::column(Column::PlayerId).do_nothing().to_owned();
        Entity::insert(row).on_conflict(kept).exec_without_returning(self.db.writer()).await?;
        Ok(())
    }

    /// The first code was right: from now on the factor is asked for. `false`
    /// if somebody else was faster.
    pub async fn confirm_second_factor(
        &self,
        owner: PlayerId,
        step: i64,
        recovery: &[String],
        actor: &Actor,
    ) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let now = self.now();
        let confirmed = Entity::update_many()
            .col_expr(Column::ConfirmedAt, Expr::value(now))
            .col_expr(Column::LastStep, Expr::value(step))
            .col_expr(Column::Recovery, Expr::value(to_json(&recovery)?))
            .filter(Column::PlayerId.eq(owner.0))
            .filter(Column::ConfirmedAt.is_null())
            .exec(&txn)
            .await?;
        if confirmed.rows_affected == 0 {
            return Ok(false);
        }
        self.note(&txn, actor, about(Action::SECOND_FACTOR_ENROLLED, owner)).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// Puts another secret, of which a code has been shown, in the place of the
    /// one that is kept, with new recovery codes. All sessions of its owner but
    /// `keep` end.
    pub async fn change_second_factor(
        &self,
        owner: PlayerId,
        keep: Uuid,
        new: NewSecondFactor,
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let txn = self.db.begin().await?;
        Entity::update_many()
            .col_expr(Column::SealedSecret, Expr::value(new.sealed_secret))
            .col_expr(Column::ConfirmedAt, Expr::value(self.now()))
            .col_expr(Column::LastStep, Expr::value(new.step))
            .col_expr(Column::Recovery, Expr::value(to_json(&new.recovery)?))
            .filter(Column::PlayerId.eq(owner.0))
            .exec(&txn)
            .await?;
        let ended = end_others(&txn, owner, keep).await?;
        let deed = about(Action::SECOND_FACTOR_CHANGED, owner)
            .after(json!({ "console_sessions_ended": ended }));
        self.note(&txn, actor, deed).await?;
        txn.commit().await?;
        Ok(())
    }

    /// Takes the code of a step; `false` if it, or a later one, was taken
    /// before.
    pub async fn take_code(&self, owner: PlayerId, step: i64) -> Result<bool, StoreError> {
        let taken = Entity::update_many()
            .col_expr(Column::LastStep, Expr::value(step))
            .filter(Column::PlayerId.eq(owner.0))
            .filter(Column::ConfirmedAt.is_not_null())
            .filter(Column::LastStep.lt(step))
            .exec(self.db.writer())
            .await?;
        Ok(taken.rows_affected == 1)
    }

    /// Takes a recovery code, which is gone then; `false` if there is no such.
    pub async fn take_recovery_code(
        &self,
        owner: PlayerId,
        hash: &str,
        actor: &Actor,
    ) -> Result<bool, StoreError> {
        let txn = self.db.begin().await?;
        let row = Entity::find_by_id(owner.0).lock_exclusive().one(&txn).await?;
        let Some(row) = row.filter(|row| row.confirmed_at.is_some()) else { return Ok(false) };
        let (used, left): (Vec<_>, Vec<_>) =
            hashes(&row)?.into_iter().partition(|known| known == hash);
        if used.is_empty() {
            return Ok(false);
        }
        keep_recovery(&txn, owner, &left).await?;
        let deed = about(Action::RECOVERY_CODE_USED, owner).after(json!({ "left": left.len() }));
        self.note(&txn, actor, deed).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// Replaces all recovery codes.
    pub async fn renew_recovery_codes(
        &self,
        owner: PlayerId,
        hashes: &[String],
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let txn = self.db.begin().await?;
        keep_recovery(&txn, owner, hashes).await?;
        self.note(&txn, actor, about(Action::RECOVERY_CODES_RENEWED, owner)).await?;
        txn.commit().await?;
        Ok(())
    }

    /// Forgets somebody's second factor and ends their sessions of the console:
    /// at the next sign-in a new one is enrolled. `None` if nobody has this
    /// address, `false` if there was none.
    pub async fn reset_second_factor(
        &self,
        email: &Email,
        actor: &Actor,
    ) -> Result<Option<bool>, StoreError> {
        use crate::entity::console_sessions;
        let Some(player) = self.player_by_email(email).await? else { return Ok(None) };
        let txn = self.db.begin().await?;
        let gone = Entity::delete_by_id(player.id.0).exec(&txn).await?;
        console_sessions::Entity::delete_many()
            .filter(console_sessions::Column::PlayerId.eq(player.id.0))
            .exec(&txn)
            .await?;
        self.note(&txn, actor, about(Action::SECOND_FACTOR_RESET, player.id)).await?;
        txn.commit().await?;
        Ok(Some(gone.rows_affected > 0))
    }
}

fn about(action: Action, owner: PlayerId) -> Deed {
    Deed::new(action, Subject::player(owner))
}

async fn keep_recovery(
    txn: &DatabaseTransaction,
    owner: PlayerId,
    hashes: &[String],
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::Recovery, Expr::value(to_json(&hashes)?))
        .filter(Column::PlayerId.eq(owner.0))
        .exec(txn)
        .await?;
    Ok(())
}

fn hashes(row: &Model) -> Result<Vec<String>, StoreError> {
    serde_json::from_value(row.recovery.clone())
        // Not shown: they are secrets of a kind.
        .map_err(|_| corrupt("second_factors", "recovery", "(not shown)"))
}

impl TryFrom<Model> for SecondFactor {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            recovery_left: hashes(&row)?.len(),
            sealed_secret: row.sealed_secret,
            last_step: row.last_step,
            confirmed: row.confirmed_at.is_some(),
        })
    }
}
