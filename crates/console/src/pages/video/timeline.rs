//! Events and tries in one line of time.

use anb_domain::{Happening, Language};
use anb_store::{Attempt, Outcome, Video, VideoEvent};
use chrono::{DateTime, Utc};

/// Something at a moment.
pub struct Entry<'l> {
    pub at: DateTime<Utc>,
    /// The message that names it.
    pub id: &'static str,
    /// For the style sheet.
    pub class: &'static str,
    pub event: Option<&'l VideoEvent>,
    pub attempt: Option<Try<'l>>,
}

/// A try as the page tells it.
pub struct Try<'l> {
    pub attempt: &'l Attempt,
    /// The message that says how it ended.
    pub outcome: &'static str,
    pub code: Option<&'static str>,
    pub sentence: Option<String>,
    pub detail: Option<&'l str>,
    pub steps: Vec<StepRow<'l>>,
}

pub struct StepRow<'l> {
    pub name: &'l str,
    pub took: String,
    pub cpu: String,
    pub size: String,
}

impl<'l> Try<'l> {
    fn of(attempt: &'l Attempt, language: Language) -> Self {
        let failure = attempt.failure.as_ref();
        let steps = attempt.steps.iter().map(|step| StepRow {
            name: &step.step,
            took: duration(step.duration_ms),
            cpu: step.cpu_ms.map(duration).unwrap_or_default(),
            size: step.size_bytes.map(bytes).unwrap_or_default(),
        });
        Self {
            attempt,
            outcome: outcome(attempt.outcome),
            code: failure.map(|failure| failure.code.as_str()),
            sentence: failure.map(|failure| failure.sentence(language)),
            detail: failure.and_then(|failure| failure.detail.as_deref()),
            steps: steps.collect(),
        }
    }
}

/// First to last. A try stands where it began and tells how it ended, so that
/// the events of its beginning need no line of their own. Of the time before
/// events were written the video's own moments are told.
pub fn timeline<'l>(
    video: &Video,
    attempts: &'l [Attempt],
    history: &'l [VideoEvent],
    language: Language,
) -> Vec<Entry<'l>> {
    let events = history.iter().filter(|event| event.kind != Happening::Claimed);
    let events = events.map(|event| Entry {
        at: event.at,
        id: happening(event.kind),
        class: class(event.kind),
        event: Some(event),
        attempt: None,
    });
    let tries = attempts.iter().map(|attempt| Entry {
        at: attempt.started_at,
        id: if attempt.reprocess { "video-attempt-again" } else { "video-attempt" },
        class: outcome_class(attempt.outcome),
        event: None,
        attempt: Some(Try::of(attempt, language)),
    });
    let mut entries: Vec<_> = before_events(video, history).chain(events).chain(tries).collect();
    entries.sort_by_key(|entry| entry.at);
    entries
}

/// What the row itself remembers, unless an event tells it.
fn before_events<'l>(
    video: &Video,
    history: &[VideoEvent],
) -> impl Iterator<Item = Entry<'l>> + use<'l> {
    let told = |kinds: &[Happening]| history.iter().any(|event| kinds.contains(&event.kind));
    let published = [Happening::Published];
    let moments = [
        (video.uploaded_at, Happening::Uploaded, told(&[Happening::Uploaded])),
        (video.processed_at, Happening::Published, told(&published)),
        (video.deleted_at, Happening::Deleted, told(&[Happening::Deleted])),
    ];
    moments.into_iter().filter(|(_, _, told)| !told).filter_map(|(at, kind, _)| {
        Some(Entry { at: at?, id: happening(kind), class: class(kind), event: None, attempt: None })
    })
}

fn happening(kind: Happening) -> &'static str {
    match kind {
        Happening::Uploaded => "video-event-uploaded",
        Happening::Sent => "video-event-sent",
        Happening::Claimed => "video-event-claimed",
        Happening::Published => "video-event-published",
        Happening::Rejected => "video-event-rejected",
        Happening::Failed => "video-event-failed",
        Happening::Requeued => "video-event-requeued",
        Happening::HandedBack => "video-event-handed-back",
        Happening::Lost => "video-event-lost",
        Happening::Cancelled => "video-event-cancelled",
        Happening::Retried => "video-event-retried",
        Happening::Restored => "video-event-restored",
        Happening::ReprocessWanted => "video-event-reprocess-wanted",
        Happening::Reprocessed => "video-event-reprocessed",
        Happening::ReprocessKept => "video-event-reprocess-kept",
        Happening::ReprocessDropped => "video-event-reprocess-dropped",
        Happening::Deleted => "video-event-deleted",
    }
}

fn class(kind: Happening) -> &'static str {
    match kind {
        Happening::Published | Happening::Reprocessed => "completed",
        Happening::Rejected => "rejected",
        Happening::Failed | Happening::Lost | Happening::Cancelled => "failed",
        Happening::Uploaded | Happening::Sent | Happening::Retried => "pending",
        _ => "",
    }
}

fn outcome_class(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        None => "processing",
        Some(Outcome::Published) => "completed",
        Some(Outcome::Rejected) => "rejected",
        Some(Outcome::Failed | Outcome::Lost) => "failed",
    }
}

/// The message that says how a try ended.
fn outcome(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        None => "video-outcome-running",
        Some(Outcome::Published) => "video-outcome-published",
        Some(Outcome::Rejected) => "video-outcome-rejected",
        Some(Outcome::Failed) => "video-outcome-failed",
        Some(Outcome::Lost) => "video-outcome-lost",
    }
}

/// `1.2 s`, `340 ms`.
fn duration(ms: u64) -> String {
    if ms < 1000 {
        return format!("{ms} ms");
    }
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}

/// `7.3 MB`, `12 kB`.
pub fn bytes(size: u64) -> String {
    match size {
        0..1000 => format!("{size} B"),
        1000..1_000_000 => format!("{} kB", size / 1000),
        _ => format!("{}.{} MB", size / 1_000_000, size % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_units_that_fit() {
        assert_eq!([340, 1240, 61_000].map(duration), ["340 ms", "1.2 s", "61.0 s"]);
        assert_eq!([900, 12_345, 7_340_000].map(bytes), ["900 B", "12 kB", "7.3 MB"]);
    }
}
