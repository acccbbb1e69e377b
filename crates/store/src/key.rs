//! Texts made comparable: two texts that a reader takes for the same, apart
//! from case and spacing, have the same key. Made here and not in SQL, because
//! SQLite folds the case of ASCII only.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Lower case, composed accents, single spaces, no NUL (which PostgreSQL
/// cannot store).
pub(crate) fn key(text: &str) -> String {
    words(text).collect::<Vec<_>>().join(" ")
}

/// The words of a search, each as [`key`] would have it.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace()
        .map(|word| {
            word.nfc().filter(|c| *c != '\0').flat_map(char::to_lowercase).collect::<String>()
        })
        .filter(|word| !word.is_empty())
}

/// What texts are sorted by for people: á beside a, not behind z.
pub(crate) fn sort_key(text: &str) -> String {
    key(text).nfd().filter(|c| !is_combining_mark(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::{key, sort_key};

    #[test]
    fn accents_do_not_change_the_order() {
        let mut cities = ["Zipaquirá", "Ávila", "bogotá", "Armenia", "Ñemby", "Nariño"];
        cities.sort_by_key(|city| sort_key(city));
        assert_eq!(cities, ["Armenia", "Ávila", "bogotá", "Nariño", "Ñemby", "Zipaquirá"]);
    }

    #[test]
    fn case_composition_and_spacing_do_not_count() {
        assert_eq!(key("  BOGOTÁ  D.C. "), "bogotá d.c.");
        assert_eq!(key("Bogota\u{301} D.C."), key("bogotá d.c."));
        assert_eq!(key("a\0b"), "ab");
        assert_ne!(key("Bogota"), key("Bogotá"));
    }
}
