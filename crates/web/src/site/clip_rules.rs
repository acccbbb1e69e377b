//! What a clip must be, in words: for `clip_rules.html`.

use anb_config::Sound;
use anb_design::{Argument, figures};
use anb_domain::ShowcaseRules;

use super::frame::Frame;
use crate::state::AppState;

pub struct ClipRules<'a> {
    frame: &'a Frame,
    pub rules: ShowcaseRules,
    /// Seconds that are kept of a clip.
    trim_s: f64,
    pub silent: bool,
}

impl<'a> ClipRules<'a> {
    #[must_use]
    pub fn new(app: &AppState, frame: &'a Frame) -> Self {
        let media = &app.settings.media;
        let silent = media.sound == Sound::Remove;
        Self { frame, rules: app.rules(), trim_s: media.trim_s, silent }
    }

    #[must_use]
    pub fn duration(&self) -> String {
        let shortest = self.seconds(self.rules.min_duration_s);
        let longest = self.seconds(self.rules.max_duration_s);
        let arguments: [(&str, &dyn Argument); 2] =
            [("shortest", &shortest), ("longest", &longest)];
        self.frame.with_all("pages-rules-duration", &arguments)
    }

    #[must_use]
    pub fn trim(&self) -> String {
        self.seconds(self.trim_s)
    }

    #[must_use]
    pub fn megabytes(&self) -> String {
        let megabytes = self.rules.max_size_bytes as f64 / 1_000_000.0;
        figures::decimal(megabytes, 1, self.frame.language)
    }

    /// Whole minutes are told as minutes.
    fn seconds(&self, seconds: f64) -> String {
        let (unit, number) = if seconds >= 60.0 && seconds % 60.0 == 0.0 {
            ("pages-minutes", seconds / 60.0)
        } else {
            ("pages-seconds", seconds)
        };
        let figure = figures::decimal(number, 1, self.frame.language);
        self.frame.with_all(unit, &[("count", &number), ("figure", &figure)])
    }
}
