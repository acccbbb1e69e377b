//! What every application's pages load: what is the same for every brand, and the
//! brand's colours, logo and mark.

use anb_domain::Color;

use crate::{
    Assets, Palette,
    assets::{File, shared},
};

/// What [`STYLE`] and an application's own sheet make together.
const STYLE_NAME: &str = "style.css";

/// Every page's style sheet begins with these.
const STYLE: [&str; 3] = ["tokens.css", "base.css", "components.css"];

pub const FAVICON: &str = "favicon.svg";

/// The colours in which our own mark is drawn: the ball, and what lies on it.
const MARK: [&str; 2] = ["#f26b21", "#1a0d04"];

/// The shared files and an application's `own`, of which the sheet `style` is
/// part of every page; whatever the brand, they are the same.
#[must_use]
pub fn unbranded(own: impl Iterator<Item = File>, style: &str) -> Assets {
    let mut files: Vec<File> = shared().chain(own).filter(|(path, _)| path != FAVICON).collect();
    let sheets: Vec<_> = STYLE.iter().chain([&style]).map(|name| found(&files, name)).collect();
    let together = sheets.join(&b'\n');
    files.push((STYLE_NAME.to_owned(), together.into()));
    Assets::new(files)
}

/// What pages load of the brand: the sheet after their own, logo and mark.
/// Without a logo our mark stands for it.
#[must_use]
pub fn files(color: Color, logo: Option<&str>) -> Assets {
    let palette = Palette::of(color);
    let mark = recoloured(found(&shared().collect::<Vec<_>>(), FAVICON), &palette);
    let logo = logo.map_or_else(|| mark.clone(), |logo| logo.as_bytes().to_vec());
    let sheet = palette.style_sheet().into_bytes();
    let files = [("brand.css", sheet), ("logo.svg", logo), (FAVICON, mark)];
    Assets::new(files.map(|(name, bytes)| -> File { (name.to_owned(), bytes.into()) }))
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

    fn text(files: &Assets, name: &str) -> String {
        String::from_utf8_lossy(&files.get(name).unwrap().bytes).into_owned()
    }

    #[test]
    fn the_pages_of_an_application_load_one_sheet() {
        let own = [("console.css".to_owned(), b".own {}".to_vec().into())].into_iter();
        let sheet = text(&unbranded(own, "console.css"), "style.css");
        let at = |text: &str| sheet.find(text).unwrap_or_else(|| panic!("{text} is missing"));
        assert!(at("@layer tokens") < at(".own {}"));
    }

    #[test]
    fn the_brand_is_three_files() {
        let navy = files(Color::new(10, 30, 90), None);
        assert!(text(&navy, "brand.css").contains("--brand: #0a1e5a"));
        let mark = text(&navy, FAVICON);
        assert!(mark.contains("#0a1e5a") && !mark.contains(MARK[0]), "{mark}");
        assert_eq!(text(&navy, "logo.svg"), mark);

        let logo = files(Color::new(10, 30, 90), Some("<svg/>"));
        assert_eq!(text(&logo, "logo.svg"), "<svg/>");
        assert_ne!(logo.version(), navy.version());
    }
}
