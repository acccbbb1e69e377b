//! Why a video was rejected or failed, in words its player understands.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::language::Language;

/// A stable code for each thing that can end a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    // The clip breaks a rule: permanent, the player must upload another one.
    /// The file is no video at all, or of a kind we do not open.
    NotAVideo,
    /// A container without a moving picture: sound only, or a cover image.
    NoVideoStream,
    /// The container opens but its pictures cannot be decoded.
    Unreadable,
    TooLarge,
    TooShort,
    TooLong,
    /// Fewer lines than the showcase asks for.
    ResolutionTooLow,
    /// More pixels than we decode.
    ResolutionTooHigh,

    // Processing went wrong: worth another try.
    /// ffmpeg took longer than it may, or stopped making progress.
    TimedOut,
    /// ffmpeg ended with an error on a file that looked sound.
    ProcessingFailed,
    /// The worker's disk is full.
    OutOfSpace,
    /// Object storage did not answer, or not with what we stored.
    StorageUnavailable,
    /// The uploaded original is no longer in storage.
    OriginalMissing,
    /// The worker died or was cut off before it could say what happened.
    WorkerLost,
    /// A fault of ours.
    Internal,
    /// An operator has stopped it.
    Cancelled,
}

/// The text names no code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown failure code {0:?}")]
pub struct UnknownFailureCode(String);

impl FailureCode {
    pub const ALL: [Self; 16] = [
        Self::NotAVideo,
        Self::NoVideoStream,
        Self::Unreadable,
        Self::TooLarge,
        Self::TooShort,
        Self::TooLong,
        Self::ResolutionTooLow,
        Self::ResolutionTooHigh,
        Self::TimedOut,
        Self::ProcessingFailed,
        Self::OutOfSpace,
        Self::StorageUnavailable,
        Self::OriginalMissing,
        Self::WorkerLost,
        Self::Internal,
        Self::Cancelled,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAVideo => "not_a_video",
            Self::NoVideoStream => "no_video_stream",
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too_large",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::ResolutionTooLow => "resolution_too_low",
            Self::ResolutionTooHigh => "resolution_too_high",
            Self::TimedOut => "timed_out",
            Self::ProcessingFailed => "processing_failed",
            Self::OutOfSpace => "out_of_space",
            Self::StorageUnavailable => "storage_unavailable",
            Self::OriginalMissing => "original_missing",
            Self::WorkerLost => "worker_lost",
            Self::Internal => "internal",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether the fault is the clip's, so that trying again cannot help.
    #[must_use]
    pub fn is_rejection(self) -> bool {
        matches!(
            self,
            Self::NotAVideo
                | Self::NoVideoStream
                | Self::Unreadable
                | Self::TooLarge
                | Self::TooShort
                | Self::TooLong
                | Self::ResolutionTooLow
                | Self::ResolutionTooHigh
        )
    }
}

impl fmt::Display for FailureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FailureCode {
    type Err = UnknownFailureCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|code| code.as_str() == text)
            .ok_or_else(|| UnknownFailureCode(text.to_owned()))
    }
}

/// A code with the figures that make its sentence concrete.
///
/// `limit` and `actual` are in the unit of the code: seconds for durations,
/// lines for resolution (`actual` and `limit` in pixels of the longer side for
/// [`FailureCode::ResolutionTooHigh`]), bytes for sizes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    pub code: FailureCode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<f64>,
    /// For operators and the log; never shown to players.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Failure {
    #[must_use]
    pub fn new(code: FailureCode) -> Self {
        Self { code, limit: None, actual: None, detail: None }
    }

    /// A rule's limit and what the clip has instead.
    #[must_use]
    pub fn measured(code: FailureCode, limit: f64, actual: f64) -> Self {
        Self { limit: Some(limit), actual: Some(actual), ..Self::new(code) }
    }

    /// Adds what an operator needs to find the cause.
    #[must_use]
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// One sentence for the player: what is wrong and what to do.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let limit = self.limit.unwrap_or_default();
        let actual = self.actual.unwrap_or_default();
        match self.code {
            FailureCode::NotAVideo => language
                .pick(
                    "El archivo no es un vídeo que podamos abrir. Sube un MP4, MOV, WebM o MKV.",
                    "The file is not a video we can open. Upload an MP4, MOV, WebM or MKV.",
                )
                .into(),
            FailureCode::NoVideoStream => language
                .pick(
                    "El archivo no contiene imagen en movimiento. Sube un vídeo, no solo sonido o una foto.",
                    "The file has no moving picture. Upload a video, not just sound or a photo.",
                )
                .into(),
            FailureCode::Unreadable => language
                .pick(
                    "El vídeo está dañado o incompleto. Expórtalo de nuevo y súbelo otra vez.",
                    "The video is damaged or incomplete. Export it again and upload it once more.",
                )
                .into(),
            FailureCode::TooLarge => {
                let (limit, actual) = (megabytes(limit), megabytes(actual));
                language.pick(
                    format!("El vídeo ocupa {actual} MB y el máximo es {limit} MB. Recórtalo o comprímelo."),
                    format!("The video is {actual} MB and the limit is {limit} MB. Trim or compress it."),
                )
            }
            FailureCode::TooShort => {
                let (limit, actual) = (seconds(limit), seconds(actual));
                language.pick(
                    format!("El vídeo dura {actual} s y el mínimo es {limit} s. Sube uno más largo."),
                    format!("The video lasts {actual} s and the minimum is {limit} s. Upload a longer one."),
                )
            }
            FailureCode::TooLong => {
                let (limit, actual) = (seconds(limit), seconds(actual));
                language.pick(
                    format!("El vídeo dura {actual} s y el máximo es {limit} s. Recórtalo y súbelo de nuevo."),
                    format!("The video lasts {actual} s and the limit is {limit} s. Trim it and upload it again."),
                )
            }
            FailureCode::ResolutionTooLow => language.pick(
                format!("El vídeo tiene {actual} líneas y se piden al menos {limit}. Grábalo con más resolución."),
                format!("The video has {actual} lines and at least {limit} are asked for. Record it at a higher resolution."),
            ),
            FailureCode::ResolutionTooHigh => language.pick(
                format!("La imagen mide {actual} píxeles de lado y el máximo es {limit}. Expórtalo con menos resolución."),
                format!("The picture is {actual} pixels on a side and the limit is {limit}. Export it at a lower resolution."),
            ),
            FailureCode::OriginalMissing => language
                .pick(
                    "No encontramos el archivo que subiste. Súbelo de nuevo.",
                    "We cannot find the file you uploaded. Upload it again.",
                )
                .into(),
            FailureCode::TimedOut
            | FailureCode::ProcessingFailed
            | FailureCode::OutOfSpace
            | FailureCode::StorageUnavailable
            | FailureCode::WorkerLost
            | FailureCode::Internal => language
                .pick(
                    "No pudimos procesar el vídeo tras varios intentos. La organización ya lo sabe y puede reintentarlo; no hace falta que lo subas otra vez.",
                    "We could not process the video after several tries. The organisers know and can retry it; you need not upload it again.",
                )
                .into(),
            FailureCode::Cancelled => language
                .pick(
                    "La organización detuvo el proceso del vídeo. Puede reintentarlo; no hace falta que lo subas otra vez.",
                    "The organisers have stopped processing the video. They can retry it; you need not upload it again.",
                )
                .into(),
        }
    }
}

fn seconds(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn megabytes(bytes: f64) -> String {
    seconds(bytes / 1_000_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_names_the_figures_and_the_remedy() {
        let failure = Failure::measured(FailureCode::TooLong, 600.0, 725.44);
        assert_eq!(
            failure.sentence(Language::En),
            "The video lasts 725.4 s and the limit is 600 s. Trim it and upload it again."
        );
        assert_eq!(
            failure.sentence(Language::Es),
            "El vídeo dura 725.4 s y el máximo es 600 s. Recórtalo y súbelo de nuevo."
        );
    }

    #[test]
    fn no_sentence_shows_internal_detail() {
        for code in FailureCode::ALL {
            let failure = Failure::new(code).with_detail("/var/lib/anb/secret");
            for language in [Language::Es, Language::En] {
                let sentence = failure.sentence(language);
                assert!(sentence.ends_with('.') && !sentence.contains("/var"), "{sentence}");
            }
        }
    }

    #[test]
    fn codes_survive_the_round_trip() {
        for code in FailureCode::ALL {
            assert_eq!(code.as_str().parse(), Ok(code));
        }
    }
}
