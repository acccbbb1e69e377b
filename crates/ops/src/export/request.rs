//! What somebody wants to have exported.

use std::{fmt, str::FromStr};

use anb_domain::jury::JuryWeight;
use serde_json::{Value, json};
use thiserror::Error;

/// What there is to export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportedKind {
    /// One line for each ranked player: votes, jury and what both come to.
    Rankings,
    /// Every vote, its voter under a pseudonym.
    Votes,
    Videos,
    /// Who did what, before and after, when and from where.
    Audit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    Csv,
    Json,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRequest {
    pub kind: ExportedKind,
    pub format: ExportFormat,
    /// Begins CSV with a byte order mark, by which Excel knows UTF-8.
    pub bom: bool,
    /// Of votes: exports with the same word can be joined.
    pub word: Option<String>,
    /// How much a jury counts in the ranking.
    pub weight: JuryWeight,
}

/// Nothing is exported under this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is neither of {1}")]
pub struct UnknownExport(String, &'static str);

impl ExportedKind {
    pub const ALL: [Self; 4] = [Self::Rankings, Self::Votes, Self::Videos, Self::Audit];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rankings => "rankings",
            Self::Votes => "votes",
            Self::Videos => "videos",
            Self::Audit => "audit",
        }
    }
}

impl ExportFormat {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
        }
    }
}

impl ExportRequest {
    /// For the audit log, with how many rows there are when it begins.
    pub(super) fn as_json(&self, rows: u64) -> Value {
        json!({ "format": self.format.as_str(), "rows": rows, "word": self.word })
    }
}

impl fmt::Display for ExportedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for ExportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ExportedKind {
    type Err = UnknownExport;

    fn from_str(text: &str) -> Result<Self, UnknownExport> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| UnknownExport(text.to_owned(), "rankings, votes, videos, audit"))
    }
}

impl FromStr for ExportFormat {
    type Err = UnknownExport;

    fn from_str(text: &str) -> Result<Self, UnknownExport> {
        let found = [Self::Csv, Self::Json].into_iter().find(|format| format.as_str() == text);
        found.ok_or_else(|| UnknownExport(text.to_owned(), "csv, json"))
    }
}
