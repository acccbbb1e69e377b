//! Texts from the settings, written in Markdown
//! ([CommonMark](https://spec.commonmark.org)).

use anb_config::LocalText;
use anb_design::markdown::to_html;
use anb_domain::Language;

/// A text from the settings, ready for a page.
pub struct Text {
    pub language: Language,
    pub html: String,
}

impl Text {
    /// In the visitor's language, or in the one it is there in.
    #[must_use]
    pub fn of(text: &LocalText, wanted: Language) -> Option<Self> {
        let (language, text) = text.read(wanted)?;
        Some(Self { language, html: to_html(text) })
    }
}
