use sea_orm::entity::prelude::*;

/// How full the queue and how busy the workers were in a minute. Its primary
/// key is the rule: one sample for each minute, however many processes there
/// are.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "samples")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub minute: DateTimeUtc,
    pub visible: Option<i64>,
    pub in_flight: Option<i64>,
    pub delayed: Option<i64>,
    pub dead: Option<i64>,
    pub oldest_s: Option<i64>,
    pub unsent: i64,
    pub workers: i64,
    pub slots: i64,
    pub busy: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
