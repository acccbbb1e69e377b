//! What the pages say: `locales/es` and `locales/en`, one file for each page.

use std::sync::LazyLock;

use anb_design::{Messages, Speech};
use anb_domain::Language;
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "locales/"]
struct Locales;

static MESSAGES: LazyLock<Messages> =
    LazyLock::new(|| Messages::of_folder::<Locales>().expect("the tests have read them too"));

#[must_use]
pub fn speech(language: Language) -> Speech {
    MESSAGES.speech(language)
}
