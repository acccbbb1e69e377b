use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, text_null, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut video = ForeignKey::create()
            .name("part_uploads_video")
            .from("part_uploads", "video_id")
            .to("videos", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .take();
        let uploads = Table::create()
            .table("part_uploads")
            .col(uuid("video_id").primary_key())
            .col(text_null("token"))
            .col(big_integer("size_bytes"))
            .col(big_integer("part_size_bytes"))
            .check(Expr::cust("size_bytes > 0"))
            .check(Expr::cust("part_size_bytes > 0"))
            .foreign_key(&mut video)
            .take();
        manager.create_table(uploads).await
    }
}
