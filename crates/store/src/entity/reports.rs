use sea_orm::entity::prelude::*;

/// What a visitor finds wrong with a video. A unique index is the rule: one
/// report for each visitor and video.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub video_id: Uuid,
    /// Of a player; absent for a visitor without account, or whose is gone.
    pub reporter_id: Option<Uuid>,
    /// Tells visitors apart, but not who they are.
    pub visitor: String,
    pub reason: String,
    pub note: String,
    pub created_at: DateTimeUtc,
    /// Absent while it is open.
    pub resolved_at: Option<DateTimeUtc>,
    pub resolution: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
