//! What the pages say: `locales/es` and `locales/en`, one file for each page or
//! for a few that belong together.

use std::sync::LazyLock;

use anb_design::{Messages, Speech, assets::embedded};
use anb_domain::Language;
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "locales/"]
struct Locales;

static MESSAGES: LazyLock<Messages> = LazyLock::new(|| {
    let files: Vec<_> = sources().collect();
    let sources: Vec<_> = files.iter().map(|(_, language, text)| (*language, &**text)).collect();
    Messages::load(&sources).expect("the tests have read them too")
});

#[must_use]
pub fn speech(language: Language) -> Speech {
    MESSAGES.speech(language)
}

/// Every file: its name, its language and what is in it.
fn sources() -> impl Iterator<Item = (String, Language, String)> {
    embedded::<Locales>().filter_map(|(path, bytes)| {
        let (tag, name) = path.split_once('/')?;
        let text = String::from_utf8(bytes.into_owned()).ok()?;
        Some((name.to_owned(), anb_http::language::tagged(tag)?, text))
    })
}
