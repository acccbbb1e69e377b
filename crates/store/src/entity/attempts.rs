use sea_orm::entity::prelude::*;

/// One try at a video. It runs as long as `finished_at` is null, and a unique
/// index lets at most one attempt of a video run.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "attempts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub video_id: Uuid,
    pub no: i32,
    pub token: Uuid,
    pub worker: String,
    pub receipt: String,
    pub started_at: DateTimeUtc,
    pub heartbeat_at: DateTimeUtc,
    pub lease_until: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
    pub outcome: Option<String>,
    pub failure_code: Option<String>,
    pub failure: Option<Json>,
    pub progress: i32,
    pub steps: Json,
    /// When the objects of an unpublished attempt were verified gone.
    pub purged_at: Option<DateTimeUtc>,
    /// Its share of its worker's time.
    pub task_ms: Option<i64>,
    /// What ffmpeg said last.
    pub log_tail: Option<String>,
    /// Whether it makes a published video again.
    pub reprocess: bool,
    /// When a newer result took the place of the one it had published.
    pub replaced_at: Option<DateTimeUtc>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::videos::Entity",
        from = "Column::VideoId",
        to = "super::videos::Column::Id"
    )]
    Video,
}

impl Related<super::videos::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Video.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
