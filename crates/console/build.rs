//! A message or an asset that is added must be embedded, although no source
//! changes.

fn main() {
    println!("cargo::rerun-if-changed=assets");
    println!("cargo::rerun-if-changed=locales");
}
