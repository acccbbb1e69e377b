//! Looks at what ffmpeg made before anyone else does.

use std::path::Path;

use anb_domain::{FailureCode, keys::ResultFile};

use crate::{MediaError, frame, mp4::Index, recipe::Transcode, tools::failed};

/// A result may be this much longer or shorter than planned, in seconds.
const TOLERANCE_S: f64 = 0.2;

/// The length in seconds and the size in bytes of a sound result.
///
/// # Errors
/// When anything is not as the recipe says.
pub fn check(recipe: &Transcode, work_dir: &Path) -> Result<(f64, u64), MediaError> {
    for file in ResultFile::ALL {
        check_file(&work_dir.join(file.file_name()), file)?;
    }
    let video = work_dir.join(ResultFile::Video.file_name());
    let index = Index::read(&video)
        .map_err(|error| failed(FailureCode::ProcessingFailed, error.to_string()))?;
    check_streams(&index, recipe.kept_audio().is_some())?;
    let duration_s = index.length_s().unwrap_or(0.0);
    if (duration_s - recipe.total_s()).abs() > TOLERANCE_S {
        let detail = format!("lasts {duration_s:.2} s, planned {:.2} s", recipe.total_s());
        return Err(failed(FailureCode::ProcessingFailed, detail));
    }
    Ok((duration_s, video.metadata()?.len()))
}

fn check_file(path: &Path, file: ResultFile) -> Result<(), MediaError> {
    let wrong = |detail: String| failed(FailureCode::ProcessingFailed, detail);
    if path.metadata().map_or(0, |found| found.len()) == 0 {
        return Err(wrong(format!("{} is missing or empty", file.file_name())));
    }
    if file.content_type().starts_with("image/") {
        image::image_dimensions(path).map_err(|e| wrong(format!("{}: {e}", file.file_name())))?;
    }
    Ok(())
}

fn check_streams(index: &Index, with_sound: bool) -> Result<(), MediaError> {
    let as_planned = index.pictures().is_some_and(|pictures| {
        pictures.are_as_players_need() && pictures.size() == (frame::WIDTH, frame::HEIGHT)
    });
    if !as_planned || index.streams() != 1 + usize::from(with_sound) {
        return Err(failed(FailureCode::ProcessingFailed, "the result has other streams"));
    }
    Ok(())
}
