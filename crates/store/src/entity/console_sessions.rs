use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "console_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Unique: of what the browser shows, which is not kept itself.
    pub token_hash: String,
    pub player_id: Uuid,
    /// Differs as soon as the password is another.
    pub password_mark: String,
    pub created_at: DateTimeUtc,
    pub seen_at: DateTimeUtc,
    /// However busy it is.
    pub expires_at: DateTimeUtc,
    /// When the second factor was shown; until then the session opens nothing.
    pub verified_at: Option<DateTimeUtc>,
    pub address: Option<String>,
    pub agent: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::players::Entity",
        from = "Column::PlayerId",
        to = "super::players::Column::Id"
    )]
    Player,
}

impl Related<super::players::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Player.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
