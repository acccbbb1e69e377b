//! ffmpeg, its codecs and filters, and the font of the demonstration.

use std::path::Path;

use anb_config::Settings;
use tokio::process::Command;

use super::{Ailment, Check};
use crate::commands::demo;

const INSTALL: &str = "apt-get install ffmpeg, or set media.ffmpeg and media.ffprobe";

/// The oldest ffmpeg that the recipe is tested with: Debian 12's.
const MIN_VERSION: (u32, u32) = (5, 1);

/// Codecs that uploads come in, the one that results are made with, and that
/// of posters.
const DECODERS: [&str; 4] = ["h264", "hevc", "vp9", "mpeg4"];
const ENCODERS: [&str; 2] = ["libx264", "mjpeg"];
const FILTERS: [&str; 8] =
    ["scale", "overlay", "fps", "setsar", "pad", "crop", "zscale", "drawtext"];

pub async fn checks(settings: &Settings) -> Vec<Check> {
    let media = &settings.media;
    vec![
        Check::new("ffmpeg", version(&media.ffmpeg).await),
        Check::new("ffprobe", version(&media.ffprobe).await),
        Check::new("decoders", has_all(&media.ffmpeg, "-decoders", &DECODERS).await),
        Check::new("encoders", has_all(&media.ffmpeg, "-encoders", &ENCODERS).await),
        Check::new("filters", has_all(&media.ffmpeg, "-filters", &FILTERS).await),
        Check::new("fonts", font()),
    ]
}

async fn version(program: &Path) -> Result<String, Ailment> {
    let text = ask(program, "-version").await?;
    let version = text.split_whitespace().nth(2).unwrap_or_default();
    let mut numbers = version.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) if (major, minor) < MIN_VERSION => {
            let (major, minor) = MIN_VERSION;
            Err(Ailment::new(format!("{version} is older than {major}.{minor}"), INSTALL))
        }
        // A build from the repository calls itself "N-12345-g…".
        _ => Ok(version.to_owned()),
    }
}

/// Whether each name is listed; a line is "flags name description".
async fn has_all(program: &Path, list: &str, names: &[&str]) -> Result<String, Ailment> {
    let text = ask(program, list).await?;
    let listed = |name: &&&str| text.lines().any(|l| l.split_whitespace().nth(1) == Some(name));
    let missing: Vec<_> = names.iter().filter(|name| !listed(name)).copied().collect();
    if missing.is_empty() {
        return Ok(names.join(", "));
    }
    let remedy = "use an ffmpeg built with them, such as Debian's";
    Err(Ailment::new(format!("{} missing", missing.join(", ")), remedy))
}

async fn ask(program: &Path, question: &str) -> Result<String, Ailment> {
    let asked = Command::new(program).args(["-hide_banner", question]).output().await;
    match asked {
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Ok(output) => {
            Err(Ailment::new(format!("{} ends with {}", program.display(), output.status), INSTALL))
        }
        Err(error) => {
            Err(Ailment::new(format!("cannot start {}: {error}", program.display()), INSTALL))
        }
    }
}

fn font() -> Result<String, Ailment> {
    if Path::new(demo::FONT).is_file() {
        return Ok("DejaVu Sans".into());
    }
    let problem = "DejaVu Sans is missing; the demonstration writes with it";
    Err(Ailment::new(problem, "apt-get install fonts-dejavu-core"))
}
