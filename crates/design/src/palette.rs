//! Readable colours made from the brand's one
//! ([WCAG 2.2, 1.4.3](https://www.w3.org/TR/WCAG22/#contrast-minimum)).

use anb_domain::Color;

/// What text needs against what lies behind it.
const READABLE: f64 = 4.5;

const BLACK: Color = Color::new(0, 0, 0);
const WHITE: Color = Color::new(255, 255, 255);

/// The darkest light and the lightest dark surface on which text lies: `--soft`
/// in tokens.css.
const LIGHT_SURFACE: Color = Color::new(0xe6, 0xec, 0xea);
const DARK_SURFACE: Color = Color::new(0x1c, 0x2a, 0x28);

/// The brand's colour, and what can be read on and beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    pub brand: Color,
    /// Text on the brand's colour.
    pub ink: Color,
    /// Text in the brand's colour, on light and on dark.
    pub text_on_light: Color,
    pub text_on_dark: Color,
}

impl Palette {
    #[must_use]
    pub fn of(brand: Color) -> Self {
        Self {
            brand,
            ink: ink_on(brand),
            text_on_light: readable(brand, LIGHT_SURFACE, BLACK),
            text_on_dark: readable(brand, DARK_SURFACE, WHITE),
        }
    }

    /// The style sheet that replaces the brand's colours in tokens.css.
    #[must_use]
    pub fn style_sheet(&self) -> String {
        let Self { brand, ink, text_on_light, text_on_dark } = self;
        format!(
            "@layer tokens {{\n  :root {{\n    --brand: {brand};\n    --brand-ink: {ink};\n    \
             --brand-text: light-dark({text_on_light}, {text_on_dark});\n  }}\n}}\n"
        )
    }
}

/// Text of a palette on what lies behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Check {
    pub text: Color,
    pub contrast: f64,
}

impl Check {
    /// As people write it: `7.2`. Never better than it is.
    #[must_use]
    pub fn ratio(&self) -> String {
        format!("{:.1}", (self.contrast * 10.0).floor() / 10.0)
    }
}

/// How well each text can be read: on the brand's colour, beside it on light, and
/// on dark.
#[must_use]
pub fn checks(palette: &Palette) -> [Check; 3] {
    let Palette { brand, ink, text_on_light, text_on_dark } = *palette;
    [(ink, brand), (text_on_light, LIGHT_SURFACE), (text_on_dark, DARK_SURFACE)]
        .map(|(text, surface)| Check { text, contrast: contrast(text, surface) })
}

/// A tinted black where it can be read, white otherwise: one of the two always
/// can, for no colour is nearer than 4.5 to both.
fn ink_on(brand: Color) -> Color {
    let dark = brand.mixed(BLACK, 0.9);
    [dark, BLACK].into_iter().find(|ink| contrast(*ink, brand) >= READABLE).unwrap_or(WHITE)
}

/// As little of `towards` as makes the colour readable on a surface.
fn readable(color: Color, surface: Color, towards: Color) -> Color {
    (0..=50)
        .map(|step| color.mixed(towards, f64::from(step) / 50.0))
        .find(|candidate| contrast(*candidate, surface) >= READABLE)
        .unwrap_or(towards)
}

/// From 1 (the same) to 21 (black and white).
#[must_use]
pub fn contrast(one: Color, other: Color) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// As defined in [WCAG](https://www.w3.org/TR/WCAG22/#dfn-relative-luminance).
fn luminance(color: Color) -> f64 {
    let linear = |channel: u8| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every sixteenth of each channel: 4913 colours.
    fn all_over_the_cube() -> impl Iterator<Item = Color> {
        let steps = || (0..=16u16).map(|step| u8::try_from((step * 16).min(255)).unwrap());
        steps().flat_map(move |red| {
            steps().flat_map(move |green| steps().map(move |blue| Color::new(red, green, blue)))
        })
    }

    #[test]
    fn whatever_the_brands_colour_its_texts_can_be_read() {
        for brand in all_over_the_cube() {
            let palette = Palette::of(brand);
            assert!(contrast(palette.ink, brand) >= READABLE, "ink on {brand}");
            for (text, surface) in
                [(palette.text_on_light, LIGHT_SURFACE), (palette.text_on_dark, DARK_SURFACE)]
            {
                assert!(contrast(text, surface) >= READABLE, "{text} of {brand} on {surface}");
            }
        }
    }

    #[test]
    fn a_colour_that_can_be_read_is_left_alone() {
        let navy = Color::new(10, 30, 90);
        assert_eq!(Palette::of(navy).text_on_light, navy);
        assert_eq!(Palette::of(navy).ink, WHITE);
    }

    #[test]
    fn the_contrast_is_wcags() {
        assert!((contrast(BLACK, WHITE) - 21.0).abs() < 1e-9);
        assert!((contrast(Color::new(0x77, 0x77, 0x77), WHITE) - 4.478).abs() < 1e-3);
    }

    #[test]
    fn the_style_sheet_names_the_tokens() {
        let css = Palette::of(Color::new(0xf2, 0x6b, 0x21)).style_sheet();
        assert!(
            css.contains("--brand: #f26b21;") && css.contains("--brand-text: light-dark(#"),
            "{css}"
        );
    }
}
