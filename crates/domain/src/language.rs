//! The languages in which the platform speaks.

use serde::{Deserialize, Serialize};

/// A language in which every sentence a user may see exists.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Es,
    En,
}

impl Language {
    /// The primary subtag of [BCP 47](https://www.rfc-editor.org/info/bcp47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }

    /// Picks one of two sentences: the Spanish or the English one.
    #[must_use]
    pub fn pick<T>(self, es: T, en: T) -> T {
        match self {
            Self::Es => es,
            Self::En => en,
        }
    }
}
