//! ffmpeg and the fonts: the pipeline's own examination, and the font with
//! which the demonstration writes.

use std::path::Path;

use anb_config::Settings;

use super::{Ailment, Check};
use crate::commands::demo;

pub async fn checks(settings: &Settings) -> Vec<Check> {
    let examined = anb_media::doctor(&settings.media).await.into_iter().map(translate);
    examined.chain([Check::new("demo font", font())]).collect()
}

fn translate(check: anb_media::Check) -> Check {
    let outcome = match check.remedy {
        Some(remedy) if !check.ok => Err(Ailment::new(check.detail, remedy)),
        _ => Ok(check.detail),
    };
    Check::new(check.name, outcome)
}

fn font() -> Result<String, Ailment> {
    if Path::new(demo::FONT).is_file() {
        return Ok("DejaVu Sans".into());
    }
    let problem = "DejaVu Sans is missing; the demonstration writes with it";
    Err(Ailment::new(problem, "apt-get install fonts-dejavu-core"))
}
