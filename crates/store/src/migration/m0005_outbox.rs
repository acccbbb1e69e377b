use sea_orm_migration::{
    prelude::*,
    schema::{integer, text_null, timestamp_with_time_zone, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut video = ForeignKey::create()
            .name("outbox_video")
            .from("outbox", "video_id")
            .to("videos", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .take();
        let outbox = Table::create()
            .table("outbox")
            .col(uuid("id").primary_key())
            .col(uuid("video_id"))
            .col(text_null("traceparent"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("due_at"))
            .col(integer("tries"))
            .foreign_key(&mut video)
            .take();
        manager.create_table(outbox).await?;
        for column in ["due_at", "video_id"] {
            let index = Index::create()
                .name(format!("outbox_by_{column}"))
                .table("outbox")
                .col(column)
                .take();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
