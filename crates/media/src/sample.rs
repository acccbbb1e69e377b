//! A few seconds of moving test pictures with a brand on them, made as every
//! clip is: to look at a brand before it is used.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anb_config::{MediaSettings, contest::BrandPart};
use anb_domain::{ShowcaseRules, keys::ResultFile};
use tokio_util::sync::CancellationToken;

use crate::{
    LogTail, Media, MediaError, ProcessJob, Terms, Threads, Transcoder as _, recipe,
    runner::Job,
    tools::{self, Tools},
};

/// Long enough to see the watermark on something that moves.
const LENGTH_S: u32 = 2;

/// What the pictures are called before they have a brand.
const RAW: &str = "raw.mp4";

/// Whether there is an ffmpeg to make one with.
#[must_use]
pub fn can_sample(settings: &MediaSettings) -> bool {
    Tools::find(settings).is_ok()
}

/// Makes the clip inside `folder`, which is private and empty, on one thread:
/// whoever asks has other things to do. Dropped, it leaves no process behind.
///
/// # Errors
/// When ffmpeg is missing, or fails.
pub async fn sample(
    settings: &MediaSettings,
    brand: &BrandPart,
    folder: &Path,
    on_progress: Box<dyn Fn(u8) + Send + Sync>,
) -> Result<PathBuf, MediaError> {
    let rules = ShowcaseRules { min_duration_s: 0.0, ..ShowcaseRules::default() };
    let terms = Terms::fixed(settings, rules, brand)?;
    let (cache, work_dir) = (folder.join("cache"), folder.join("work"));
    std::fs::create_dir(&work_dir)?;
    let media = Media::prepare(settings.clone(), Arc::new(terms), cache).await?;
    let log = LogTail::default();
    let input = film(settings, folder, &log).await?;
    let video = work_dir.join(ResultFile::Video.file_name());
    let threads = Threads::Limited(1);
    let cancel = CancellationToken::new();
    media.process(ProcessJob { input, work_dir, threads, on_progress, cancel, log }).await?;
    Ok(video)
}

async fn film(
    settings: &MediaSettings,
    folder: &Path,
    log: &LogTail,
) -> Result<PathBuf, MediaError> {
    let tools = Tools::find(settings)?;
    let patience = tools::patience(settings, &CancellationToken::new(), log);
    let job = Job {
        program: &tools.ffmpeg,
        arguments: recipe::test_pictures(LENGTH_S, RAW),
        folder: folder.to_owned(),
        on_time: None,
    };
    tools::judge(&tools.runner.run(job, &patience).await?)?;
    Ok(folder.join(RAW))
}
