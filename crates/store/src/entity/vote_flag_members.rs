use sea_orm::entity::prelude::*;

/// A vote under suspicion.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vote_flag_members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub flag_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub video_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub player_id: Uuid,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::votes::Entity",
        from = "(Column::VideoId, Column::PlayerId)",
        to = "(super::votes::Column::VideoId, super::votes::Column::PlayerId)"
    )]
    Vote,
}

impl Related<super::votes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Vote.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
