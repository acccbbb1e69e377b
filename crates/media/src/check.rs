//! Looks at what ffmpeg made before anyone else does.

use std::path::Path;

use anb_domain::{FailureCode, keys::ResultFile};
use serde::Deserialize;

use crate::{
    MediaError, frame,
    recipe::Transcode,
    runner::{Job, Patience},
    sandbox,
    tools::{self, Tools, failed},
};

/// A result may be this much longer or shorter than planned, in seconds.
const TOLERANCE_S: f64 = 0.2;

#[derive(Deserialize)]
struct Answer {
    streams: Vec<Stream>,
    format: Format,
}

#[derive(Deserialize)]
struct Stream {
    codec_name: String,
    profile: Option<String>,
    pix_fmt: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
}

#[derive(Deserialize)]
struct Format {
    duration: String,
}

/// The length in seconds and the size in bytes of a sound result.
///
/// # Errors
/// When anything is not as the recipe says.
pub async fn check(
    tools: &Tools,
    recipe: &Transcode,
    work_dir: &Path,
    patience: &Patience,
) -> Result<(f64, u64), MediaError> {
    for file in ResultFile::ALL {
        check_file(&work_dir.join(file.file_name()), file)?;
    }
    let video = work_dir.join(ResultFile::Video.file_name());
    let answer = probe(tools, &video, work_dir, patience).await?;
    let duration_s: f64 = answer.format.duration.parse().unwrap_or(0.0);
    check_streams(&answer.streams, recipe.kept_audio().is_some())?;
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

fn check_streams(streams: &[Stream], with_sound: bool) -> Result<(), MediaError> {
    let as_planned = streams.first().is_some_and(|video| {
        video.codec_name == "h264"
            && video.profile.as_deref() == Some("High")
            && video.pix_fmt.as_deref() == Some("yuv420p")
            && (video.width, video.height) == (Some(frame::WIDTH), Some(frame::HEIGHT))
    });
    if !as_planned || streams.len() != 1 + usize::from(with_sound) {
        return Err(failed(FailureCode::ProcessingFailed, "the result has other streams"));
    }
    Ok(())
}

async fn probe(
    tools: &Tools,
    video: &Path,
    work_dir: &Path,
    patience: &Patience,
) -> Result<Answer, MediaError> {
    let mut arguments: Vec<String> = ["-v", "error"].map(String::from).to_vec();
    arguments.extend(sandbox::input_options("mov", None));
    arguments.extend(["-show_streams", "-show_format", "-of", "json"].map(String::from));
    arguments.push(sandbox::file_url(video));
    let job =
        Job { program: &tools.ffprobe, arguments, folder: work_dir.to_owned(), on_time: None };
    let ended = tools.runner.run(job, patience).await?;
    tools::judge(&ended)
        .and_then(|()| {
            serde_json::from_slice(&ended.stdout)
                .map_err(|error| failed(FailureCode::ProcessingFailed, error.to_string()))
        })
        .map_err(|error| match error {
            // A result that cannot be read is our fault, not the clip's.
            MediaError::Rejected(failure) => failed(
                FailureCode::ProcessingFailed,
                failure.detail.unwrap_or_else(|| "the result cannot be read".into()),
            ),
            other => other,
        })
}
