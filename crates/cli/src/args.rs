//! The command line.

use std::path::PathBuf;

use anb_config::{Flag, Loaded, Settings, SettingsError, Sources};
use clap::{Args, Parser};

use crate::commands::Command;

const EXAMPLES: &str = "\
Examples:
  anb-video                             Serve http://localhost:8000, everything embedded
  anb-video run --listen 127.0.0.1:9000 The same, elsewhere
  anb-video process clip.mov out.mp4    Make one branded clip, without a server
  anb-video doctor                      Find out what is missing, and how to mend it
  anb-video config show                 Print the settings in force and their origins

Every subcommand has its own examples: anb-video help SUBCOMMAND";

/// Upload, trim, brand, publish and vote: the whole showcase in one program.
///
/// Without a subcommand it serves web, console and worker in one process.
#[derive(Debug, Parser)]
#[command(name = "anb-video", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub settings: SettingsArgs,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Flags that set settings; they win over file and environment.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Settings")]
pub struct SettingsArgs {
    /// Settings file [default: anb.toml, if it exists]
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Folder of database, objects, key and caches
    #[arg(long, value_name = "DIR", global = true)]
    data_dir: Option<String>,
    /// Any setting, as in docs/settings.md
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_and_value, global = true)]
    set: Vec<(String, String)>,
}

fn key_and_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE, as in web.listen=[::]:8000")?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

impl SettingsArgs {
    /// Loads the settings; `more` are flags of a subcommand.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn load(&self, more: Vec<Flag>) -> Result<Loaded, SettingsError> {
        Settings::load(&self.sources(more))
    }

    fn sources(&self, more: Vec<Flag>) -> Sources {
        let data_dir = self.data_dir.iter().map(|dir| flag("--data-dir", "data_dir", dir));
        let set = self.set.iter().map(|(key, value)| flag("--set", key, value));
        Sources {
            file: self.config.clone(),
            environment: Sources::process_environment(),
            flags: data_dir.chain(set).chain(more).collect(),
        }
    }
}

/// A flag and what it sets.
pub fn flag(name: &str, key: &str, value: &str) -> Flag {
    Flag { name: name.into(), key: key.into(), value: value.into() }
}
