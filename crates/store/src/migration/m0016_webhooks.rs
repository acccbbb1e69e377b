use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, integer, integer_null, json_binary, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(endpoints()).await?;
        manager.create_table(events()).await?;
        manager.create_table(deliveries()).await?;
        manager.create_table(sends()).await?;
        let indices = [
            // One delivery per event and endpoint: whoever announces twice
            // tells once.
            ("webhook_deliveries_once", "webhook_deliveries", vec!["event_id", "endpoint_id"]),
            ("webhook_sends_of_delivery", "webhook_sends", vec!["delivery_id", "no"]),
        ];
        for (name, table, columns) in indices {
            manager.create_index(index(name, table, &columns).unique().take()).await?;
        }
        let indices = [
            ("webhook_deliveries_due", "webhook_deliveries", vec!["state", "due_at"]),
            ("webhook_deliveries_log", "webhook_deliveries", vec!["endpoint_id", "id"]),
            ("webhook_events_by_time", "webhook_events", vec!["created_at"]),
        ];
        for (name, table, columns) in indices {
            manager.create_index(index(name, table, &columns)).await?;
        }
        Ok(())
    }
}

fn endpoints() -> TableCreateStatement {
    Table::create()
        .table("webhook_endpoints")
        .col(uuid("id").primary_key())
        .col(text("url"))
        .col(text("description"))
        .col(json_binary("events"))
        .col(boolean("active"))
        .col(integer("secret_no"))
        .col(timestamp_with_time_zone_null("secret_since"))
        .col(timestamp_with_time_zone("created_at"))
        .take()
}

fn events() -> TableCreateStatement {
    Table::create()
        .table("webhook_events")
        .col(uuid("id").primary_key())
        .col(text("kind"))
        .col(text("key").unique_key())
        .col(text("payload"))
        .col(timestamp_with_time_zone("created_at"))
        .take()
}

fn deliveries() -> TableCreateStatement {
    Table::create()
        .table("webhook_deliveries")
        .col(uuid("id").primary_key())
        .col(uuid("endpoint_id"))
        .col(uuid("event_id"))
        .col(text("state"))
        .col(integer("sends"))
        .col(timestamp_with_time_zone("due_at"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("finished_at"))
        .foreign_key(&mut belongs("webhook_deliveries", "endpoint_id", "webhook_endpoints"))
        .foreign_key(&mut belongs("webhook_deliveries", "event_id", "webhook_events"))
        .take()
}

fn sends() -> TableCreateStatement {
    Table::create()
        .table("webhook_sends")
        .col(uuid("id").primary_key())
        .col(uuid("delivery_id"))
        .col(integer("no"))
        .col(timestamp_with_time_zone("at"))
        .col(big_integer("took_ms"))
        .col(integer_null("status"))
        .col(text_null("error"))
        .col(text_null("answer"))
        .foreign_key(&mut belongs("webhook_sends", "delivery_id", "webhook_deliveries"))
        .take()
}

fn belongs(
    table: &'static str,
    column: &'static str,
    owner: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(table, column)
        .to(owner, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

fn index(name: &str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}
