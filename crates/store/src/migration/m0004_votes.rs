use sea_orm_migration::{
    prelude::*,
    schema::{timestamp_with_time_zone, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let to = |name, column, table| {
            ForeignKey::create().name(name).from("votes", column).to(table, "id").take()
        };
        let votes = Table::create()
            .table("votes")
            .col(uuid("video_id"))
            .col(uuid("player_id"))
            .col(timestamp_with_time_zone("created_at"))
            .primary_key(Index::create().col("video_id").col("player_id"))
            .foreign_key(&mut to("votes_video", "video_id", "videos"))
            .foreign_key(&mut to("votes_player", "player_id", "players"))
            .take();
        manager.create_table(votes).await?;
        let by_player =
            Index::create().name("votes_by_player").table("votes").col("player_id").take();
        manager.create_index(by_player).await
    }
}
