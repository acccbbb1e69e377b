use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, json_binary, string, timestamp_with_time_zone, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Who saved it stays by name when the account is gone: no foreign key.
        let versions = Table::create()
            .table("contest_settings")
            .col(big_integer("number").primary_key())
            .col(json_binary("document"))
            .col(timestamp_with_time_zone("saved_at"))
            .col(uuid_null("saved_by"))
            .col(string("saved_by_name"))
            .take();
        manager.create_table(versions).await?;
        // What somebody tries out before it is used: one of each administrator.
        let drafts = Table::create()
            .table("brand_drafts")
            .col(uuid("player_id").primary_key())
            .col(json_binary("document"))
            .col(timestamp_with_time_zone("saved_at"))
            .foreign_key(
                ForeignKey::create()
                    .name("brand_draft_player")
                    .from("brand_drafts", "player_id")
                    .to("players", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(drafts).await
    }
}
