use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "videos")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// No foreign key: a tombstone outlives its player.
    pub owner_id: Uuid,
    pub title: String,
    /// The title as [`crate::key`] makes it comparable.
    pub title_key: String,
    /// The id of one of the contest's categories, where it has some.
    pub category: Option<String>,
    pub status: String,
    /// Ordinal of the attempt that runs or is published, or was the last; only
    /// ever grows. An attempt that makes a published video again comes here
    /// once it is published itself.
    pub attempt: i32,
    pub tries: i32,
    pub size_bytes: Option<i64>,
    /// Absent until somebody of ours has read the whole original.
    pub sha256: Option<String>,
    pub content_type: Option<String>,
    /// Of the request that finished the upload; goes out with every message.
    pub traceparent: Option<String>,
    pub failure: Option<Json>,
    pub duration_s: Option<f64>,
    /// Equals the number of rows in `votes` that are not struck.
    pub votes: i64,
    pub created_at: DateTimeUtc,
    /// Only while `uploading`.
    pub upload_expires_at: Option<DateTimeUtc>,
    pub uploaded_at: Option<DateTimeUtc>,
    /// Only while `pending`, once the message is in the queue.
    pub queued_at: Option<DateTimeUtc>,
    pub processed_at: Option<DateTimeUtc>,
    pub deleted_at: Option<DateTimeUtc>,
    /// When all objects of a tombstone were verified gone.
    pub purged_at: Option<DateTimeUtc>,
    /// See [`anb_domain::Visibility`]; the database says `public` of a new row.
    pub visibility: String,
    /// What its owner is told about it.
    pub visibility_reason: Option<String>,
    /// When it was last ruled who sees it; absent until then.
    pub visibility_at: Option<DateTimeUtc>,
    /// With which recipe the published result was made.
    pub recipe: Option<String>,
    /// The highest ordinal given to an attempt that makes it again.
    pub reprocess_attempt: i32,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::players::Entity",
        from = "Column::OwnerId",
        to = "super::players::Column::Id"
    )]
    Owner,
}

impl Related<super::players::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Owner.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
