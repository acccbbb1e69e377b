//! What a clip must fulfil to take part.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, FailureCode};

/// What a probe found out about an uploaded clip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceFacts {
    /// Size of the file in bytes.
    pub size_bytes: u64,
    /// Length of the picture in seconds.
    pub duration_s: f64,
    /// Width and height in pixels as shown: rotation and pixel shape applied.
    pub width: u32,
    pub height: u32,
    /// Pictures per second, on average.
    pub frame_rate: f64,
    /// Codec and container in ffmpeg's names, for operators.
    pub codec: String,
    pub container: String,
}

/// The rules of a showcase (settings `showcase.rules.*`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShowcaseRules {
    /// Largest accepted file in bytes.
    pub max_size_bytes: u64,
    /// Shortest accepted clip in seconds.
    pub min_duration_s: f64,
    /// Longest accepted clip in seconds.
    pub max_duration_s: f64,
    /// Fewest accepted lines: the shorter side of the picture, so that a
    /// vertical 1080×1920 clip counts as 1080 lines. 0 accepts any.
    pub min_lines: u32,
    /// Longest accepted side of the picture in pixels. Decoding memory grows
    /// with the square of it.
    pub max_side: u32,
}

impl Default for ShowcaseRules {
    fn default() -> Self {
        Self {
            max_size_bytes: 100_000_000,
            min_duration_s: 1.0,
            max_duration_s: 600.0,
            min_lines: 0,
            max_side: 4096,
        }
    }
}

impl ShowcaseRules {
    /// A clip of 1 s measures 0.97 s when its last picture ends early; players
    /// count in whole pictures, containers do not.
    pub const DURATION_TOLERANCE_S: f64 = 0.1;

    /// The rules of the ANB Rising Stars Showcase: 20 to 60 s, 1080 lines.
    #[must_use]
    pub fn anb() -> Self {
        Self { min_duration_s: 20.0, max_duration_s: 60.0, min_lines: 1080, ..Self::default() }
    }

    /// Checks a clip against every rule.
    ///
    /// # Errors
    /// The first broken rule, with its limit and what the clip has.
    pub fn check(&self, clip: &SourceFacts) -> Result<(), Failure> {
        let lines = clip.width.min(clip.height);
        let side = clip.width.max(clip.height);
        if clip.size_bytes > self.max_size_bytes {
            return broken(
                FailureCode::TooLarge,
                self.max_size_bytes as f64,
                clip.size_bytes as f64,
            );
        }
        if side > self.max_side {
            return broken(FailureCode::ResolutionTooHigh, self.max_side.into(), side.into());
        }
        if lines < self.min_lines {
            return broken(FailureCode::ResolutionTooLow, self.min_lines.into(), lines.into());
        }
        if clip.duration_s < self.min_duration_s - Self::DURATION_TOLERANCE_S {
            return broken(FailureCode::TooShort, self.min_duration_s, clip.duration_s);
        }
        if clip.duration_s > self.max_duration_s + Self::DURATION_TOLERANCE_S {
            return broken(FailureCode::TooLong, self.max_duration_s, clip.duration_s);
        }
        Ok(())
    }
}

fn broken(code: FailureCode, limit: f64, actual: f64) -> Result<(), Failure> {
    Err(Failure::measured(code, limit, actual))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip() -> SourceFacts {
        SourceFacts {
            size_bytes: 20_000_000,
            duration_s: 25.0,
            width: 1920,
            height: 1080,
            frame_rate: 30.0,
            codec: "h264".into(),
            container: "mov,mp4".into(),
        }
    }

    #[test]
    fn an_ordinary_clip_passes_both_presets() {
        assert_eq!(ShowcaseRules::default().check(&clip()), Ok(()));
        assert_eq!(ShowcaseRules::anb().check(&clip()), Ok(()));
    }

    #[test]
    fn a_vertical_clip_has_as_many_lines_as_its_shorter_side() {
        let vertical = SourceFacts { width: 1080, height: 1920, ..clip() };
        assert_eq!(ShowcaseRules::anb().check(&vertical), Ok(()));
    }

    #[test]
    fn each_broken_rule_has_its_own_code() {
        let anb = ShowcaseRules::anb();
        let cases = [
            (SourceFacts { size_bytes: 100_000_001, ..clip() }, FailureCode::TooLarge),
            (SourceFacts { duration_s: 19.8, ..clip() }, FailureCode::TooShort),
            (SourceFacts { duration_s: 60.2, ..clip() }, FailureCode::TooLong),
            (SourceFacts { height: 720, width: 1280, ..clip() }, FailureCode::ResolutionTooLow),
            (SourceFacts { height: 16384, ..clip() }, FailureCode::ResolutionTooHigh),
        ];
        for (clip, code) in cases {
            assert_eq!(anb.check(&clip).unwrap_err().code, code);
        }
    }

    #[test]
    fn a_picture_missing_at_the_end_does_not_make_a_clip_too_short() {
        let clip = SourceFacts { duration_s: 19.967, ..clip() };
        assert_eq!(ShowcaseRules::anb().check(&clip), Ok(()));
    }
}
