use sea_orm_migration::{
    prelude::*,
    schema::{text, timestamp_with_time_zone, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let players = Table::create()
            .table("players")
            .col(uuid("id").primary_key())
            .col(text("first_name"))
            .col(text("last_name"))
            .col(text("email"))
            .col(text("email_key").unique_key())
            .col(text("password_hash"))
            .col(text("city"))
            .col(text("country"))
            .col(text("city_key"))
            .col(text("country_key"))
            .col(text("name_key"))
            .col(text("role"))
            .col(timestamp_with_time_zone("created_at"))
            .check(Expr::cust("role IN ('player', 'jury', 'operator', 'admin')"))
            .take();
        manager.create_table(players).await?;
        // Filters of the public list and of the ranking.
        let by_city = Index::create()
            .name("players_by_city")
            .table("players")
            .col("city_key")
            .col("country_key")
            .take();
        manager.create_index(by_city).await
    }
}
