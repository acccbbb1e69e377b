//! Sends, receives and deletes a message where no worker can see it, and
//! looks at the real queue.

use std::{sync::Arc, time::Duration};

use anb_config::QueueKind;
use anb_domain::VideoId;
use anb_queue::{Job, JobQueue, QueueStats, TableQueue, table::TableQueueOptions};
use anb_store::{Db, DbOptions};
use anyhow::ensure;

use super::{Ailment, Check};
use crate::platform::Platform;

pub async fn check(platform: &Platform) -> Check {
    let outcome = match examine(platform).await {
        Ok(stats) => Ok(format!(
            "{} waiting, {} in flight, {} dead letters; a message went round",
            stats.visible + stats.delayed,
            stats.in_flight,
            stats.dead
        )),
        Err(error) => {
            Err(Ailment::new(format!("{error:#}"), super::database::remedy(&platform.settings)))
        }
    };
    Check::new("queue", outcome)
}

async fn examine(platform: &Platform) -> anyhow::Result<QueueStats> {
    let stats = platform.queue.stats().await?;
    if platform.settings.queue.kind() == QueueKind::Table {
        round_trip(platform).await?;
    }
    Ok(stats)
}

/// In the queue itself a worker might take the message first, so it goes
/// round in a table of the same make, in a database in memory.
async fn round_trip(platform: &Platform) -> anyhow::Result<()> {
    let options = DbOptions {
        url: "sqlite::memory:".into(),
        max_connections: 1,
        acquire_timeout: Duration::from_secs(5),
        ..DbOptions::default()
    };
    let db = Db::connect(&options).await?;
    anb_queue::table::migrate(db.writer()).await?;
    let (clock, ids) = (Arc::clone(&platform.clock), Arc::clone(&platform.ids));
    let queue = TableQueue::new(db.writer().clone(), clock, ids, TableQueueOptions::default());
    let job = Job::new(VideoId(platform.ids.sortable()));
    queue.send(&job).await?;
    let received = queue.receive(1, Duration::from_secs(1)).await?;
    ensure!(received.len() == 1 && received[0].job()? == job, "a message got lost");
    queue.delete(&received[0].receipt).await?;
    ensure!(queue.stats().await?.is_empty(), "a deleted message is still there");
    Ok(())
}
