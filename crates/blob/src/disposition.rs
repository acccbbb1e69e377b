//! `Content-Disposition`, safe for whatever name a player gave
//! ([RFC 6266](https://www.rfc-editor.org/rfc/rfc6266)).

use std::fmt::Write as _;

/// `inline`, or `attachment` with the name in ASCII for old clients and in
/// UTF-8 for all others.
#[must_use]
pub fn of(download_as: Option<&str>) -> String {
    let Some(name) = download_as else { return "inline".into() };
    let plain: String = name.chars().map(plain).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", encode(name))
}

/// Nothing that could end the quotes, hide an extension or climb a folder.
fn plain(c: char) -> char {
    if c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_' | '(' | ')') {
        c
    } else {
        '_'
    }
}

/// Percent-encodes all but the `attr-char` of
/// [RFC 8187 §3.2.1](https://www.rfc-editor.org/rfc/rfc8187#section-3.2.1).
fn encode(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for c in name.chars().map(|c| if matches!(c, '/' | '\\') || c.is_control() { '_' } else { c }) {
        if c.is_ascii_alphanumeric() || "!#$&+-.^_`|~".contains(c) {
            encoded.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_accents_and_loses_its_tricks() {
        assert_eq!(
            of(Some("¡Canastón!.mp4")),
            "attachment; filename=\"_Canast_n_.mp4\"; filename*=UTF-8''%C2%A1Canast%C3%B3n!.mp4"
        );
        let tricky = of(Some("../a\"; x=\r\ny\u{0}.mp4"));
        assert_eq!(
            tricky,
            "attachment; filename=\".._a__ x___y_.mp4\"; \
             filename*=UTF-8''.._a%22%3B%20x%3D__y_.mp4"
        );
    }

    #[test]
    fn without_a_name_it_is_shown() {
        assert_eq!(of(None), "inline");
    }
}
