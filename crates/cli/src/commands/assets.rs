use std::{path::PathBuf, process::ExitCode};

use anb_blob::PublicFiles;
use anb_config::Settings;
use anb_design::{Asset, Assets};
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use super::load_for_tool;
use crate::{args::SettingsArgs, aws, failpoints};

/// Files on their way at the same time.
const AT_ONCE: usize = 8;

#[derive(Debug, Subcommand)]
pub enum AssetsCommand {
    Publish(PublishArgs),
}

impl AssetsCommand {
    pub async fn execute(self, settings: &SettingsArgs) -> anyhow::Result<ExitCode> {
        match self {
            Self::Publish(args) => args.execute(settings).await,
        }
    }
}

/// Puts what the site's pages are made of (style sheets, scripts, pictures)
/// into a public bucket or folder, for a CDN to serve.
///
/// Each version lies under an address of its own, VERSION/FILE, and is never
/// changed: browsers and CDNs may keep it for a year. Old versions stay, for
/// pages that are open meanwhile. Colours and logo are not among them: the
/// site serves those itself. Publish before the release goes out; running it
/// again sends what is missing.
#[derive(Debug, Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Examples:
  anb-video assets publish --bucket anb-video-static-123456789012-us-east-1
  anb-video assets publish --bucket NAME --dry-run    Only tell what is missing there
  anb-video assets publish --folder /srv/static       For a file server of your own

Credentials, region and endpoint of the bucket are those of storage on S3."
)]
pub struct PublishArgs {
    /// The bucket, which must be there already [default: `site.assets_bucket`]
    #[arg(long, value_name = "NAME")]
    bucket: Option<String>,
    /// A folder instead of a bucket
    #[arg(long, value_name = "DIR", conflicts_with = "bucket")]
    folder: Option<PathBuf>,
    /// Look what is missing, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Where the files go.
struct Target {
    files: PublicFiles,
    name: String,
    /// Under which address the public might find them.
    url: String,
}

/// What has become of them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    written: u64,
    written_bytes: u64,
    there: u64,
}

impl PublishArgs {
    async fn execute(self, settings: &SettingsArgs) -> anyhow::Result<ExitCode> {
        let settings = load_for_tool(settings)?.settings;
        let assets = anb_web::assets();
        let target = self.target(&settings).await?;
        let bar = progress_bar(assets.iter().count());
        let tally = self.publish(&assets, &target, &bar).await;
        bar.finish_and_clear();
        println!("{}", self.summary(&tally?, &target, assets.version()));
        Ok(ExitCode::SUCCESS)
    }

    async fn target(&self, settings: &Settings) -> anyhow::Result<Target> {
        if let Some(folder) = &self.folder {
            let files = PublicFiles::in_folder(folder.clone());
            let url = "the address under which that folder is served".to_owned();
            return Ok(Target { files, name: folder.display().to_string(), url });
        }
        let Some(bucket) = self.bucket.as_ref().or(settings.site.assets_bucket.as_ref()) else {
            bail!("say where to: --bucket NAME, --folder DIR, or the setting site.assets_bucket");
        };
        let options =
            aws::bucket_options(&settings.storage, bucket.clone(), failpoints::clock()).await?;
        let files = PublicFiles::in_bucket(&options).context("cannot use the bucket")?;
        let url = format!("that of a CDN, or, of a public bucket, {}", options.public_url()?);
        Ok(Target { files, name: format!("s3://{bucket}"), url })
    }

    async fn publish(
        &self,
        assets: &Assets,
        target: &Target,
        bar: &ProgressBar,
    ) -> anyhow::Result<Tally> {
        stream::iter(assets.iter())
            .map(|(path, asset)| async move {
                let key = format!("{}/{path}", assets.version());
                let one = self.publish_one(&key, asset, &target.files).await;
                bar.inc(1);
                one.with_context(|| format!("cannot publish {key} in {}", target.name))
            })
            .buffer_unordered(AT_ONCE)
            .try_fold(Tally::default(), |sum, one| async move { Ok(sum.with(&one)) })
            .await
    }

    async fn publish_one(
        &self,
        key: &str,
        asset: &Asset,
        files: &PublicFiles,
    ) -> anyhow::Result<Tally> {
        let size = asset.bytes.len() as u64;
        if files.has(key, size).await? {
            return Ok(Tally { there: 1, ..Tally::default() });
        }
        if !self.dry_run {
            files.write(key, asset.content_type, asset.bytes.to_vec().into()).await?;
        }
        Ok(Tally { written: 1, written_bytes: size, there: 0 })
    }

    fn summary(&self, tally: &Tally, target: &Target, version: &str) -> String {
        let Tally { written, written_bytes, there } = tally;
        let (place, size) = (&target.name, HumanBytes(*written_bytes));
        let done = if self.dry_run { "missing" } else { "published" };
        format!(
            "Version {version} in {place}: {written} files {done} ({size}), {there} there already.\n\
             Pages link to them where site.assets_url (ANB_SITE__ASSETS_URL) is\n\
             {}.",
            target.url
        )
    }
}

impl Tally {
    fn with(self, other: &Self) -> Self {
        Self {
            written: self.written + other.written,
            written_bytes: self.written_bytes + other.written_bytes,
            there: self.there + other.there,
        }
    }
}

fn progress_bar(files: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} files  {elapsed}");
    ProgressBar::new(files as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
