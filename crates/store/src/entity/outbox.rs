use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub video_id: Uuid,
    pub traceparent: Option<String>,
    pub created_at: DateTimeUtc,
    /// When it may be taken: now, after a pause, or when the lease of the
    /// process that sends it runs out.
    pub due_at: DateTimeUtc,
    pub tries: i32,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
