//! ffmpeg, its codecs and filters, and the fonts.

use anb_config::Settings;

use super::Check;

pub async fn checks(_settings: &Settings) -> Vec<Check> {
    Vec::new()
}
