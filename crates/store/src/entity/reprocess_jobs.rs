use sea_orm::entity::prelude::*;

/// One published video that is made again. A unique index lets at most one job
/// of a video be open.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reprocess_jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub video_id: Uuid,
    pub state: String,
    /// Tries that count.
    pub tries: i32,
    /// The worker that let it into the queue.
    pub pacer: Option<String>,
    pub wanted_at: DateTimeUtc,
    /// When its message was last sent.
    pub queued_at: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
    pub failure: Option<Json>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
