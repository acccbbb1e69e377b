use sea_orm_migration::{
    prelude::*,
    schema::{
        integer, integer_null, small_integer, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [panels(), criteria(), members(), sheets(), scores()] {
            manager.create_table(table).await?;
        }
        for (name, table, column) in [
            ("jury_criteria_by_panel", "jury_criteria", "panel_id"),
            ("jury_members_by_juror", "jury_members", "juror_id"),
            ("jury_sheets_by_video", "jury_sheets", "video_id"),
        ] {
            let index = Index::create().name(name).table(table).col(column).take();
            manager.create_index(index).await?;
        }
        let category = Table::alter().table("videos").add_column(text_null("category")).take();
        manager.alter_table(category).await?;
        let by_category = Index::create()
            .name("videos_by_category")
            .table("videos")
            .col("category")
            .col("status")
            .col("id")
            .and_where(Expr::col("category").is_not_null())
            .take();
        manager.create_index(by_category).await
    }
}

/// Goes with what it belongs to.
fn part_of(name: &str, from: &str, column: &str, to: &str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(name.to_owned())
        .from(from.to_owned(), column.to_owned())
        .to(to.to_owned(), "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

fn panels() -> TableCreateStatement {
    Table::create()
        .table("jury_panels")
        .col(uuid("id").primary_key())
        .col(text("name"))
        .col(text("scope"))
        .col(text_null("city"))
        .col(text_null("country"))
        .col(text_null("category"))
        .col(timestamp_with_time_zone_null("opens_at"))
        .col(timestamp_with_time_zone_null("closes_at"))
        .col(timestamp_with_time_zone_null("closed_at"))
        .col(timestamp_with_time_zone("created_at"))
        .check(Expr::cust("scope IN ('all', 'city', 'category')"))
        .take()
}

fn criteria() -> TableCreateStatement {
    Table::create()
        .table("jury_criteria")
        .col(uuid("id").primary_key())
        .col(uuid("panel_id"))
        .col(integer("place"))
        .col(text("name"))
        .col(small_integer("weight"))
        .check(Expr::cust("weight BETWEEN 1 AND 100"))
        .foreign_key(&mut part_of(
            "jury_criteria_panel",
            "jury_criteria",
            "panel_id",
            "jury_panels",
        ))
        .take()
}

/// Nothing here points to players: what a juror has scored outlives the
/// account.
fn members() -> TableCreateStatement {
    Table::create()
        .table("jury_members")
        .col(uuid("panel_id"))
        .col(uuid("juror_id"))
        .col(uuid("seed"))
        .primary_key(Index::create().col("panel_id").col("juror_id"))
        .foreign_key(&mut part_of("jury_members_panel", "jury_members", "panel_id", "jury_panels"))
        .take()
}

fn sheets() -> TableCreateStatement {
    Table::create()
        .table("jury_sheets")
        .col(uuid("panel_id"))
        .col(uuid("video_id"))
        .col(uuid("juror_id"))
        .col(text("state"))
        .col(integer_null("total"))
        .col(text("comment"))
        .col(timestamp_with_time_zone("updated_at"))
        .primary_key(Index::create().col("panel_id").col("video_id").col("juror_id"))
        .check(Expr::cust("state IN ('draft', 'finished', 'recused')"))
        .check(Expr::cust("(state = 'finished') = (total IS NOT NULL)"))
        .check(Expr::cust("total BETWEEN 0 AND 2000"))
        .foreign_key(&mut part_of("jury_sheets_panel", "jury_sheets", "panel_id", "jury_panels"))
        .foreign_key(&mut part_of("jury_sheets_video", "jury_sheets", "video_id", "videos"))
        .take()
}

fn scores() -> TableCreateStatement {
    let mut sheet = ForeignKey::create()
        .name("jury_scores_sheet")
        .from("jury_scores", ("panel_id", "video_id", "juror_id"))
        .to("jury_sheets", ("panel_id", "video_id", "juror_id"))
        .on_delete(ForeignKeyAction::Cascade)
        .take();
    let mut criterion = ForeignKey::create()
        .name("jury_scores_criterion")
        .from("jury_scores", "criterion_id")
        .to("jury_criteria", "id")
        .take();
    Table::create()
        .table("jury_scores")
        .col(uuid("panel_id"))
        .col(uuid("video_id"))
        .col(uuid("juror_id"))
        .col(uuid("criterion_id"))
        .col(small_integer("half_points"))
        .primary_key(
            Index::create().col("panel_id").col("video_id").col("juror_id").col("criterion_id"),
        )
        .check(Expr::cust("half_points BETWEEN 0 AND 20"))
        .foreign_key(&mut sheet)
        .foreign_key(&mut criterion)
        .take()
}
