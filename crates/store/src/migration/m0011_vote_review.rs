use sea_orm_migration::{
    prelude::*,
    schema::{
        integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
        uuid_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement: SQLite knows no other way.
        for column in of_votes() {
            let table = Table::alter().table("votes").add_column(column).take();
            manager.alter_table(table).await?;
        }
        for column in [text_null("signup_network"), text_null("signup_device")] {
            let table = Table::alter().table("players").add_column(column).take();
            manager.alter_table(table).await?;
        }
        manager.create_table(flags()).await?;
        manager.create_table(members()).await?;
        for index in indices() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn of_votes() -> [ColumnDef; 6] {
    [
        text_null("network"),
        text_null("device"),
        timestamp_with_time_zone_null("struck_at"),
        text_null("struck_reason"),
        uuid_null("struck_by"),
        timestamp_with_time_zone_null("reviewed_at"),
    ]
}

/// Neither video nor player has a foreign key: what is suspected must not make
/// anybody wait who votes or leaves.
fn flags() -> TableCreateStatement {
    Table::create()
        .table("vote_flags")
        .col(uuid("id").primary_key())
        .col(text("subject").unique_key())
        .col(text("kind"))
        .col(uuid_null("video_id"))
        .col(uuid_null("player_id"))
        .col(text_null("network"))
        .col(text_null("device"))
        .col(integer("score"))
        .col(timestamp_with_time_zone("first_at"))
        .col(timestamp_with_time_zone("last_at"))
        .col(timestamp_with_time_zone("found_at"))
        .col(text("state"))
        .col(integer("left_counting"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(text_null("decided_by"))
        .col(text_null("reason"))
        .check(Expr::cust("kind IN ('network', 'device', 'burst', 'fast')"))
        .check(Expr::cust("state IN ('open', 'dismissed', 'struck')"))
        .take()
}

/// A vote that is withdrawn leaves the suspicion with it.
fn members() -> TableCreateStatement {
    let to_flag = ForeignKey::create()
        .name("vote_flag_members_flag")
        .from("vote_flag_members", "flag_id")
        .to("vote_flags", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take();
    let to_vote = ForeignKey::create()
        .name("vote_flag_members_vote")
        .from("vote_flag_members", ("video_id", "player_id"))
        .to("votes", ("video_id", "player_id"))
        .on_delete(ForeignKeyAction::Cascade)
        .take();
    Table::create()
        .table("vote_flag_members")
        .col(uuid("flag_id"))
        .col(uuid("video_id"))
        .col(uuid("player_id"))
        .primary_key(Index::create().col("flag_id").col("video_id").col("player_id"))
        .foreign_key(&mut to_flag.clone())
        .foreign_key(&mut to_vote.clone())
        .take()
}

fn indices() -> [IndexCreateStatement; 6] {
    let index = |name, table| Index::create().name(name).table(table).take();
    [
        index("votes_by_time", "votes").col("video_id").col("created_at").take(),
        index("votes_to_review", "votes")
            .col("created_at")
            .and_where(Expr::col("reviewed_at").is_null())
            .take(),
        index("votes_with_footprint", "votes")
            .col("created_at")
            .and_where(Expr::cust("(network IS NOT NULL OR device IS NOT NULL)"))
            .take(),
        index("players_with_footprint", "players")
            .col("created_at")
            .and_where(Expr::cust("(signup_network IS NOT NULL OR signup_device IS NOT NULL)"))
            .take(),
        index("vote_flags_by_state", "vote_flags").col("state").col("last_at").take(),
        index("vote_flag_members_by_vote", "vote_flag_members")
            .col("video_id")
            .col("player_id")
            .take(),
    ]
}
