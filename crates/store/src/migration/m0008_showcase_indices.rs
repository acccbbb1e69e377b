use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = |name| Index::create().name(name).table("videos").take();
        // Sums up each player's votes, and counts, without reading a row.
        let ranked =
            index("videos_by_status_and_owner").col("status").col("owner_id").col("votes").take();
        manager.create_index(ranked).await?;
        // Searches every title without reading a row, newest first.
        let searched = index("videos_by_title")
            .col("status")
            .col("id")
            .col("owner_id")
            .col("title_key")
            .take();
        manager.create_index(searched).await
    }
}
