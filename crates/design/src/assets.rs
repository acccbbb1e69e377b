//! Style sheets, scripts and pictures under an address that names their
//! content: whoever has one may keep it for ever.

use std::{borrow::Cow, collections::BTreeMap};

use rust_embed::{Embed, RustEmbed};
use sha2::{Digest as _, Sha256};

/// The style sheets that every application shares.
#[derive(Embed)]
#[folder = "assets/"]
struct Shared;

/// How much of the digest makes a version: 64 bits, enough that no two releases
/// share one.
const VERSION_BYTES: usize = 8;

/// A file and where it lies among the others.
pub type File = (String, Cow<'static, [u8]>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    pub content_type: &'static str,
    pub bytes: Cow<'static, [u8]>,
}

/// All files of an application. They have one version together, so that they
/// can refer to each other by relative addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    files: BTreeMap<String, Asset>,
    version: String,
}

impl Assets {
    /// Of two files with the same path, the last wins.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = File>) -> Self {
        let asset = |(path, bytes): File| {
            let content_type = content_type(&path);
            (path, Asset { content_type, bytes })
        };
        let files: BTreeMap<_, _> = files.into_iter().map(asset).collect();
        Self { version: version(&files), files }
    }

    /// Changes with any byte of any file.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Asset> {
        self.files.get(path)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.files.iter().map(|(path, asset)| (path.as_str(), asset))
    }
}

/// The files that every application shares.
pub fn shared() -> impl Iterator<Item = File> {
    embedded::<Shared>()
}

/// What a folder had in it when the program was built.
pub fn embedded<E: RustEmbed>() -> impl Iterator<Item = File> {
    E::iter().filter_map(|path| Some((path.to_string(), E::get(&path)?.data)))
}

/// Lengths too, so that no two sets of files look alike.
fn version(files: &BTreeMap<String, Asset>) -> String {
    let mut digest = Sha256::new();
    for (path, asset) in files {
        for part in [path.as_bytes(), &asset.bytes] {
            digest.update(part.len().to_be_bytes());
            digest.update(part);
        }
    }
    let beginning = digest.finalize().into_iter().take(VERSION_BYTES);
    beginning.fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("ico") => "image/vnd.microsoft.icon",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets(files: &[(&str, &str)]) -> Assets {
        let file =
            |(path, text): &(&str, &str)| ((*path).to_owned(), text.as_bytes().to_vec().into());
        Assets::new(files.iter().map(file))
    }

    #[test]
    fn the_version_names_the_content() {
        let version = |files: &[_]| assets(files).version().to_owned();
        let first = version(&[("a.css", "a"), ("b.js", "b")]);
        assert_eq!(first.len(), 16);
        assert_eq!(version(&[("b.js", "b"), ("a.css", "a")]), first, "in whatever order");
        for other in [
            [("a.css", "a"), ("b.js", "c")],
            [("a.css", "a"), ("c.js", "b")],
            [("a.css", "ab"), ("b.js", "")],
        ] {
            assert_ne!(version(&other), first, "{other:?}");
        }
    }

    #[test]
    fn a_file_knows_what_it_is() {
        let assets = assets(&[("pages/vote.js", "1"), ("site.css", "2"), ("x.bin", "3")]);
        let of = |path| assets.get(path).map(|asset| asset.content_type);
        assert_eq!(of("pages/vote.js"), Some("text/javascript; charset=utf-8"));
        assert_eq!(of("site.css"), Some("text/css; charset=utf-8"));
        assert_eq!(of("x.bin"), Some("application/octet-stream"));
        assert_eq!(of("../site.css"), None);
    }

    #[test]
    fn the_shared_style_sheets_are_embedded() {
        let names: Vec<_> = shared().map(|(path, _)| path).collect();
        for name in ["tokens.css", "base.css", "components.css"] {
            assert!(names.contains(&name.to_owned()), "{name} in {names:?}");
        }
    }
}
