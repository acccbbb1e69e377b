//! Making clips, processing them, looking at what came out.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex, OnceLock},
    time::{Duration, Instant},
};

use anb_config::{MediaSettings, Quality, contest::BrandPart};
use anb_domain::{Failure, FailureCode, ShowcaseRules, keys::ResultFile};
use anb_media::{LogTail, Media, MediaError, ProcessJob, Produced, Terms, Threads, Transcoder};
use image::{Rgb, RgbImage};
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// Length of both cards together by default, in seconds.
pub const CARDS_S: f64 = 4.5;
pub const OPENING_S: f64 = 2.5;

pub const RED: Rgb<u8> = Rgb([170, 50, 45]);
pub const GREEN: Rgb<u8> = Rgb([50, 150, 60]);
pub const BLUE: Rgb<u8> = Rgb([50, 60, 165]);
pub const GREY: Rgb<u8> = Rgb([110, 110, 110]);

/// A place to film, cut and upload.
pub struct Studio {
    pub dir: TempDir,
    pub settings: MediaSettings,
    pub rules: ShowcaseRules,
    pub cancel: CancellationToken,
    pub threads: Threads,
}

/// What came out, and the folder it lies in.
#[derive(Debug)]
pub struct Made {
    pub dir: PathBuf,
    pub produced: Produced,
    pub percents: Vec<u8>,
}

impl Studio {
    /// With the quickest encoder: most promises are kept whatever the quality.
    pub fn new() -> Self {
        let mut studio = Self::by_default();
        studio.settings.quality = Quality::Economy;
        studio
    }

    pub fn by_default() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            settings: MediaSettings::default(),
            rules: ShowcaseRules::default(),
            cancel: CancellationToken::new(),
            threads: Threads::All,
        }
    }

    /// A studio that takes clips of any shortness.
    pub fn without_minimum() -> Self {
        let mut studio = Self::new();
        studio.rules.min_duration_s = 0.0;
        studio
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Makes a file with ffmpeg; arguments are split at blanks.
    pub fn film(&self, arguments: &str, name: &str) -> PathBuf {
        let path = self.path(name);
        ffmpeg(self.dir.path(), &format!("{arguments} {name}"));
        path
    }

    /// A still with a red, a green and a blue corner, filmed for `seconds`.
    pub fn film_pattern(
        &self,
        (width, height): (u32, u32),
        seconds: f64,
        options: &str,
        name: &str,
    ) -> PathBuf {
        pattern(width, height).save(self.path("pattern.png")).unwrap();
        self.film(&format!("-loop 1 -framerate 10 -t {seconds} -i pattern.png {options}"), name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    pub async fn process(&self, input: &Path) -> Result<Made, MediaError> {
        let work = tempfile::tempdir_in(self.dir.path()).unwrap().keep();
        self.process_in(input, work).await
    }

    pub async fn process_in(&self, input: &Path, work_dir: PathBuf) -> Result<Made, MediaError> {
        self.process_with(input, work_dir, &LogTail::default()).await
    }

    /// Keeps what ffmpeg says last in `log`.
    pub async fn process_with(
        &self,
        input: &Path,
        work_dir: PathBuf,
        log: &LogTail,
    ) -> Result<Made, MediaError> {
        let terms = Terms::fixed(&self.settings, self.rules.clone(), &BrandPart::default())?;
        let media = Media::prepare(self.settings.clone(), Arc::new(terms), cache_dir()).await?;
        let percents = Arc::new(Mutex::new(vec![]));
        let told = percents.clone();
        let produced = media
            .process(ProcessJob {
                input: input.to_owned(),
                work_dir: work_dir.clone(),
                threads: self.threads,
                on_progress: Box::new(move |percent| told.lock().unwrap().push(percent)),
                cancel: self.cancel.clone(),
                log: log.clone(),
            })
            .await?;
        let percents = percents.lock().unwrap().clone();
        Ok(Made { dir: work_dir, produced, percents })
    }

    /// The failure that turns the clip away for good.
    pub async fn rejection(&self, input: &Path) -> Failure {
        match self.process(input).await {
            Err(MediaError::Rejected(failure)) => {
                assert!(failure.code.is_rejection());
                failure
            }
            other => panic!("not rejected: {other:?}"),
        }
    }

    pub async fn is_rejected(&self, input: &Path, code: FailureCode) {
        let failure = self.rejection(input).await;
        assert_eq!(failure.code, code, "{failure:?}");
    }

    /// The failure after which another try may go right.
    pub async fn failure(&self, input: &Path) -> Failure {
        failure_of(self.process(input).await)
    }
}

pub fn failure_of(result: Result<Made, MediaError>) -> Failure {
    match result {
        Err(MediaError::Failed(failure)) => failure,
        other => panic!("did not fail: {other:?}"),
    }
}

impl Made {
    pub fn file(&self, file: ResultFile) -> PathBuf {
        self.dir.join(file.file_name())
    }

    pub fn video(&self) -> PathBuf {
        self.file(ResultFile::Video)
    }

    /// The picture `at_s` seconds into the clip proper.
    pub fn clip_frame(&self, at_s: f64) -> RgbImage {
        frame(&self.video(), OPENING_S + at_s)
    }

    /// Everything that the recipe promises of every result.
    pub fn is_as_promised(&self, clip_s: f64) -> &Self {
        let probe = ffprobe(&self.video(), "-show_streams -show_format");
        let streams = probe["streams"].as_array().unwrap();
        assert_eq!(streams.len(), 1, "picture only");
        let video = &streams[0];
        for (key, value) in [
            ("codec_name", "h264"),
            ("profile", "High"),
            ("pix_fmt", "yuv420p"),
            ("sample_aspect_ratio", "1:1"),
            ("color_space", "bt709"),
            ("color_transfer", "bt709"),
            ("color_primaries", "bt709"),
            ("color_range", "tv"),
        ] {
            assert_eq!(video[key], value, "{key}");
        }
        assert_eq!((&video["width"], &video["height"]), (&1280.into(), &720.into()));
        let length: f64 = text(&probe["format"]["duration"]).parse().unwrap();
        assert!(
            (length - clip_s - CARDS_S).abs() <= 0.2,
            "{length} s of {clip_s} s and cards; {:?}",
            self.produced
        );
        assert!((length - self.produced.duration_s).abs() < 0.01);
        self.has_a_constant_rate().starts_at_once().decodes().has_posters_and_preview()
    }

    /// Pictures per second, the same between any two pictures.
    pub fn rate(&self) -> f64 {
        let times = picture_times(&self.video());
        let gap = (times[times.len() - 1] - times[0]) / (times.len() - 1) as f64;
        for pair in times.windows(2) {
            assert!((pair[1] - pair[0] - gap).abs() < 0.001, "{pair:?}, else {gap}");
        }
        1.0 / gap
    }

    fn has_a_constant_rate(&self) -> &Self {
        assert!(self.rate() < 30.01);
        self
    }

    /// The index comes before the pictures.
    fn starts_at_once(&self) -> &Self {
        for file in [ResultFile::Video, ResultFile::Preview] {
            let boxes = mp4_boxes(&fs::read(self.file(file)).unwrap());
            let position = |kind: &str| boxes.iter().position(|found| found == kind).unwrap();
            assert!(position("moov") < position("mdat"), "{boxes:?}");
        }
        self
    }

    /// Every picture, across both joins, without a complaint.
    fn decodes(&self) -> &Self {
        let output = Command::new("ffmpeg")
            .args(["-v", "warning", "-xerror", "-i"])
            .arg(self.video())
            .args(["-f", "null", "-"])
            .output()
            .unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && complaints.is_empty(), "{complaints}");
        self
    }

    fn has_posters_and_preview(&self) -> &Self {
        for (file, size) in [
            (ResultFile::PosterLargeJpeg, (1280, 720)),
            (ResultFile::PosterLargeWebp, (1280, 720)),
            (ResultFile::PosterSmallJpeg, (480, 270)),
            (ResultFile::PosterSmallWebp, (480, 270)),
        ] {
            let poster = image::open(self.file(file)).unwrap().to_rgb8();
            assert_eq!(poster.dimensions(), size, "{file:?}");
        }
        let preview = ffprobe(&self.file(ResultFile::Preview), "-show_streams -show_format");
        assert_eq!(preview["streams"].as_array().unwrap().len(), 1);
        assert_eq!(preview["streams"][0]["width"], 480);
        assert!(text(&preview["format"]["duration"]).parse::<f64>().unwrap() <= 3.2);
        self
    }

    /// Where the picture itself lies in the frame: its corners have the
    /// pattern's colours, each where it was.
    pub fn shows_pattern_within(&self, left: u32, top: u32, width: u32, height: u32) -> &Self {
        let picture = self.clip_frame(0.3);
        let near = |x: u32, y: u32| mean(&picture, left + width * x / 16, top + height * y / 16);
        for (found, wanted, place) in [
            (near(2, 2), RED, "top left"),
            (near(2, 14), GREEN, "bottom left"),
            (near(14, 14), BLUE, "bottom right"),
            (near(8, 8), GREY, "middle"),
        ] {
            assert!(is_like(found, wanted), "{place}: {found:?} instead of {wanted:?}");
        }
        self
    }
}

/// Encoded cards are shared by all tests of a run.
fn cache_dir() -> PathBuf {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("media-cache")).clone()
}

/// Grey, with a red, a green and a blue corner; the one of the watermark is
/// left as it is.
pub fn pattern(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (left, right) = (x < width / 4, x >= width * 3 / 4);
        let (top, bottom) = (y < height / 4, y >= height * 3 / 4);
        match (left, right, top, bottom) {
            (true, _, true, _) => RED,
            (true, _, _, true) => GREEN,
            (_, true, _, true) => BLUE,
            _ => GREY,
        }
    })
}

/// The mean colour around a point.
pub fn mean(picture: &RgbImage, x: u32, y: u32) -> Rgb<u8> {
    let mut sums = [0_u32; 3];
    let around = |centre: u32| centre.saturating_sub(4)..centre + 4;
    for (x, y) in around(x).flat_map(|x| around(y).map(move |y| (x, y))) {
        for (sum, value) in sums.iter_mut().zip(picture.get_pixel(x, y).0) {
            *sum += u32::from(value);
        }
    }
    Rgb(sums.map(|sum| u8::try_from(sum / 64).unwrap()))
}

/// Wrong matrices and ranges miss by 15 and more; the encoder by 3.
pub fn is_like(found: Rgb<u8>, wanted: Rgb<u8>) -> bool {
    found.0.iter().zip(wanted.0).all(|(found, wanted)| found.abs_diff(wanted) <= 8)
}

pub fn frame(video: &Path, at_s: f64) -> RgbImage {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-ss", &at_s.to_string(), "-i"])
        .arg(video)
        .args(["-frames:v", "1", "-vf", "scale=in_color_matrix=bt709:in_range=tv"])
        .args(["-pix_fmt", "rgb24", "-f", "rawvideo", "-"])
        .output()
        .unwrap();
    RgbImage::from_raw(1280, 720, output.stdout).expect("a picture of 1280×720")
}

pub fn ffmpeg(folder: &Path, arguments: &str) {
    let output = Command::new("ffmpeg")
        .current_dir(folder)
        .args(["-v", "error", "-nostdin", "-y"])
        .args(arguments.split_whitespace())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

pub fn ffprobe(file: &Path, arguments: &str) -> Value {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-of", "json"])
        .args(arguments.split_whitespace())
        .arg(file)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn picture_times(file: &Path) -> Vec<f64> {
    let packets = ffprobe(file, "-select_streams v -show_entries packet=pts_time");
    let mut times: Vec<f64> = packets["packets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|packet| text(&packet["pts_time"]).parse().unwrap())
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The kinds of the outermost boxes, in order.
pub fn mp4_boxes(mut content: &[u8]) -> Vec<String> {
    let mut kinds = vec![];
    while content.len() >= 8 {
        let size = u32::from_be_bytes(content[..4].try_into().unwrap()) as usize;
        kinds.push(String::from_utf8_lossy(&content[4..8]).into_owned());
        content = content.get(size.max(8)..).unwrap_or_default();
    }
    kinds
}

/// The running processes whose command line contains `marker`.
pub fn processes(marker: &str) -> Vec<u32> {
    let is_ours = |pid: &u32| *pid == std::process::id();
    let entries = fs::read_dir("/proc").unwrap().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid| !is_ours(pid))
        .filter(|pid| {
            fs::read(format!("/proc/{pid}/cmdline"))
                .is_ok_and(|line| String::from_utf8_lossy(&line).contains(marker))
        })
        .collect()
}

/// Waits at most ten seconds for something to become true.
pub fn eventually(what: &str, condition: impl Fn() -> bool) {
    let patience = Instant::now() + Duration::from_secs(10);
    while !condition() {
        assert!(Instant::now() < patience, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
