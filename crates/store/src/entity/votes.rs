use sea_orm::entity::prelude::*;

/// The primary key is the rule: one vote per player and video.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "votes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub video_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub player_id: Uuid,
    pub created_at: DateTimeUtc,
    /// Keyed hashes of where it came from, as [`anb_domain::vote_review`] has
    /// them; removed after `vote_review.keep_hashes_days`.
    pub network: Option<String>,
    pub device: Option<String>,
    /// It counts unless this is set.
    pub struck_at: Option<DateTimeUtc>,
    pub struck_reason: Option<String>,
    /// Nobody: from the terminal.
    pub struck_by: Option<Uuid>,
    /// When it was last held against the thresholds; never, when null.
    pub reviewed_at: Option<DateTimeUtc>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::players::Entity",
        from = "Column::PlayerId",
        to = "super::players::Column::Id"
    )]
    Voter,
}

impl Related<super::players::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Voter.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
