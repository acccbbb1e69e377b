//! `docs/access.md` is what the table says. Run with `UPDATE=1` to write it anew.

use std::{env, fs, path::Path};

use anb_http::access::{TABLE, reference};

#[test]
fn the_page_is_that_of_the_table() -> std::io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/access.md");
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, reference())?;
    }
    let checked_in = fs::read_to_string(&path).unwrap_or_default();
    assert!(checked_in == reference(), "run `UPDATE=1 cargo test -p anb-http --test access`");
    assert_eq!(checked_in.matches("\n| ").count(), TABLE.len() + 2, "a line for each row");
    Ok(())
}
