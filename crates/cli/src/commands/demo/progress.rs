//! A line per clip and a bar for all of them; plain lines where there is no
//! terminal.

use std::{
    io::{IsTerminal as _, stderr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::{api::Video, clips::Clip};

pub struct Progress {
    lines: MultiProgress,
    total: ProgressBar,
    done: Arc<AtomicUsize>,
}

/// One clip on its way.
pub struct Line {
    bar: ProgressBar,
    total: ProgressBar,
    done: Arc<AtomicUsize>,
    name: String,
    said: Mutex<String>,
}

impl Progress {
    pub fn new(clips: usize) -> Self {
        let lines = MultiProgress::new();
        let total = lines.add(ProgressBar::new(clips as u64));
        total.set_style(style("{bar:40} {pos} of {len} published  {elapsed}"));
        Self { lines, total, done: Arc::default() }
    }

    pub fn line(&self, clip: &Clip) -> Line {
        let bar = self.lines.insert_before(&self.total, ProgressBar::new(100));
        bar.set_style(style("{bar:20} {prefix}: {msg}"));
        let name = format!("{} ({})", clip.contestant.name(), clip.format.label);
        bar.set_prefix(name.clone());
        let (total, done) = (self.total.clone(), Arc::clone(&self.done));
        Line { bar, total, done, name, said: Mutex::default() }
    }

    pub fn finish(&self) {
        self.total.finish();
    }
}

impl Line {
    pub fn say(&self, what: &str) {
        self.bar.set_message(what.to_owned());
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if *said != what && !stderr().is_terminal() {
            eprintln!("{}: {what}", self.name);
        }
        what.clone_into(&mut said);
    }

    /// Shows what the server says about the video.
    pub fn follow(&self, video: &Video) {
        self.bar.set_position(video.progress);
        if video.status == "completed" {
            let done = 1 + self.done.fetch_add(1, Ordering::Relaxed);
            self.say(&format!("published, {done} of {}", self.total.length().unwrap_or(0)));
            self.bar.finish();
            self.total.inc(1);
        } else {
            self.say(&video.status);
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
