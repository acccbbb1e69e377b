//! Words for a value that a setting cannot take.

use figment::error::{Actual, Kind};

use crate::{catalogue, source::Assignment};

/// Says what is wrong with an assignment that figment refused.
pub(crate) fn explain(assignment: &Assignment, error: &figment::Error) -> String {
    match &error.kind {
        Kind::UnknownField(..) => unknown(&assignment.key),
        _ if catalogue::is_secret(&assignment.key) => "must be text".to_owned(),
        Kind::UnknownVariant(found, allowed) => {
            format!("{found:?} is none of {}", allowed.join(", "))
        }
        Kind::InvalidType(found, wanted) | Kind::InvalidValue(found, wanted) => {
            format!("found {}, but this must be {}", shown(found), words_for(wanted))
        }
        Kind::Message(message) => format!("{} is not possible: {message}", given(assignment)),
        other => format!("{} is not possible: {other}", given(assignment)),
    }
}

fn given(assignment: &Assignment) -> String {
    shown(&assignment.value.to_actual())
}

fn shown(value: &Actual) -> String {
    match value {
        Actual::Str(text) => format!("{text:?}"),
        Actual::Unsigned(number) => number.to_string(),
        Actual::Signed(number) => number.to_string(),
        Actual::Float(number) => number.to_string(),
        Actual::Bool(truth) => truth.to_string(),
        Actual::Seq => "a list".to_owned(),
        Actual::Map => "a section".to_owned(),
        other => other.to_string(),
    }
}

fn words_for(wanted: &str) -> &str {
    match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "f32" | "f64" => "a number",
        "a boolean" | "bool" => "true or false",
        "a string" | "path string" | "string" => "text",
        _ if wanted.starts_with("struct ") => "a section",
        _ => wanted,
    }
}

/// Names the setting that was probably meant.
fn unknown(key: &str) -> String {
    let base = "there is no such setting";
    let meant = closest(key);
    if meant.is_empty() {
        return base.to_owned();
    }
    format!("{base}; did you mean {}?", meant.join(" or "))
}

/// The known keys that are spelt most alike, if they are alike enough; a right
/// name in the wrong section counts as well.
fn closest(key: &str) -> Vec<String> {
    let name = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
    let likeness = |known: &str| {
        let whole = strsim::normalized_damerau_levenshtein(key, known);
        let last = strsim::normalized_damerau_levenshtein(&name(key), &name(known));
        whole.max(0.9 * last)
    };
    let mut alike: Vec<_> =
        catalogue::keys().into_iter().map(|known| (likeness(&known), known)).collect();
    let best = alike.iter().map(|(score, _)| *score).fold(0.7, f64::max);
    alike.retain(|(score, _)| *score > 0.7 && *score >= best);
    alike.into_iter().map(|(_, known)| known).collect()
}
