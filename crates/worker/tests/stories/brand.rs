//! A brand that is saved while the worker runs is on the next clip, made by the
//! real ffmpeg.

use std::{path::Path, process::Command, sync::Arc, time::Duration};

use anb_config::{ContestDocument, MediaSettings, Quality, Settings, contest::BrandPart};
use anb_contest::Contest;
use anb_domain::keys::ResultFile;
use anb_media::{LogTail, Media, ProcessJob, Threads, Transcoder as _};
use anb_store::Actor;
use anb_testkit::{TestStore, on_each_database};
use anb_worker::ContestTerms;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

type Pixel = [u8; 3];

const WIDTH: usize = 1280;
const HEIGHT: usize = 720;
const GREEN: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#00ff00"/></svg>"##;

/// A worker's pipeline, with a clip to work on.
struct Pipeline {
    folder: TempDir,
    media: Media,
    opening_s: f64,
}

impl Pipeline {
    async fn of(contest: Contest) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = MediaSettings {
            watermark_opacity: 1.0,
            quality: Quality::Economy,
            ..MediaSettings::default()
        };
        let terms = ContestTerms::new(contest, &settings).unwrap();
        let opening_s = settings.opening_s;
        let cache = folder.path().join("cache");
        let media = Media::prepare(settings, Arc::new(terms), cache).await.unwrap();
        let filmed = Command::new("ffmpeg")
            .current_dir(folder.path())
            .args("-v error -f lavfi -i color=gray:s=640x360:r=25:d=2".split(' '))
            .args("-c:v libx264 -preset ultrafast -pix_fmt yuv420p clip.mp4".split(' '))
            .status();
        assert!(filmed.unwrap().success());
        Self { folder, media, opening_s }
    }

    /// A picture of the opening card, and one of the clip proper.
    async fn makes(&self) -> [Vec<Pixel>; 2] {
        let work = tempfile::tempdir_in(self.folder.path()).unwrap();
        let job = ProcessJob {
            input: self.folder.path().join("clip.mp4"),
            work_dir: work.path().to_owned(),
            threads: Threads::All,
            on_progress: Box::new(|_| {}),
            cancel: CancellationToken::new(),
            log: LogTail::default(),
        };
        self.media.process(job).await.unwrap();
        let video = work.path().join(ResultFile::Video.file_name());
        [self.opening_s / 2.0, self.opening_s + 1.0].map(|at_s| frame(&video, at_s))
    }

    fn encoded_cards(&self) -> usize {
        let files = std::fs::read_dir(self.folder.path().join("cache")).unwrap();
        files
            .filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|it| it == "mp4"))
            .count()
    }
}

fn frame(video: &Path, at_s: f64) -> Vec<Pixel> {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-ss", &at_s.to_string(), "-i"])
        .arg(video)
        .args("-frames:v 1 -pix_fmt rgb24 -f rawvideo -".split(' '))
        .output()
        .unwrap();
    assert_eq!(output.stdout.len(), WIDTH * HEIGHT * 3);
    output.stdout.as_chunks().0.to_vec()
}

/// Where the watermark stands.
fn corner(frame: &[Pixel]) -> Pixel {
    frame[60 * WIDTH + 1200]
}

fn is_green([red, green, blue]: Pixel) -> bool {
    green > 180 && red < 90 && blue < 90
}

fn greens(frame: &[Pixel]) -> usize {
    frame.iter().filter(|pixel| is_green(**pixel)).count()
}

on_each_database! {
    async fn the_next_clip_carries_the_brand_that_was_saved(store: TestStore) {
        let contest = Contest::new((*store).clone(), &Settings::default(), store.clock.clone());
        let worker = Pipeline::of(contest).await;
        let [card, clip] = worker.makes().await;
        assert_eq!(greens(&card), 0);
        assert!(!is_green(corner(&clip)), "{:?}", corner(&clip));
        assert_eq!(worker.encoded_cards(), 2, "one for each length");

        let elsewhere = store.of_another_process().await;
        let console = Contest::new(elsewhere, &Settings::default(), store.clock.clone());
        let drawing = Some(GREEN.to_owned());
        let brand = BrandPart { logo_svg: drawing.clone(), watermark_svg: drawing, ..BrandPart::default() };
        let document = ContestDocument { brand: Some(brand), ..ContestDocument::default() };
        console.change(&Actor::terminal(), 0, document).await.unwrap();
        store.clock.advance(Duration::from_secs(3));

        let [card, clip] = worker.makes().await;
        assert!(is_green(corner(&clip)), "the watermark is {:?}", corner(&clip));
        assert!(greens(&card) > 1000, "the card in the cache has no such logo");
        assert_eq!(worker.encoded_cards(), 4, "the old ones are still there");
    }
}
