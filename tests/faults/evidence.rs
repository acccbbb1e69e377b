//! What is left after the storm, read without any code of ours: rows, objects,
//! messages.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbBackend, FromQueryResult, Statement,
};

use crate::stack::Stack;

#[derive(Debug, Clone, FromQueryResult)]
#[expect(dead_code, reason = "told when a promise about it is broken")]
pub struct Video {
    pub id: String,
    pub status: String,
    pub title: String,
    pub attempt: i32,
    pub tries: i32,
    pub votes: i64,
    pub failure: Option<String>,
}

#[derive(Debug, Clone, FromQueryResult)]
#[expect(dead_code, reason = "told when a promise about its video is broken")]
pub struct Attempt {
    pub video_id: String,
    pub no: i32,
    pub worker: String,
    pub outcome: Option<String>,
    pub failure: Option<String>,
    /// It made a published video again.
    pub reprocess: bool,
    /// It was published, and another one is now.
    pub is_replaced: bool,
    /// Its objects are known to be gone.
    pub is_purged: bool,
}

/// A published video that was to be made again.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Job {
    pub video_id: String,
    pub state: String,
    pub tries: i32,
    pub failure: Option<String>,
}

/// Videos that an operator looks for.
#[derive(Debug, Clone, Copy)]
pub enum Which {
    Running,
    Failed,
    Published,
}

#[derive(Debug, FromQueryResult)]
struct Id {
    id: String,
}

#[derive(Debug, Clone, FromQueryResult)]
struct Vote {
    video_id: String,
    player_id: String,
}

#[derive(Debug, FromQueryResult)]
struct Count {
    count: i64,
}

const VIDEOS: &str = "
    SELECT id::text, status, title, attempt, tries, votes, failure::text FROM videos ORDER BY id";
const ATTEMPTS: &str = "
    SELECT video_id::text, no, worker, outcome, failure::text, reprocess,
           replaced_at IS NOT NULL AS is_replaced, purged_at IS NOT NULL AS is_purged
    FROM attempts ORDER BY video_id, no";
const JOBS: &str = "SELECT video_id::text, state, tries, failure::text FROM reprocess_jobs";
const VOTES: &str = "SELECT video_id::text, player_id::text FROM votes WHERE struck_at IS NULL";
const UNSETTLED: &str = "
    SELECT count(*) AS count FROM videos WHERE status IN ('pending', 'processing')
    OR EXISTS (SELECT 1 FROM reprocess_jobs WHERE video_id = videos.id AND ended_at IS NULL)";
const RUNNING: &str = "SELECT video_id::text AS id FROM attempts WHERE finished_at IS NULL";
const FAILED: &str = "SELECT id::text FROM videos WHERE status = 'failed'";
const PUBLISHED: &str = "SELECT id::text FROM videos WHERE status = 'completed'";
const OUTBOX: &str = "SELECT count(*) AS count FROM outbox";
const MESSAGES: &str = "SELECT count(*) AS count FROM queue_messages WHERE dead_at_us IS NULL";

/// The database, past the line that is cut.
pub struct Witness {
    db: DatabaseConnection,
}

impl Witness {
    pub async fn of(stack: &Stack) -> Self {
        let mut options = ConnectOptions::new(stack.postgres.url("postgres"));
        options.max_connections(2).sqlx_logging(false);
        Self { db: Database::connect(options).await.expect("PostgreSQL answers") }
    }

    /// Videos that have not ended, or are to be made again; `None` while the
    /// database is down.
    pub async fn unsettled(&self) -> Option<u64> {
        self.count(UNSETTLED).await
    }

    /// What still has to happen, in words; `None` when all is quiet.
    pub async fn unrest(&self, stack: &Stack) -> Option<String> {
        let (videos, outbox) = (self.unsettled().await, self.count(OUTBOX).await);
        let messages = match &stack.aws {
            Some(aws) => Some(aws.messages().await),
            None => self.count(MESSAGES).await,
        };
        if (videos, outbox, messages) == (Some(0), Some(0), Some(0)) {
            return None;
        }
        let said = |count: Option<u64>| count.map_or("?".into(), |count| count.to_string());
        let (videos, outbox, messages) = (said(videos), said(outbox), said(messages));
        Some(format!("{videos} videos, {outbox} outbox entries, {messages} messages wait"))
    }

    pub async fn videos(&self) -> Vec<Video> {
        self.all(VIDEOS).await
    }

    /// The attempts of each video.
    pub async fn attempts(&self) -> HashMap<String, Vec<Attempt>> {
        let mut attempts: HashMap<_, Vec<_>> = HashMap::new();
        for attempt in self.all::<Attempt>(ATTEMPTS).await {
            attempts.entry(attempt.video_id.clone()).or_default().push(attempt);
        }
        attempts
    }

    /// Of each video, how often it was to be made again, and what came of it.
    pub async fn jobs(&self) -> HashMap<String, Vec<Job>> {
        let mut jobs: HashMap<_, Vec<_>> = HashMap::new();
        for job in self.all::<Job>(JOBS).await {
            jobs.entry(job.video_id.clone()).or_default().push(job);
        }
        jobs
    }

    /// The ids of some videos; `None` while the database is down.
    pub async fn some(&self, which: Which) -> Option<Vec<String>> {
        let sql = match which {
            Which::Running => RUNNING,
            Which::Failed => FAILED,
            Which::Published => PUBLISHED,
        };
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        let ids = Id::find_by_statement(statement).all(&self.db).await.ok()?;
        Some(ids.into_iter().map(|row| row.id).collect())
    }

    /// The voters of each video.
    pub async fn votes(&self) -> HashMap<String, Vec<String>> {
        let mut votes: HashMap<_, Vec<_>> = HashMap::new();
        for vote in self.all::<Vote>(VOTES).await {
            votes.entry(vote.video_id).or_default().push(vote.player_id);
        }
        votes
    }

    async fn all<R: FromQueryResult>(&self, sql: &str) -> Vec<R> {
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        R::find_by_statement(statement).all(&self.db).await.expect("PostgreSQL answers")
    }

    async fn count(&self, sql: &str) -> Option<u64> {
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        let row = Count::find_by_statement(statement).one(&self.db).await.ok()??;
        u64::try_from(row.count).ok()
    }
}

/// Every object with its bytes, and what is left of unfinished writes.
pub async fn objects(stack: &Stack) -> (BTreeMap<String, Vec<u8>>, Vec<String>) {
    if let Some(aws) = &stack.aws {
        return (aws.objects().await, aws.open_uploads().await);
    }
    let mut objects = BTreeMap::new();
    read_folder(&stack.objects_folder(), "", &mut objects);
    // Only names that begin so belong to objects.
    let is_object = |key: &String| key.starts_with("uploads/") || key.starts_with("processed/");
    let staged = objects.keys().filter(|key| !is_object(key)).cloned().collect();
    objects.retain(|key, _| is_object(key));
    (objects, staged)
}

fn read_folder(folder: &Path, prefix: &str, objects: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let key = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read_folder(&entry.path(), &format!("{key}/"), objects);
        } else {
            objects.insert(key, fs::read(entry.path()).unwrap_or_default());
        }
    }
}
