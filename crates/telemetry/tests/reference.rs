//! docs/metrics.md is what the catalogue says. Run with `UPDATE=1` to write it
//! anew.

use std::{env, fs, path::Path};

#[test]
fn the_page_of_metrics_is_checked_in() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
    let current = anb_telemetry::reference::reference();
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &current).unwrap();
    }
    let checked_in = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        checked_in == current,
        "docs/metrics.md is out of date: run `UPDATE=1 cargo test -p anb-telemetry --test reference`"
    );
}
