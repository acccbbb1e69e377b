//! The language of whoever sits at the terminal.

use anb_domain::Language;

/// The one that the environment asks for, in the order of POSIX; otherwise
/// `default`.
pub fn language(default: Language) -> Language {
    let asked = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    match asked.as_deref().map(|tag| tag.get(..2).unwrap_or_default()) {
        Some("es") => Language::Es,
        Some("en") => Language::En,
        _ => default,
    }
}
