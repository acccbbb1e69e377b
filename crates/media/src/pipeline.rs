//! Probe, gate, transcode, join, check: one clip from end to end.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Instant,
};

use anb_config::MediaSettings;
use anb_domain::{Failure, FailureCode, ShowcaseRules, keys::ResultFile};
use anb_telemetry::catalogue::{ENCODE_SPEED, FFMPEG_MEMORY};
use tracing::{Instrument as _, info_span};

use crate::{
    MediaError, ProcessJob, Produced, Step, Transcoder,
    brand::Brand,
    bumpers::Bumpers,
    check::check,
    fingerprint,
    gate::{self, Admitted},
    mp4::Index,
    probe::{self, Probe},
    recipe::{self, Transcode, WATERMARK_FILES},
    runner::{Ended, Job, OnTime, Patience},
    sniff::{self, Container},
    terms::{Terms, TermsSource},
    tools::{self, Tools, failed, rejected},
};

/// Steps that an ffmpeg of their own does.
const TRANSCODE: &str = "transcode";
const JOIN: &str = "join";
/// The share of the work, in percent, that the transcoding is.
const TRANSCODE_PERCENT: f64 = 96.0;
/// Coded sizes are rounded up to whole blocks.
const BLOCK_PIXELS: u64 = 64;
/// Packets beyond the longest accepted clip are not looked at.
const READ_FURTHER_S: f64 = 10.0;
/// When decoding ends this much before the packets do, in seconds, pictures
/// were lost.
const LOST_S: f64 = 0.3;

/// The real thing.
#[derive(Debug)]
pub struct Media {
    settings: MediaSettings,
    terms: Arc<dyn TermsSource>,
    tools: Tools,
    cache_dir: PathBuf,
    bumpers: Bumpers,
}

/// What is in force for one job, however long it takes.
struct InForce {
    rules: ShowcaseRules,
    brand: Brand,
}

impl InForce {
    fn max_pixels(&self) -> u64 {
        let side = u64::from(self.rules.max_side) + BLOCK_PIXELS;
        side * side
    }
}

impl Media {
    /// Finds ffmpeg; nothing is started or rendered before the first clip.
    /// `terms` tells each job what is in force. `cache_dir` keeps rendered artwork and encoded
    /// cards.
    ///
    /// # Errors
    /// [`MediaError::Failed`] when ffmpeg is missing.
    #[expect(clippy::unused_async, reason = "the signature leaves room to await")]
    pub async fn prepare(
        settings: MediaSettings,
        terms: Arc<dyn TermsSource>,
        cache_dir: PathBuf,
    ) -> Result<Self, MediaError> {
        let cache_dir = fs::create_dir_all(&cache_dir)
            .and_then(|()| fs::canonicalize(&cache_dir))
            .map_err(|error| {
                let detail = format!("cannot use the cache {}: {error}", cache_dir.display());
                failed(FailureCode::Internal, detail)
            })?;
        Ok(Self {
            tools: Tools::find(&settings)?,
            bumpers: Bumpers::new(cache_dir.clone()),
            cache_dir,
            settings,
            terms,
        })
    }

    async fn in_force(&self) -> InForce {
        let Terms { rules, artwork } = self.terms.terms().await;
        InForce { rules, brand: Brand::new(artwork, &self.cache_dir) }
    }

    async fn probe(
        &self,
        now: &InForce,
        input: &Path,
        work_dir: &Path,
        patience: &Patience,
    ) -> Result<(Probe, Admitted), MediaError> {
        let size_bytes = fs::metadata(input)?.len();
        if size_bytes > now.rules.max_size_bytes {
            let (limit, actual) = (now.rules.max_size_bytes as f64, size_bytes as f64);
            let failure = Failure::measured(FailureCode::TooLarge, limit, actual);
            return Err(MediaError::Rejected(failure));
        }
        let container = recognise(input)?;
        let read_s = now.rules.max_duration_s.max(self.settings.trim_s) + READ_FURTHER_S;
        let job = Job {
            program: &self.tools.ffprobe,
            arguments: probe::arguments(input, container, read_s, now.max_pixels()),
            folder: work_dir.to_owned(),
            on_time: None,
        };
        let ended = self.tools.runner.run(job, patience).await?;
        if let Some((width, height)) = probe::refused_size(&ended.complaints) {
            let failure = gate::too_many_pixels(&now.rules, width.max(height));
            return Err(MediaError::Rejected(failure));
        }
        let probe = described(&ended, container)?;
        let trim_s = self.settings.trim_s;
        let admitted = gate::admit(&probe, size_bytes, &now.rules, trim_s).map_err(|failure| {
            MediaError::Rejected(match failure.detail {
                Some(_) => failure,
                None => failure.with_detail(ended.complaints.clone()),
            })
        })?;
        Ok((probe, admitted))
    }

    async fn transcode(
        &self,
        recipe: &Transcode,
        job: &ProcessJob,
        on_time: &OnTime,
        patience: &Patience,
    ) -> Result<Ended, MediaError> {
        if let Some(marks) = &recipe.watermarks {
            for (mark, name) in [&marks.large, &marks.small].into_iter().zip(WATERMARK_FILES) {
                fs::copy(&mark.file, job.work_dir.join(name))?;
            }
        }
        let run = Job {
            program: &self.tools.ffmpeg,
            arguments: recipe.arguments(),
            folder: job.work_dir.clone(),
            on_time: Some(on_time),
        };
        let ended = self.tools.runner.run(run, patience).await?;
        note_memory(TRANSCODE, &ended);
        tools::judge(&ended)?;
        Ok(ended)
    }

    async fn join(
        &self,
        brand: &Brand,
        recipe: &Transcode,
        job: &ProcessJob,
        patience: &Patience,
    ) -> Result<Ended, MediaError> {
        let card = |length_s| {
            let look = (length_s, recipe.encoding);
            self.bumpers.card(brand, &self.tools, look, patience)
        };
        let clip = job.work_dir.join(recipe::CLIP_FILE);
        let parts: Vec<PathBuf> =
            [card(recipe.opening_s).await?, Some(clip), card(recipe.closing_s).await?]
                .into_iter()
                .flatten()
                .collect();
        check_joinable(&parts)?;
        fs::write(job.work_dir.join(recipe::LIST_FILE), recipe::join_list(&parts))?;
        let run = Job {
            program: &self.tools.ffmpeg,
            arguments: recipe::join(recipe.encoding.rate, recipe.kept_audio().is_some()),
            folder: job.work_dir.clone(),
            on_time: None,
        };
        let ended = self.tools.runner.run(run, patience).await?;
        note_memory(JOIN, &ended);
        // Whatever goes wrong here, the clip itself was decoded.
        tools::judge(&ended).map_err(blame_us)?;
        let made_on_the_way = [recipe::CLIP_FILE, recipe::LIST_FILE, recipe::SOUND_FILE];
        for left_over in made_on_the_way.into_iter().chain(WATERMARK_FILES) {
            let _ = fs::remove_file(job.work_dir.join(left_over));
        }
        Ok(ended)
    }
}

#[async_trait::async_trait]
impl Transcoder for Media {
    async fn process(&self, mut job: ProcessJob) -> Result<Produced, MediaError> {
        let patience = tools::patience(&self.settings, &job.cancel, &job.log);
        // Children run in the work folder: relative paths would mean another.
        job.work_dir = fs::canonicalize(&job.work_dir)?;
        job.log.begin(&job.work_dir);
        let percent = Percent::new(&mut job);
        let mut steps = Steps::default();

        let now = self.in_force().await;
        let probed = self.probe(&now, &job.input, &job.work_dir, &patience);
        let (probe, clip) = probed.instrument(info_span!("probe")).await?;
        steps.done("probe", None, Some(clip.facts.size_bytes));

        let source = clip.facts.clone();
        let kept_s = clip.kept_s;
        let mut recipe = Transcode::new(&self.settings, &probe, clip, now.max_pixels(), &job.input);
        recipe.watermarks = now.brand.watermarks()?;
        recipe.threads = job.threads;
        let told = percent.clone();
        let on_time =
            OnTime(Box::new(move |time_s| told.reach(time_s / kept_s * TRANSCODE_PERCENT)));
        let encoded = self.transcode(&recipe, &job, &on_time, &patience);
        let ended = encoded.instrument(info_span!("encode")).await?;
        let clip_file = job.work_dir.join(recipe::CLIP_FILE);
        check_decoded(&clip_file, &ended, kept_s)?;
        ENCODE_SPEED.observe(kept_s / steps.so_far_s(), []);
        steps.done(TRANSCODE, Some(&ended), size_of(&clip_file));
        percent.reach(TRANSCODE_PERCENT);

        let joined = self.join(&now.brand, &recipe, &job, &patience);
        let ended = joined.instrument(info_span!("join")).await?;
        let video = job.work_dir.join(ResultFile::Video.file_name());
        steps.done(JOIN, Some(&ended), size_of(&video));

        let (duration_s, size_bytes) =
            info_span!("check").in_scope(|| check(&recipe, &job.work_dir))?;
        steps.done("check", None, Some(size_bytes));
        percent.reach(100.0);
        let recipe = fingerprint::of(&self.settings, now.brand.artwork());
        Ok(Produced { source, duration_s, size_bytes, steps: steps.list, recipe })
    }

    async fn recipe(&self) -> String {
        fingerprint::of(&self.settings, &self.terms.terms().await.artwork)
    }
}

/// Which container the file is, by its first bytes.
fn recognise(input: &Path) -> Result<Container, MediaError> {
    let mut head = Vec::with_capacity(sniff::HEAD_BYTES);
    fs::File::open(input)?.take(sniff::HEAD_BYTES as u64).read_to_end(&mut head)?;
    sniff::sniff(&head)
        .ok_or_else(|| rejected(FailureCode::NotAVideo, "no container we know by its first bytes"))
}

fn described(ended: &Ended, container: Container) -> Result<Probe, MediaError> {
    if ended.was_killed() {
        return Err(failed(FailureCode::ProcessingFailed, ended.detail()));
    }
    if !ended.status.success() {
        return Err(rejected(FailureCode::Unreadable, ended.detail()));
    }
    probe::parse(&ended.stdout, container)
        .map_err(|error| rejected(FailureCode::Unreadable, error.to_string()))
}

/// A clip whose pictures could not all be decoded is shorter than its packets.
fn check_decoded(clip: &Path, ended: &Ended, kept_s: f64) -> Result<(), MediaError> {
    let made_s = Index::read(clip).ok().and_then(|index| index.length_s()).ok_or_else(|| {
        rejected(FailureCode::Unreadable, format!("no picture: {}", ended.detail()))
    })?;
    if made_s + LOST_S < kept_s {
        let detail = format!("{made_s:.2} of {kept_s:.2} s decoded: {}", ended.complaints);
        return Err(rejected(FailureCode::Unreadable, detail));
    }
    Ok(())
}

fn check_joinable(parts: &[PathBuf]) -> Result<(), MediaError> {
    let mut sets = Vec::new();
    for part in parts {
        sets.push(Index::read(part)?.pictures().map(|pictures| pictures.parameter_sets()));
    }
    if sets.windows(2).any(|pair| pair[0].is_none() || pair[0] != pair[1]) {
        return Err(failed(FailureCode::Internal, "cards and clip are encoded differently"));
    }
    Ok(())
}

fn blame_us(error: MediaError) -> MediaError {
    match error {
        MediaError::Rejected(failure) => {
            MediaError::Failed(Failure { code: FailureCode::ProcessingFailed, ..failure })
        }
        other => other,
    }
}

fn size_of(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|found| found.len())
}

/// Tells percentages on, never a smaller one after a larger.
#[derive(Clone)]
struct Percent {
    told: Arc<AtomicU8>,
    tell: Arc<dyn Fn(u8) + Send + Sync>,
}

impl Percent {
    fn new(job: &mut ProcessJob) -> Self {
        let tell = std::mem::replace(&mut job.on_progress, Box::new(|_| {}));
        Self { told: Arc::default(), tell: tell.into() }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=100"
    )]
    fn reach(&self, percent: f64) {
        let percent = percent.clamp(0.0, 100.0) as u8;
        if self.told.fetch_max(percent, Ordering::Relaxed) < percent {
            (self.tell)(percent);
        }
    }
}

/// Takes the time from one step to the next.
struct Steps {
    list: Vec<Step>,
    since: Instant,
}

impl Default for Steps {
    fn default() -> Self {
        Self { list: vec![], since: Instant::now() }
    }
}

/// Also of one that then failed: it may have failed for want of it.
fn note_memory(step: &'static str, ended: &Ended) {
    if let Some(bytes) = ended.peak_memory_bytes {
        FFMPEG_MEMORY.observe(bytes as f64, [step.into()]);
    }
}

impl Steps {
    /// What the step that runs has taken, never nothing.
    fn so_far_s(&self) -> f64 {
        self.since.elapsed().as_secs_f64().max(0.001)
    }

    fn done(&mut self, name: &'static str, ended: Option<&Ended>, size_bytes: Option<u64>) {
        let millis =
            |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.list.push(Step {
            name,
            duration_ms: millis(self.since.elapsed()),
            cpu_ms: ended.and_then(|ended| ended.cpu).map(millis),
            size_bytes,
        });
        self.since = Instant::now();
    }
}
