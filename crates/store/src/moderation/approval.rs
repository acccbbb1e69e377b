//! Results that somebody looks at before everybody does.

use anb_domain::{Approval, Visibility};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _,
    sea_query::{Expr, SelectStatement},
};

use crate::{
    Claim, Outcome, Store, StoreError,
    entity::{attempts, videos},
    public::published,
};

impl Store {
    /// Has what was just made await approval, where the contest asks for it:
    /// only what was never made before, and of which nobody has ruled yet.
    pub(crate) async fn await_approval(
        &self,
        txn: &DatabaseTransaction,
        claim: &Claim,
        approval: Approval,
    ) -> Result<(), StoreError> {
        let update = videos::Entity::update_many()
            .set(videos::ActiveModel {
                visibility: Set(Visibility::Awaiting.as_str().into()),
                visibility_at: Set(Some(self.now())),
                ..Default::default()
            })
            .filter(videos::Column::Id.eq(claim.video.id.0))
            .filter(videos::Column::Visibility.eq(Visibility::Public.as_str()))
            .filter(videos::Column::VisibilityAt.is_null())
            .filter(Expr::not_exists(made_before(claim)));
        let update = match approval {
            Approval::None => return Ok(()),
            Approval::FirstVideo => update.filter(Expr::not_exists(others_shown(claim))),
            Approval::All => update,
        };
        update.exec(txn).await?;
        Ok(())
    }
}

/// Results of the same video that were published once.
fn made_before(claim: &Claim) -> SelectStatement {
    attempts::Entity::find()
        .select_only()
        .column(attempts::Column::Id)
        .filter(attempts::Column::VideoId.eq(claim.video.id.0))
        .filter(attempts::Column::Id.ne(claim.attempt_id.0))
        .filter(attempts::Column::Outcome.eq(Outcome::Published.as_str()))
        .into_query()
}

/// What everybody sees of the same player.
fn others_shown(claim: &Claim) -> SelectStatement {
    published()
        .select_only()
        .column(videos::Column::Id)
        .filter(videos::Column::OwnerId.eq(claim.video.owner.0))
        .filter(videos::Column::Id.ne(claim.video.id.0))
        .into_query()
}
