//! Patterns for `LIKE` that mean what was typed.

use sea_orm::sea_query::LikeExpr;

/// Matches whatever has this text in it.
pub(crate) fn containing(text: &str) -> LikeExpr {
    LikeExpr::new(format!("%{}%", escaped(text))).escape(ESCAPE)
}

/// Not the backslash, which both databases and their drivers read differently.
const ESCAPE: char = '!';

fn escaped(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len());
    for c in word.chars() {
        if matches!(c, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(c);
    }
    pattern
}
