use sea_orm::entity::prelude::*;

/// A suspicion about votes.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vote_flags")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Unique: of whom what is suspected, so that it grows and is not flagged
    /// twice.
    pub subject: String,
    pub kind: String,
    pub video_id: Option<Uuid>,
    pub player_id: Option<Uuid>,
    /// Keyed hashes; removed after `vote_review.keep_hashes_days`.
    pub network: Option<String>,
    pub device: Option<String>,
    /// Percent of what it takes to be flagged.
    pub score: i32,
    pub first_at: DateTimeUtc,
    pub last_at: DateTimeUtc,
    pub found_at: DateTimeUtc,
    pub state: String,
    /// How many of its votes the last decision left counting.
    pub left_counting: i32,
    pub decided_at: Option<DateTimeUtc>,
    /// The name of who decided.
    pub decided_by: Option<String>,
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
