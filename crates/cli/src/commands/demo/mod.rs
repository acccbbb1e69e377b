//! Fills a running showcase through its own API: people, clips, votes.

mod api;
mod cast;
mod clips;
mod progress;
mod scene;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anb_config::Settings;
use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use tokio::task::JoinSet;
use url::Url;

pub use self::scene::FONT;
use self::{
    api::{Api, Player},
    cast::CAST,
    clips::{Clip, clips},
    progress::{Line, Progress},
};
use super::load_for_tool;
use crate::{args::SettingsArgs, table};

const EXAMPLES: &str = "\
Examples:
  anb-video demo
  anb-video demo --url http://localhost:9000
  anb-video demo --render clips/        Only make the clips
  script/server --demo                  Start a server and fill it";

/// How long the server may take to answer at first.
const START_PATIENCE: Duration = Duration::from_secs(30);

const POLL: Duration = Duration::from_millis(500);

/// Fills a running showcase: renders clips of every kind with ffmpeg, signs up
/// players in several cities, uploads through the API, waits for the worker,
/// votes. Running it twice adds nothing.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DemoArgs {
    /// The server to fill [default: `web.public_url`]
    #[arg(long)]
    url: Option<Url>,
    /// Only render the clips, into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "url")]
    render: Option<PathBuf>,
}

/// A contestant's video on its way.
struct Entry {
    clip: Clip,
    player: Player,
    video_id: String,
}

impl DemoArgs {
    pub async fn execute(self, settings: &SettingsArgs) -> anyhow::Result<ExitCode> {
        let settings = load_for_tool(settings)?.settings;
        if let Some(folder) = &self.render {
            render_all(&settings, folder).await?;
            return Ok(ExitCode::SUCCESS);
        }
        let url = self.url.or_else(|| settings.web.public_url.clone());
        let url = url.ok_or_else(|| anyhow!("say which server to fill with --url"))?;
        fill(&settings, &url).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Fills the showcase at `url`; what is there already stays as it is.
pub async fn fill(settings: &Settings, url: &Url) -> anyhow::Result<()> {
    let api = Api::new(url.clone())?;
    api.wait_until_healthy(START_PATIENCE).await?;
    println!("Filling {url} with {} players and their clips…", CAST.len());
    let entries = enter_all(&api, settings).await?;
    vote(&entries).await?;
    conclude(&api, url, &console(settings, url)).await
}

async fn render_all(settings: &Settings, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot create the folder {}", folder.display()))?;
    for (index, clip) in clips().enumerate() {
        let file = folder.join(format!("{:02}.{}", index + 1, clip.format.extension));
        clip.render(&settings.media.ffmpeg, &file).await?;
        println!("{}: {}, {}", file.display(), clip.contestant.title, clip.format.label);
    }
    Ok(())
}

/// Renders and uploads one clip after the other, while those before are being
/// worked on.
async fn enter_all(api: &Api, settings: &Settings) -> anyhow::Result<Vec<Entry>> {
    let folder = tempfile::tempdir().context("cannot make a folder for the clips")?;
    let progress = Progress::new(CAST.len());
    let mut on_their_way = JoinSet::new();
    for clip in clips() {
        let line = progress.line(&clip);
        let entry = enter(api, settings, clip, folder.path(), &line).await?;
        on_their_way.spawn(async move { wait_until_published(entry, line).await });
    }
    let mut entries = Vec::new();
    while let Some(entry) = on_their_way.join_next().await {
        entries.push(entry.context("a watcher crashed")??);
    }
    progress.finish();
    entries.sort_by_key(|entry| entry.clip.contestant.email());
    Ok(entries)
}

/// Signs up and uploads, unless that was done before.
async fn enter(
    api: &Api,
    settings: &Settings,
    clip: Clip,
    folder: &Path,
    line: &Line,
) -> anyhow::Result<Entry> {
    let contestant = clip.contestant;
    line.say("signing up");
    let player = api.player(contestant).await?;
    let known = player.videos().await?.into_iter().find(|video| {
        video.title == contestant.title && !matches!(video.status.as_str(), "rejected" | "failed")
    });
    if let Some(video) = known {
        return Ok(Entry { clip, player, video_id: video.id });
    }
    line.say("rendering");
    let file = folder.join(format!("clip.{}", clip.format.extension));
    clip.render(&settings.media.ffmpeg, &file).await?;
    line.say("uploading");
    let video_id = player.upload(contestant.title, &file).await?;
    Ok(Entry { clip, player, video_id })
}

async fn wait_until_published(entry: Entry, line: Line) -> anyhow::Result<Entry> {
    loop {
        let video = entry.player.video(&entry.video_id).await?;
        line.follow(&video);
        match video.status.as_str() {
            "completed" => return Ok(entry),
            "rejected" | "failed" => bail!(
                "the clip \"{}\" was {}: {}",
                video.title,
                video.status,
                video.failure.unwrap_or_default()
            ),
            _ => tokio::time::sleep(POLL).await,
        }
    }
}

/// Everybody votes for what appeals to them, the same every time.
async fn vote(entries: &[Entry]) -> anyhow::Result<()> {
    for (voter, entry) in entries.iter().enumerate() {
        for (other, favourite) in entries.iter().enumerate() {
            let likes = (3 * voter + 7 * other) % 10 < favourite.clip.contestant.appeal;
            if voter != other && likes {
                entry.player.vote(&favourite.video_id).await?;
            }
        }
    }
    Ok(())
}

/// The ranking, and what to look at now.
async fn conclude(api: &Api, url: &Url, console: &str) -> anyhow::Result<()> {
    let row = |rank: api::Rank| {
        vec![rank.position.to_string(), rank.username, rank.city, rank.votes.to_string()]
    };
    let rows: Vec<_> = api.ranking(10).await?.into_iter().map(row).collect();
    let base = url.as_str().trim_end_matches('/');
    println!("\n{}", table::columns(&["#", "PLAYER", "CITY", "VOTES"], &rows));
    println!("Open     {base}/\nThe API  {base}/docs");
    let somebody = CAST[0].email();
    println!("Log in   {somebody} with the password {}", cast::PASSWORD);
    println!("Operate  {console}, once this lets them in:");
    println!("         {} admin user grant {somebody} operator", program());
    println!("         The first sign-in sets up an authenticator app for the second factor.");
    Ok(())
}

/// Where the operators' console of the showcase at `url` is: on this machine it
/// has a port of its own, elsewhere a load balancer leads to it.
fn console(settings: &Settings, url: &Url) -> String {
    let host = url.host_str().unwrap_or("localhost");
    let port = settings.console.listen.port();
    if port > 0 && ["localhost", "127.0.0.1", "[::1]"].contains(&host) {
        return format!("http://{host}:{port}/console");
    }
    format!("{}/console", url.as_str().trim_end_matches('/'))
}

/// As it was called.
fn program() -> String {
    std::env::args().next().unwrap_or_else(|| "anb-video".to_owned())
}
