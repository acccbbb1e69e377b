//! Watermark and card for a brand that brings none: ours in its colour, or made
//! of its logo.

use anb_config::BrandSettings;
use anb_domain::Color;
use base64::{Engine as _, prelude::BASE64_STANDARD};

const OUR_WATERMARK: &str = include_str!("pictures/watermark.svg");
const OUR_CARD: &str = include_str!("pictures/card.svg");

const BLACK: Color = Color::new(0, 0, 0);
const WHITE: Color = Color::new(255, 255, 255);

/// The colours of our drawings, each with what it is of the brand's: how much
/// of what is mixed in.
const SHADES: [(&str, Color, f64); 7] = [
    // The ball, from its light to its shadow, and the letters beside it.
    ("#ffa94d", WHITE, 0.35),
    ("#f27a1a", WHITE, 0.05),
    ("#b8480a", BLACK, 0.4),
    ("#ff9a3d", WHITE, 0.3),
    // The arena, from its light to its shadow.
    ("#1f3a6e", BLACK, 0.62),
    ("#101f41", BLACK, 0.8),
    ("#070d1c", BLACK, 0.92),
];

pub fn watermark(color: Color, logo: Option<&str>) -> String {
    logo.map_or_else(|| recoloured(OUR_WATERMARK, color), watermark_of)
}

pub fn card(color: Color, logo: Option<&str>) -> String {
    logo.map_or_else(|| recoloured(OUR_CARD, color), |logo| card_of(logo, color))
}

/// Ours is drawn in many shades of one colour; another gets shades of its own.
fn recoloured(ours: &str, color: Color) -> String {
    if color == BrandSettings::default().color {
        return ours.to_owned();
    }
    SHADES.iter().fold(ours.to_owned(), |drawing, (shade, with, share)| {
        drawing.replace(shade, &color.mixed(*with, *share).to_string())
    })
}

/// The logo on a dark plate, which keeps it apart from any picture.
fn watermark_of(logo: &str) -> String {
    let logo = embedded(logo, [10, 8, 180, 64]);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 200 80" width="200" height="80"><rect width="200" height="80" rx="20" fill="#0a1020" fill-opacity="0.62"/>{logo}</svg>"##
    )
}

/// The logo in the light of the arena, in the brand's colour.
fn card_of(logo: &str, color: Color) -> String {
    let [light, middle, shadow] = [0.62, 0.8, 0.92].map(|share| color.mixed(BLACK, share));
    let glow = color.mixed(WHITE, 0.3);
    let logo = embedded(logo, [320, 140, 640, 400]);
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 1280 720" width="1280" height="720"><defs><radialGradient id="arena" cx="0.5" cy="0.34" r="0.8"><stop offset="0" stop-color="{light}"/><stop offset="0.5" stop-color="{middle}"/><stop offset="1" stop-color="{shadow}"/></radialGradient><radialGradient id="glow"><stop offset="0" stop-color="{glow}" stop-opacity="0.42"/><stop offset="1" stop-color="{glow}" stop-opacity="0"/></radialGradient></defs><rect width="1280" height="720" fill="url(#arena)"/><circle cx="640" cy="340" r="330" fill="url(#glow)"/>{logo}</svg>"#
    )
}

/// As a picture of its own, whose names cannot meet ours.
fn embedded(svg: &str, [x, y, width, height]: [u32; 4]) -> String {
    let data = BASE64_STANDARD.encode(svg);
    format!(
        r#"<image x="{x}" y="{y}" width="{width}" height="{height}" xlink:href="data:image/svg+xml;base64,{data}"/>"#
    )
}
