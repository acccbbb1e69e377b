use std::{
    fs,
    path::{Path, PathBuf},
};

use anb_config::{ContestFile, Settings, contest::BrandPart};
use anb_contest::{ChangeError, ContestNow, differences};
use anb_store::Actor;
use anyhow::{Context as _, bail};
use clap::Args;

use super::open;
use crate::saved::shortened;

/// Puts a contest in force that lies in a file, as the console does: everything
/// is checked first, the version before stays in the history, the change is in
/// the audit log, and what runs follows within 3 s. A setting that the file does
/// not name stays as it is; an empty text (`closes_at = ""`) takes one away.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin contest import contest.toml --dry-run    Only check, and say what would change
  anb-video admin contest import cup-2026/contest.toml
  anb-video admin contest import contest.toml --force      Also over what was saved since the export")]
pub struct ImportArgs {
    /// TOML as `export` writes it
    file: PathBuf,
    /// Check everything and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Change what is in force even if that is not the file's version
    #[arg(long)]
    force: bool,
}

impl ImportArgs {
    pub async fn execute(self, settings: &Settings) -> anyhow::Result<()> {
        let contest = open(settings).await?;
        let now = contest.latest().await?;
        let file = ContestFile::read(&self.file, &now, &now.jury)?;
        if let (Some(version), false) =
            (file.version, self.force || file.version == Some(now.number))
        {
            bail!(
                "{} is of version {version}, but {} is in force by now: export again, or change \
                 that version too with --force",
                self.file.display(),
                now.number
            );
        }
        let document = file.document(&now.document, brand(&file, &now)?);
        let after = contest.files().with(now.number + 1, document.clone());
        let faults = contest.faults(&now, &after).await?;
        if !faults.is_empty() {
            return Err(ChangeError::Impossible(faults).into());
        }
        if !tell(&now, &after) {
            return Ok(());
        }
        if self.dry_run {
            println!("Nothing was changed (--dry-run).");
            return Ok(());
        }
        let now = contest.change(&Actor::terminal(), now.number, document).await?;
        println!("Version {} is in force.", now.number);
        Ok(())
    }
}

/// The brand in force with what the file names of it; drawings are cleaned as
/// those that come through the console are.
fn brand(file: &ContestFile, now: &ContestNow) -> anyhow::Result<BrandPart> {
    let (wanted, now) = (&file.showcase.brand, now.brand_part().clone());
    let drawing = |key: &str, path: &Option<PathBuf>, now: Option<String>| {
        if !file.names(key) {
            return Ok(now);
        }
        path.as_deref().map(|path| cleaned(key, path)).transpose()
    };
    Ok(BrandPart {
        color: if file.names("showcase.brand.color") { wanted.color } else { now.color },
        logo_svg: drawing("showcase.brand.logo_svg", &wanted.logo_svg, now.logo_svg)?,
        watermark_svg: drawing(
            "showcase.brand.watermark_svg",
            &wanted.watermark_svg,
            now.watermark_svg,
        )?,
    })
}

fn cleaned(key: &str, path: &Path) -> anyhow::Result<String> {
    let named = || format!("{key}: {}", path.display());
    let bytes = fs::read(path).with_context(named)?;
    anb_artwork::clean(&bytes).with_context(named)
}

/// Whether anything changes, and what.
fn tell(now: &ContestNow, after: &ContestNow) -> bool {
    let differences = differences(now, after);
    for (name, before, after) in &differences {
        println!("{name}: {} → {}", shortened(before), shortened(after));
    }
    let saves = now.document != after.document;
    match (differences.is_empty(), saves) {
        (true, false) => println!("Nothing changes: version {} says the same.", now.number),
        (true, true) => println!("The same as before, but no longer by the settings."),
        (false, _) => {}
    }
    saves
}
