use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anb_contest::ContestNow;
use anb_domain::{Failure, keys::ResultFile};
use anb_media::{LogTail, MediaError, ProcessJob, Produced, Terms, Threads, Transcoder};
use anyhow::{Context as _, bail};
use clap::Args;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use tokio_util::sync::CancellationToken;

use super::load_for_tool;
use crate::{args::SettingsArgs, locale, platform::open_media, shutdown};

const EXAMPLES: &str = "\
Examples:
  anb-video process clip.mov branded.mp4
  anb-video process clip.mov branded.mp4 --posters stills/
  anb-video process clip.mov branded.mp4 --set media.fit=crop --set media.quality=best

Exit status: 0 done, 1 failed, 3 the clip breaks a rule of the showcase";

/// Says that the clip breaks a rule.
const REJECTED: u8 = 3;

/// Makes one branded clip as the worker would, without a server.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ProcessArgs {
    /// The clip as it was recorded
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// The branded clip (MP4)
    #[arg(value_name = "OUT")]
    output: PathBuf,
    /// Also write posters and preview into this folder
    #[arg(long, value_name = "DIR")]
    posters: Option<PathBuf>,
    /// Encoder threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

impl ProcessArgs {
    pub async fn execute(self, settings: &SettingsArgs) -> anyhow::Result<ExitCode> {
        let loaded = load_for_tool(settings)?;
        let settings = loaded.settings;
        if !self.input.is_file() {
            bail!("there is no file {}", self.input.display());
        }
        let shutdown = shutdown::on_signals()?;
        let terms = Terms::fixed(
            &settings.media,
            settings.showcase.rules(),
            ContestNow::of_files(&settings).brand_part(),
        )
        .context("cannot use the artwork (`anb-video doctor` tells more)")?;
        let media = open_media(&settings, Arc::new(terms), &cache_dir(&settings)).await?;
        let work_dir = tempfile::tempdir().context("cannot make a work folder")?;

        let bar = progress_bar();
        let result = media.process(self.job(work_dir.path(), shutdown.drain, &bar)).await;
        bar.finish_and_clear();
        match result {
            Ok(produced) => {
                self.deliver(work_dir.path())?;
                self.summarise(&produced, bar.elapsed());
                Ok(ExitCode::SUCCESS)
            }
            Err(MediaError::Rejected(failure)) => {
                let language = locale::language(settings.showcase.default_language);
                eprintln!("rejected ({}): {}", failure.code, failure.sentence(language));
                Ok(ExitCode::from(REJECTED))
            }
            Err(MediaError::Failed(failure)) => bail!("{}", for_operators(&failure)),
            Err(MediaError::Cancelled) => bail!("cancelled"),
        }
    }

    fn job(&self, work_dir: &Path, cancel: CancellationToken, bar: &ProgressBar) -> ProcessJob {
        let bar = bar.clone();
        ProcessJob {
            input: self.input.clone(),
            work_dir: work_dir.into(),
            threads: self.threads.map_or(Threads::All, |n| Threads::Limited(n.into())),
            on_progress: Box::new(move |percent| bar.set_position(percent.into())),
            cancel,
            log: LogTail::default(),
        }
    }

    /// Moves the results where they were asked for.
    fn deliver(&self, work_dir: &Path) -> anyhow::Result<()> {
        let deliver = |file: ResultFile, target: &Path| {
            move_file(&work_dir.join(file.file_name()), target)
                .with_context(|| format!("cannot write {}", target.display()))
        };
        deliver(ResultFile::Video, &self.output)?;
        let Some(folder) = &self.posters else { return Ok(()) };
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create the folder {}", folder.display()))?;
        let mut stills = ResultFile::ALL.into_iter().filter(|file| *file != ResultFile::Video);
        stills.try_for_each(|file| deliver(file, &folder.join(file.file_name())))
    }

    fn summarise(&self, produced: &Produced, took: Duration) {
        println!(
            "{}: {:.1} s, {}, made in {:.1} s",
            self.output.display(),
            produced.duration_s,
            HumanBytes(produced.size_bytes),
            took.as_secs_f64()
        );
    }
}

fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} %  {elapsed}  {eta} left");
    ProgressBar::new(100).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn for_operators(failure: &Failure) -> String {
    match &failure.detail {
        Some(detail) => format!("processing failed ({}): {detail}", failure.code),
        None => format!("processing failed ({})", failure.code),
    }
}

/// The data folder's cache where there is one; a lone command should not make
/// a data folder wherever it is called.
fn cache_dir(settings: &anb_config::Settings) -> PathBuf {
    if settings.data_dir.is_dir() || !settings.cache_dir().starts_with(&settings.data_dir) {
        return settings.cache_dir();
    }
    let home = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let cache = home("XDG_CACHE_HOME").or_else(|| Some(home("HOME")?.join(".cache")));
    cache.unwrap_or_else(std::env::temp_dir).join("anb-video")
}

/// Moves a file, also to another file system; the target is whole or absent.
fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    if fs::rename(from, to).is_ok() {
        return Ok(());
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut copy = tempfile::Builder::new()
        .prefix(".anb-")
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))
        .tempfile_in(folder.unwrap_or(Path::new(".")))?;
    io::copy(&mut fs::File::open(from)?, &mut copy)?;
    copy.persist(to)?;
    Ok(())
}
