//! What every application's pages load, in the brand's colours.

use anb_domain::Color;

use crate::{
    Assets, Palette,
    assets::{File, shared},
};

/// What [`STYLE`] and an application's own sheet make together.
const STYLE_NAME: &str = "style.css";

/// Every page's style sheet begins with these.
const STYLE: [&str; 4] = ["tokens.css", "brand.css", "base.css", "components.css"];

pub const FAVICON: &str = "favicon.svg";

/// The colours in which our own mark is drawn: the ball, and what lies on it.
const MARK: [&str; 2] = ["#f26b21", "#1a0d04"];

/// The shared files and an application's `own`, of which the sheet `style` is
/// part of every page. Without a logo our mark stands for it.
#[must_use]
pub fn branded(
    color: Color,
    logo: Option<Vec<u8>>,
    own: impl Iterator<Item = File>,
    style: &str,
) -> Assets {
    let palette = Palette::of(color);
    let mut files: Vec<File> = shared().chain(own).collect();
    files.push(("brand.css".to_owned(), palette.style_sheet().into_bytes().into()));
    let mark = recoloured(found(&files, FAVICON), &palette);
    files.push(("logo.svg".to_owned(), logo.unwrap_or_else(|| mark.clone()).into()));
    files.push((FAVICON.to_owned(), mark.into()));
    let sheets: Vec<_> = STYLE.iter().chain([&style]).map(|name| found(&files, name)).collect();
    let together = sheets.join(&b'\n');
    files.push((STYLE_NAME.to_owned(), together.into()));
    Assets::new(files)
}

/// # Panics
/// When it is missing; the tests ask for the style sheets of each application.
fn found<'f>(files: &'f [File], name: &str) -> &'f [u8] {
    let file = files.iter().find(|(path, _)| path == name);
    file.map(|(_, bytes)| &**bytes).expect("style sheets and mark are embedded")
}

fn recoloured(mark: &[u8], palette: &Palette) -> Vec<u8> {
    let mark = String::from_utf8_lossy(mark);
    let [ball, lines] = MARK;
    // By a name that is no colour, lest the second replaces what the first put.
    let mark = mark.replace(ball, "{ball}").replace(lines, &palette.ink.to_string());
    mark.replace("{ball}", &palette.brand.to_string()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_of_an_application_load_one_sheet_in_the_brands_colours() {
        let own = || [("console.css".to_owned(), b".own {}".to_vec().into())].into_iter();
        let navy = branded(Color::new(10, 30, 90), None, own(), "console.css");
        let sheet = String::from_utf8_lossy(&navy.get("style.css").unwrap().bytes);
        let at = |text: &str| sheet.find(text).unwrap_or_else(|| panic!("{text} is missing"));
        assert!(at("@layer tokens") < at("--brand: #0a1e5a"));
        assert!(at("--brand: #0a1e5a") < at(".own {}"));
        let mark = String::from_utf8_lossy(&navy.get(FAVICON).unwrap().bytes);
        assert!(mark.contains("#0a1e5a") && !mark.contains(MARK[0]), "{mark}");
        assert_eq!(navy.get("logo.svg").unwrap().bytes, navy.get(FAVICON).unwrap().bytes);

        let logo = branded(Color::new(10, 30, 90), Some(b"<svg/>".into()), own(), "console.css");
        assert_eq!(&*logo.get("logo.svg").unwrap().bytes, b"<svg/>");
        assert_ne!(logo.version(), navy.version());
    }
}
