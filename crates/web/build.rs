//! A file that is added must be embedded, although no source changes.

fn main() {
    for folder in ["assets", "locales"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
