use sea_orm::entity::prelude::*;

/// Something that has happened to a video. Never changed.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "video_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub video_id: Uuid,
    pub at: DateTimeUtc,
    pub kind: String,
    pub attempt: Option<i32>,
    /// Who did it; a worker or the upkeep where nobody is named.
    pub actor: Option<String>,
    pub detail: Option<Json>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
