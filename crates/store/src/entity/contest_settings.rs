use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contest_settings")]
pub struct Model {
    /// Counted from 1; the highest is in force.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub document: Json,
    pub saved_at: DateTimeUtc,
    /// The account of whoever saved it, which may be gone; none of the terminal.
    pub saved_by: Option<Uuid>,
    pub saved_by_name: String,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
