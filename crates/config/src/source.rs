//! Where settings come from: a file, the environment, flags; later ones win.
//! Everything is taken apart into single assignments, so that each can be
//! judged alone and every mistake be reported at once.

mod environment;
pub(crate) mod file;

use std::{ffi::OsString, fmt, path::PathBuf};

use figment::{
    Metadata, Profile, Provider,
    value::{Dict, Map, Value},
};

use crate::error::SettingsError;

pub use environment::DEPLOYMENT_NAMES;
pub(crate) use environment::variable_for;

/// The file that is read when nobody names another one.
pub const DEFAULT_FILE: &str = "anb.toml";

/// What settings are loaded from.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The settings file, if somebody named it; it must exist then. Otherwise
    /// `ANB_CONFIG`, and otherwise [`DEFAULT_FILE`] if it exists.
    pub file: Option<PathBuf>,
    /// Variables of the environment.
    pub environment: Vec<(String, String)>,
    /// Flags of the command line: they win.
    pub flags: Vec<Flag>,
}

/// A setting given on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// As it was typed: `--listen`.
    pub name: String,
    /// What it sets: `web.listen`.
    pub key: String,
    pub value: String,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Default,
    File { path: PathBuf, line: usize },
    Variable(String),
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}, line {line}", path.display()),
            Self::Variable(name) => write!(f, "environment variable {name}"),
            Self::Flag(name) => write!(f, "flag {name}"),
        }
    }
}

/// One setting from one place.
#[derive(Debug, Clone)]
pub(crate) struct Assignment {
    /// Sections and name, joined by dots: `web.listen`.
    pub key: String,
    pub value: Value,
    pub origin: Origin,
}

/// To figment, an assignment is a provider of nested tables with one leaf.
impl Provider for Assignment {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin.to_string())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let leaf = self.value.clone();
        let mut parts = self.key.rsplit('.');
        let innermost = Dict::from([(parts.next().unwrap_or_default().to_owned(), leaf)]);
        let nested =
            parts.fold(innermost, |dict, part| Dict::from([(part.to_owned(), dict.into())]));
        Ok(Profile::Default.collect(nested))
    }
}

impl Sources {
    /// The process's own environment; variables that are no Unicode are
    /// nobody's settings.
    #[must_use]
    pub fn process_environment() -> Vec<(String, String)> {
        let text = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        std::env::vars_os().filter_map(text).collect()
    }

    /// The file to read: the one that was named, or the default if it exists.
    fn file(&self) -> Option<PathBuf> {
        let from_environment = || {
            let variable = self.environment.iter().find(|(name, _)| name == environment::FILE);
            variable.map(|(_, path)| PathBuf::from(path))
        };
        let default = || Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.exists());
        self.file.clone().or_else(from_environment).or_else(default)
    }

    /// Every assignment, in the order in which they override each other.
    pub(crate) fn assignments(&self) -> Result<Vec<Assignment>, SettingsError> {
        let mut all = match self.file() {
            Some(path) => file::read(&path)?,
            None => Vec::new(),
        };
        all.extend(environment::read(&self.environment));
        all.extend(self.flags.iter().map(|flag| Assignment {
            key: flag.key.clone(),
            value: Value::from(flag.value.as_str()),
            origin: Origin::Flag(flag.name.clone()),
        }));
        Ok(all)
    }
}
