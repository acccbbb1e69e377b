//! What can be wrong with settings, said so that it can be mended.

use std::{fmt, io, path::PathBuf};

use thiserror::Error;

use crate::source::Origin;

#[derive(Debug, Error)]
pub enum SettingsError {
    #[error("cannot read the settings file {}: {cause}", path.display())]
    Unreadable { path: PathBuf, cause: io::Error },
    /// Without the line's text, in which a secret may stand.
    #[error("{}, line {line}, is not valid TOML: {message}", path.display())]
    Syntax { path: PathBuf, line: usize, message: String },
    /// Everything that is wrong, in one go.
    #[error("{}", list(.0))]
    Invalid(Vec<Problem>),
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The settings that are wrong, alone or together, and where each came
    /// from.
    pub keys: Vec<(String, Origin)>,
    /// What is wrong and what would be right. Never holds a secret.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |(key, origin): &(String, Origin)| format!("{key} ({origin})");
        let keys: Vec<_> = self.keys.iter().map(named).collect();
        write!(f, "{}: {}", keys.join(" and "), self.message)
    }
}

fn list(problems: &[Problem]) -> String {
    let title = match problems.len() {
        1 => "there is a problem with the settings".to_owned(),
        n => format!("there are {n} problems with the settings"),
    };
    problems.iter().fold(title, |text, problem| format!("{text}\n  - {problem}"))
}
