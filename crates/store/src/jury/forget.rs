//! What goes when a video or a juror goes.

use anb_domain::{PlayerId, jury::SheetState};
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, prelude::Uuid,
    sea_query::Expr,
};

use crate::{
    StoreError,
    entity::{jury_members, jury_sheets},
};

/// Marks and comments of a video that is erased go with it.
pub(crate) async fn forget_video(txn: &DatabaseTransaction, video: Uuid) -> Result<(), StoreError> {
    jury_sheets::Entity::delete_many()
        .filter(jury_sheets::Column::VideoId.eq(video))
        .exec(txn)
        .await?;
    Ok(())
}

/// What a juror has finished counts after the account is gone, under an id
/// that is nobody's; seats, drafts and comments go with it.
pub(crate) async fn forget_juror(
    txn: &DatabaseTransaction,
    juror: PlayerId,
) -> Result<(), StoreError> {
    jury_members::Entity::delete_many()
        .filter(jury_members::Column::JurorId.eq(juror.0))
        .exec(txn)
        .await?;
    jury_sheets::Entity::delete_many()
        .filter(jury_sheets::Column::JurorId.eq(juror.0))
        .filter(jury_sheets::Column::State.ne(SheetState::Finished.as_str()))
        .exec(txn)
        .await?;
    jury_sheets::Entity::update_many()
        .col_expr(jury_sheets::Column::Comment, Expr::value(""))
        .filter(jury_sheets::Column::JurorId.eq(juror.0))
        .exec(txn)
        .await?;
    Ok(())
}
