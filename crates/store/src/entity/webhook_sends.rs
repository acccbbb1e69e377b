use sea_orm::entity::prelude::*;

/// One try to deliver, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_sends")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub delivery_id: Uuid,
    pub no: i32,
    pub at: DateTimeUtc,
    pub took_ms: i64,
    /// Of the answer, if there was one.
    pub status: Option<i32>,
    /// Why there was none.
    pub error: Option<String>,
    /// How it begins.
    pub answer: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
