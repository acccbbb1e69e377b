//! The queue and the storage, which can be cut off.

use std::{
    ops::Range,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anb_blob::{
    BlobError, BlobInfo, BlobStore, ByteSource, Download, LinkOptions, LocalStore, PartInfo,
    PartUploads, Stored, UploadToken,
};
use anb_domain::SystemIds;
use anb_queue::{
    DeadLetter, DeadLetters, Delivery, Job, JobQueue, MemoryQueue, QueueError, QueueStats, Receipt,
    TableQueue, TableQueueOptions,
};
use anb_store::Db;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::stream::{self, BoxStream, StreamExt};
use url::Url;

use super::{ShiftedClock, VISIBILITY, bytes};

enum Kind {
    Table(TableQueue),
    Memory(MemoryQueue),
}

pub struct Queue {
    kind: Kind,
    pub cut_off: AtomicBool,
}

impl Queue {
    pub async fn table(db: &Db, clock: Arc<ShiftedClock>) -> Self {
        let db = db.writer().clone();
        anb_queue::migrate(&db).await.unwrap();
        let options = TableQueueOptions { visibility: VISIBILITY, poll: Duration::from_millis(50) };
        let queue = TableQueue::new(db, clock, Arc::new(SystemIds), options);
        Self { kind: Kind::Table(queue), cut_off: AtomicBool::new(false) }
    }

    #[expect(clippy::unused_async, reason = "made like the other one")]
    pub async fn memory(_: &Db, clock: Arc<ShiftedClock>) -> Self {
        let queue = MemoryQueue::new(clock, Arc::new(SystemIds), VISIBILITY);
        Self { kind: Kind::Memory(queue), cut_off: AtomicBool::new(false) }
    }

    pub async fn send_body(&self, body: &str) {
        match &self.kind {
            Kind::Table(queue) => queue.send_body(body, None).await.unwrap(),
            Kind::Memory(queue) => queue.send_body(body, None),
        }
    }

    /// Takes every message away, as if the queue had lost them.
    pub async fn loses_everything(&self) {
        for delivery in self.receive(10, Duration::ZERO).await.unwrap() {
            self.delete(&delivery.receipt).await.unwrap();
        }
    }

    fn jobs(&self) -> Result<&dyn JobQueue, QueueError> {
        if self.cut_off.load(Ordering::SeqCst) {
            return Err(QueueError::Unavailable("cut off".into()));
        }
        Ok(match &self.kind {
            Kind::Table(queue) => queue,
            Kind::Memory(queue) => queue,
        })
    }

    fn dead(&self) -> &dyn DeadLetters {
        match &self.kind {
            Kind::Table(queue) => queue,
            Kind::Memory(queue) => queue,
        }
    }
}

#[async_trait]
impl JobQueue for Queue {
    async fn send(&self, job: &Job) -> Result<(), QueueError> {
        self.jobs()?.send(job).await
    }

    async fn receive(&self, max: usize, wait: Duration) -> Result<Vec<Delivery>, QueueError> {
        self.jobs()?.receive(max, wait).await
    }

    async fn extend(&self, receipt: &Receipt, visibility: Duration) -> Result<(), QueueError> {
        self.jobs()?.extend(receipt, visibility).await
    }

    async fn release(&self, receipt: &Receipt, after: Duration) -> Result<(), QueueError> {
        self.jobs()?.release(receipt, after).await
    }

    async fn delete(&self, receipt: &Receipt) -> Result<(), QueueError> {
        self.jobs()?.delete(receipt).await
    }

    async fn stats(&self) -> Result<QueueStats, QueueError> {
        self.jobs()?.stats().await
    }
}

#[async_trait]
impl DeadLetters for Queue {
    async fn peek(&self, max: usize) -> Result<Vec<DeadLetter>, QueueError> {
        self.dead().peek(max).await
    }

    async fn redrive(&self) -> Result<u64, QueueError> {
        self.dead().redrive().await
    }

    async fn purge(&self) -> Result<u64, QueueError> {
        self.dead().purge().await
    }
}

pub struct Storage {
    objects: LocalStore,
    pub cut_off: AtomicBool,
    /// Takes no more files.
    pub full: AtomicBool,
}

impl Storage {
    pub fn new(objects: LocalStore) -> Self {
        Self { objects, cut_off: AtomicBool::new(false), full: AtomicBool::new(false) }
    }

    /// Puts an object there, past the cut.
    pub async fn holds(&self, key: &str, content: &[u8]) -> Stored {
        self.objects.put(key, "video/mp4", bytes(content)).await.unwrap()
    }

    pub async fn has(&self, key: &str) -> bool {
        self.objects.head(key).await.is_ok()
    }

    fn objects(&self) -> Result<&LocalStore, BlobError> {
        if self.cut_off.load(Ordering::SeqCst) {
            return Err(BlobError::Unavailable("cut off".into()));
        }
        Ok(&self.objects)
    }
}

#[async_trait]
impl BlobStore for Storage {
    async fn put(
        &self,
        key: &str,
        content_type: &str,
        source: ByteSource,
    ) -> Result<Stored, BlobError> {
        self.objects()?.put(key, content_type, source).await
    }

    async fn put_file(
        &self,
        key: &str,
        content_type: &str,
        file: &Path,
    ) -> Result<Stored, BlobError> {
        if self.full.load(Ordering::SeqCst) {
            return Err(BlobError::NoSpace(key.to_owned()));
        }
        self.objects()?.put_file(key, content_type, file).await
    }

    async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<Download, BlobError> {
        self.objects()?.get(key, range).await
    }

    async fn get_file(&self, key: &str, file: &Path) -> Result<Stored, BlobError> {
        self.objects()?.get_file(key, file).await
    }

    async fn head(&self, key: &str) -> Result<BlobInfo, BlobError> {
        self.objects()?.head(key).await
    }

    async fn delete(&self, key: &str) -> Result<(), BlobError> {
        self.objects()?.delete(key).await
    }

    fn list(&self, prefix: &str) -> BoxStream<'static, Result<BlobInfo, BlobError>> {
        match self.objects() {
            Ok(objects) => objects.list(prefix),
            Err(error) => stream::once(async { Err(error) }).boxed(),
        }
    }

    async fn purge_staged(&self, older_than: DateTime<Utc>) -> Result<u64, BlobError> {
        self.objects()?.purge_staged(older_than).await
    }

    async fn signed_link(&self, key: &str, options: &LinkOptions) -> Result<Url, BlobError> {
        self.objects()?.signed_link(key, options).await
    }
}

#[async_trait]
impl PartUploads for Storage {
    async fn begin_parts(&self, key: &str, content_type: &str) -> Result<UploadToken, BlobError> {
        self.objects()?.begin_parts(key, content_type).await
    }

    async fn part_link(
        &self,
        key: &str,
        token: &UploadToken,
        number: u32,
        size: u64,
        expires_in: Duration,
    ) -> Result<Url, BlobError> {
        self.objects()?.part_link(key, token, number, size, expires_in).await
    }

    async fn put_part(
        &self,
        key: &str,
        token: &UploadToken,
        number: u32,
        source: ByteSource,
    ) -> Result<PartInfo, BlobError> {
        self.objects()?.put_part(key, token, number, source).await
    }

    async fn parts(&self, key: &str, token: &UploadToken) -> Result<Vec<PartInfo>, BlobError> {
        self.objects()?.parts(key, token).await
    }

    async fn complete_parts(&self, key: &str, token: &UploadToken) -> Result<(), BlobError> {
        self.objects()?.complete_parts(key, token).await
    }

    async fn abort_parts(&self, key: &str, token: &UploadToken) -> Result<(), BlobError> {
        self.objects()?.abort_parts(key, token).await
    }
}
