use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factors")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub player_id: Uuid,
    pub sealed_secret: String,
    /// The latest time step whose code was taken: no code is taken twice.
    pub last_step: i64,
    /// Hashes of the recovery codes that are left.
    #[sea_orm(column_type = "JsonBinary")]
    pub recovery: Json,
    pub created_at: DateTimeUtc,
    /// Until its first code was shown, it is none.
    pub confirmed_at: Option<DateTimeUtc>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
