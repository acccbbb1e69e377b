use sea_orm::entity::prelude::*;

/// Somebody who is told of events.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_endpoints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub url: String,
    pub description: String,
    /// Names of the events it wants.
    pub events: Json,
    pub active: bool,
    /// Which of its secrets is in force; the secrets themselves are kept
    /// nowhere.
    pub secret_no: i32,
    /// When that one took the place of another.
    pub secret_since: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
