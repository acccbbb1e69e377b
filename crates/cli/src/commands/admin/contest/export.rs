use std::{
    fs,
    path::{Path, PathBuf},
};

use anb_config::{BrandSettings, Settings, ShowcaseSettings, contest_toml};
use anb_contest::ContestNow;
use anyhow::Context as _;
use clap::Args;

use super::open;

/// What the files are called in the folder.
const CONTEST: &str = "contest.toml";
const LOGO: &str = "logo.svg";
const WATERMARK: &str = "watermark.svg";

/// Writes the contest that is in force, as `import` reads it: on the terminal
/// without the drawings of the brand, into a folder with them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin contest export > contest.toml
  anb-video admin contest export cup-2026     contest.toml and the brand's drawings")]
pub struct ExportArgs {
    /// A folder; it is made if it is not there
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl ExportArgs {
    pub async fn execute(self, settings: &Settings) -> anyhow::Result<()> {
        let now = open(settings).await?.latest().await?;
        if let Some(folder) = self.folder {
            return into_folder(&folder, &now);
        }
        print!("{}", written(&now, false)?);
        Ok(())
    }
}

fn into_folder(folder: &Path, now: &ContestNow) -> anyhow::Result<()> {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let brand = now.brand_part();
    for (name, drawing) in [(LOGO, &brand.logo_svg), (WATERMARK, &brand.watermark_svg)] {
        if let Some(drawing) = drawing {
            write(name, drawing)?;
        }
    }
    write(CONTEST, &written(now, true)?)?;
    println!("Version {} is in {}.", now.number, folder.join(CONTEST).display());
    Ok(())
}

fn written(now: &ContestNow, with_drawings: bool) -> anyhow::Result<String> {
    let brand = now.brand_part();
    let named = |name: &str, drawing: &Option<String>| drawing.as_ref().map(|_| name.into());
    let showcase = ShowcaseSettings {
        brand: BrandSettings {
            color: brand.color,
            logo_svg: named(LOGO, &brand.logo_svg),
            watermark_svg: named(WATERMARK, &brand.watermark_svg),
        },
        ..(**now).clone()
    };
    let text = contest_toml(now.number, &showcase, &now.jury)?;
    if with_drawings {
        return Ok(text);
    }
    // What is not named stays as it is.
    let is_drawing =
        |line: &&str| line.starts_with("logo_svg =") || line.starts_with("watermark_svg =");
    Ok(text.split_inclusive('\n').filter(|line| !is_drawing(line)).collect())
}
