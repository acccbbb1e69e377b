//! A transcoder that does what a test tells it to.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use anb_domain::{Failure, FailureCode, SourceFacts, keys::ResultFile};
use anb_media::{MediaError, ProcessJob, Produced, Step, Threads, Transcoder};
use async_trait::async_trait;
use tokio::sync::Notify;

/// What becomes of one try.
pub enum Act {
    Succeed,
    Fail(FailureCode),
    Reject(FailureCode),
    /// Goes on until it is cancelled.
    Hang,
    /// Succeeds once notified; notices no cancellation before.
    Wait(Arc<Notify>),
    Panic,
}

/// Plays its acts one after the other; succeeds once there are none left.
#[derive(Default)]
pub struct Script {
    acts: Mutex<VecDeque<Act>>,
    running: AtomicUsize,
    cancelled: AtomicUsize,
    threads: Mutex<Vec<Threads>>,
    pub recipe: Mutex<String>,
}

struct OnStage<'a>(&'a Script);

impl Drop for OnStage<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Script {
    pub fn then(&self, act: Act) {
        self.acts.lock().unwrap().push_back(act);
    }

    /// How many tries are at it now.
    pub fn running(&self) -> usize {
        self.running.load(Ordering::SeqCst)
    }

    /// How many have ended because they were cancelled.
    pub fn cancelled(&self) -> usize {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// The threads that each try was given.
    pub fn threads(&self) -> Vec<Threads> {
        self.threads.lock().unwrap().clone()
    }

    fn next(&self) -> Act {
        self.acts.lock().unwrap().pop_front().unwrap_or(Act::Succeed)
    }
}

#[async_trait]
impl Transcoder for Script {
    async fn recipe(&self) -> String {
        self.recipe.lock().unwrap().clone()
    }

    async fn process(&self, job: ProcessJob) -> Result<Produced, MediaError> {
        self.running.fetch_add(1, Ordering::SeqCst);
        let _on_stage = OnStage(self);
        self.threads.lock().unwrap().push(job.threads);
        (job.on_progress)(40);
        match self.next() {
            Act::Succeed => {}
            Act::Fail(code) => {
                return Err(MediaError::Failed(Failure::new(code).with_detail("as scripted")));
            }
            Act::Reject(code) => return Err(MediaError::Rejected(Failure::new(code))),
            Act::Hang => {
                job.cancel.cancelled().await;
                self.cancelled.fetch_add(1, Ordering::SeqCst);
                return Err(MediaError::Cancelled);
            }
            Act::Wait(cue) => cue.notified().await,
            Act::Panic => panic!("as scripted"),
        }
        produce(&job, self.recipe().await).await
    }
}

async fn produce(job: &ProcessJob, recipe: String) -> Result<Produced, MediaError> {
    let original = tokio::fs::read(&job.input).await.unwrap();
    for file in ResultFile::ALL {
        tokio::fs::write(job.work_dir.join(file.file_name()), &original).await.unwrap();
    }
    (job.on_progress)(100);
    Ok(Produced {
        source: SourceFacts {
            size_bytes: original.len() as u64,
            duration_s: 60.0,
            width: 1920,
            height: 1080,
            frame_rate: 30.0,
            codec: "h264".into(),
            container: "mov,mp4".into(),
        },
        duration_s: 34.5,
        size_bytes: original.len() as u64,
        steps: vec![Step {
            name: "transcode",
            duration_ms: 1200,
            cpu_ms: Some(2300),
            size_bytes: Some(original.len() as u64),
        }],
        recipe,
    })
}
