//! Words that must occur in a title or in a player's name.

use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _,
    sea_query::{Expr, ExprTrait as _},
};

use crate::{
    entity::{players, videos},
    key::words,
    like,
};

/// Every word occurs somewhere. Players are searched apart from their videos:
/// once for each word, not once for each video.
pub(crate) fn mentions(q: &str) -> Condition {
    words(q).fold(Condition::all(), |all, word| {
        let pattern = like::containing(&word);
        let called = players::Entity::find()
            .select_only()
            .column(players::Column::Id)
            .filter(Expr::col(players::Column::NameKey).like(pattern.clone()))
            .into_query();
        all.add(
            Condition::any()
                .add(Expr::col((videos::Entity, videos::Column::TitleKey)).like(pattern))
                .add(videos::Column::OwnerId.in_subquery(called)),
        )
    })
}
