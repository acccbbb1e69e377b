use std::{collections::BTreeMap, process::ExitCode};

use anb_config::Loaded;
use clap::{Args, Subcommand};

use crate::{args::SettingsArgs, logging, saved};

/// Show, check or describe the settings.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    Show(ShowArgs),
    Check(CheckArgs),
    Schema(SchemaArgs),
}

/// Prints the settings as TOML, and where each came from; of the contest also
/// what was saved over them while it runs, since when and by whom. Secrets are
/// only said to be set.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video config show
  anb-video config show > anb.toml      Start a settings file
  ANB_WORKER__SLOTS=4 anb-video config show | grep slots")]
pub struct ShowArgs {}

/// Says whether a start with these settings would be refused, and why: every
/// mistake, its key, and the file, variable or flag it came from.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video config check
  anb-video config check --config production.toml")]
pub struct CheckArgs {}

/// Prints the JSON schema of the settings file.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video config schema > docs/settings.schema.json
  anb-video config schema --markdown > docs/settings.md")]
pub struct SchemaArgs {
    /// Print the reference page instead
    #[arg(long)]
    markdown: bool,
}

impl ConfigCommand {
    pub async fn execute(self, settings: &SettingsArgs) -> anyhow::Result<ExitCode> {
        match self {
            Self::Show(_) => show(&settings.load(Vec::new())?).await,
            Self::Check(_) => check(settings)?,
            Self::Schema(SchemaArgs { markdown: true }) => print!("{}", anb_config::reference()),
            Self::Schema(_) => println!("{}", serde_json::to_string_pretty(&anb_config::schema())?),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The settings, and behind those that do not count what the console has saved.
async fn show(loaded: &Loaded) {
    let notes = match saved::saved(&loaded.settings).await {
        Ok(saved) => saved
            .iter()
            .map(|saved| (saved.key.clone(), format!("in force is {}", saved::told(saved))))
            .collect(),
        Err(error) => {
            println!("# Whether the console has changed any of this is not known: {error:#}");
            BTreeMap::new()
        }
    };
    print!("{}", loaded.to_toml_with(&notes));
}

/// Everything that a start would refuse, the secret key included.
fn check(settings: &SettingsArgs) -> anyhow::Result<()> {
    let loaded = settings.load(Vec::new())?;
    logging::filter(&loaded)?;
    loaded.settings.require_secret_key()?;
    println!("The settings are fine.");
    Ok(())
}
