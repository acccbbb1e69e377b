//! The last lines that ffmpeg and ffprobe have said, for operators: kept while
//! they run, so that a child which is killed leaves them too.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

const LINES: usize = 20;
const MAX_BYTES: usize = 4 << 10;
/// What is left of the path of a file that is none of the operator's business.
const ELSEWHERE: &str = "[…]/";

/// Cheap to clone; all clones are the same tail.
#[derive(Debug, Clone, Default)]
pub struct LogTail(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    lines: VecDeque<String>,
    /// Paths below it are shown, relative to it.
    folder: Option<PathBuf>,
}

impl LogTail {
    pub(crate) fn begin(&self, folder: &Path) {
        self.kept().folder = Some(folder.to_owned());
    }

    pub(crate) fn add(&self, line: &str) {
        let mut kept = self.kept();
        if kept.lines.len() == LINES {
            kept.lines.pop_front();
        }
        kept.lines.push_back(line.to_owned());
    }

    /// The lines, without paths outside of the work folder; `None` if there
    /// are none.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let kept = self.kept();
        let folder = kept.folder.as_deref().map(|folder| folder.display().to_string());
        let lines: Vec<_> =
            kept.lines.iter().map(|line| scrubbed(line, folder.as_deref())).collect();
        let text = lines.join("\n");
        let from = text.len().saturating_sub(MAX_BYTES);
        let from = (from..=text.len()).find(|at| text.is_char_boundary(*at))?;
        Some(text[from..].to_owned()).filter(|text| !text.is_empty())
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The line with each absolute path cut: to what lies in the work folder, or
/// else to the name of the file.
fn scrubbed(line: &str, folder: Option<&str>) -> String {
    let line = match folder {
        Some(folder) => line.replace(&format!("{folder}/"), ""),
        None => line.to_owned(),
    };
    let mut text = String::with_capacity(line.len());
    let mut rest = line.as_str();
    while let Some(at) = rest.find('/') {
        let (before, path) = rest.split_at(at);
        text.push_str(before);
        let end = path.find(|c: char| c.is_whitespace() || "'\"`,;:()[]".contains(c));
        let (path, after) = path.split_at(end.unwrap_or(path.len()));
        text.push_str(&cut(before, path));
        rest = after;
    }
    text.push_str(rest);
    text
}

/// `30000/1001`, `bt709/bt709` and `a/b.mp4` are no absolute paths.
fn cut(before: &str, path: &str) -> String {
    let is_absolute = !before.ends_with(|c: char| c.is_alphanumeric() || "._-)]".contains(c));
    match path.rsplit_once('/') {
        Some((_, name)) if is_absolute && path.len() > 1 => format!("{ELSEWHERE}{name}"),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_outside_of_the_work_folder_are_cut() {
        let tail = LogTail::default();
        tail.begin(Path::new("/var/lib/anb/work/w1/7/result"));
        for line in [
            "[error] /etc/anb/brand.svg: No such file or directory",
            "Output #0, mp4, to 'file:/var/lib/anb/work/w1/7/result/clip.mp4':",
            "[in#0 @ 0x55] Error opening input file:/var/lib/anb/work/w1/7/original.",
            "Stream #0:0: Video: h264, yuv420p(tv, bt709/bt709), 30000/1001 fps",
        ] {
            tail.add(line);
        }
        assert_eq!(
            tail.text().unwrap(),
            "[error] […]/brand.svg: No such file or directory\n\
             Output #0, mp4, to 'file:clip.mp4':\n\
             [in#0 @ 0x55] Error opening input file:[…]/original.\n\
             Stream #0:0: Video: h264, yuv420p(tv, bt709/bt709), 30000/1001 fps"
        );
    }

    #[test]
    fn only_the_end_is_kept() {
        let tail = LogTail::default();
        assert_eq!(tail.text(), None);
        (0..1000).for_each(|n| tail.add(&format!("picture {n} {}", "ñ".repeat(400))));
        let text = tail.text().unwrap();
        assert!(text.len() <= MAX_BYTES && text.contains("picture 999 "), "{}", text.len());
        assert!(!text.contains("picture 979 "));
    }
}
