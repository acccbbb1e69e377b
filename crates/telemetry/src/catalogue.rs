//! Every metric there is. docs/metrics.md is made from this, dashboard and
//! alert rules are held against it, and nothing is recorded that is not here.
//!
//! Labels have few values: none is a path, an id, an address or a name that
//! somebody from outside has chosen.

use crate::metric::{About, Counter, Gauge, Histogram, Kind, Unit};

/// From an answer out of memory to one that waits for the database.
const REQUEST_S: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
/// From a probe to a clip of ten minutes on a busy machine.
const STEP_S: &[f64] =
    &[0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 60.0, 120.0, 300.0, 600.0];
/// From an idle showcase to a night of backlog.
const WAIT_S: &[f64] =
    &[1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 14400.0];
/// Below 1 a clip takes longer to encode than to watch.
const SPEED: &[f64] = &[0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0, 20.0, 50.0];
/// From a card to a 4K source with many reference pictures.
const MEMORY_BYTES: &[f64] = &[
    33_554_432.0,
    67_108_864.0,
    134_217_728.0,
    268_435_456.0,
    402_653_184.0,
    536_870_912.0,
    805_306_368.0,
    1_073_741_824.0,
    1_610_612_736.0,
    2_147_483_648.0,
    4_294_967_296.0,
];
/// From a few seconds by phone to the largest that is taken.
const UPLOAD_BYTES: &[f64] =
    &[262_144.0, 1_048_576.0, 4_194_304.0, 10_485_760.0, 26_214_400.0, 52_428_800.0, 104_857_600.0];

/// What a label stands for, and which values it takes.
pub const LABELS: &[(&str, &str)] = &[
    ("application", "`web` or `console`"),
    (
        "code",
        "a stable code: of a problem (docs/api.md; the console also has `no_access`, `conflict`, \
         `queue_unavailable`, `no_ffmpeg`, `clip_busy` and `clip_failed`), or of a video's failure; `none` without one",
    ),
    ("method", "`GET`, `POST`, …; `other` for what HTTP does not define"),
    ("outcome", "how an attempt ended: `published`, `rejected`, `failed`, `lost`, `handed_back`"),
    ("pool", "`writer` or `reader`: SQLite has one of each, PostgreSQL uses one pool for both"),
    ("receive", "how often the message had been delivered: `1`, `2`, `3`, `more`"),
    ("route", "the route's template, `/api/videos/{id}`; `unmatched` where there is none"),
    ("state", "of connections: `idle`, `busy`"),
    ("status", "of the answer, `200`; of a video, `pending`"),
    ("step", "`download`, `probe`, `transcode`, `join`, `check`, `upload`"),
    ("version", "of the program"),
    ("way", "`form` in one request, `parts` by signed links"),
    ("action", "`cast` or `withdraw`"),
];

macro_rules! catalogue {
    ($(
        #[doc = $help:literal]
        $NAME:ident: $kind:ident $(($buckets:ident))? = $name:literal, $unit:ident, [$($label:literal),*];
    )+) => {
        $(
            #[doc = $help]
            pub static $NAME: $kind<{ <[&str]>::len(&[$($label),*]) }> = $kind(About {
                name: $name,
                kind: Kind::$kind $(($buckets))?,
                unit: Unit::$unit,
                labels: &[$($label),*],
                help: $help,
            });
        )+

        /// All of them, in the order of the page.
        pub static ALL: &[&About] = &[$(&$NAME.0),+];
    };
}

catalogue! {
    /// Requests that were answered.
    HTTP_REQUESTS: Counter = "anb_http_requests_total", Count, ["application", "method", "route", "status"];
    /// From a request's head to its answer's head.
    HTTP_DURATION: Histogram(REQUEST_S) = "anb_http_request_duration_seconds", Seconds, ["application", "method", "route"];
    /// Requests that have no answer yet.
    HTTP_IN_FLIGHT: Gauge = "anb_http_requests_in_flight", Count, ["application"];
    /// Requests that were refused or failed, by the code of their problem; also forms that are shown again.
    HTTP_PROBLEMS: Counter = "anb_http_problems_total", Count, ["application", "code"];

    /// Originals that were accepted: stored, verified and committed.
    UPLOADS_ACCEPTED: Counter = "anb_uploads_accepted_total", Count, ["way"];
    /// Bytes of accepted originals.
    UPLOAD_BYTES_TOTAL: Counter = "anb_upload_bytes_total", Bytes, ["way"];
    /// Size of accepted originals.
    UPLOAD_SIZE: Histogram(UPLOAD_BYTES) = "anb_upload_size_bytes", Bytes, ["way"];
    /// Uploads that were refused or failed.
    UPLOADS_REFUSED: Counter = "anb_uploads_refused_total", Count, ["way", "code"];

    /// Messages that a worker could take now.
    QUEUE_DEPTH: Gauge = "anb_queue_depth_messages", Count, [];
    /// Messages that workers hold.
    QUEUE_IN_FLIGHT: Gauge = "anb_queue_in_flight_messages", Count, [];
    /// Messages that wait for a later try.
    QUEUE_DELAYED: Gauge = "anb_queue_delayed_messages", Count, [];
    /// Messages that were given up after three receives.
    QUEUE_DEAD: Gauge = "anb_queue_dead_messages", Count, [];
    /// For how long the oldest message has been in the queue; 0 when it is empty.
    QUEUE_OLDEST: Gauge = "anb_queue_oldest_age_seconds", Seconds, [];
    /// Messages that were received by this worker.
    QUEUE_RECEIVED: Counter = "anb_queue_received_messages_total", Count, ["receive"];
    /// Rows whose message has not been sent to the queue yet.
    OUTBOX_WAITING: Gauge = "anb_outbox_waiting_messages", Count, [];
    /// For how long the oldest row has waited for its message to be sent.
    OUTBOX_OLDEST: Gauge = "anb_outbox_oldest_age_seconds", Seconds, [];
    /// Since queue, outbox, videos and pools were last looked at; grows while database or queue do not answer.
    SAMPLE_AGE: Gauge = "anb_sample_age_seconds", Seconds, [];

    /// Videos in each state.
    VIDEOS: Gauge = "anb_videos", Count, ["status"];
    /// For how long the oldest video that no worker has begun has waited; 0 when none waits.
    VIDEOS_OLDEST_WAITING: Gauge = "anb_videos_oldest_waiting_seconds", Seconds, [];
    /// From the end of an upload to the published result.
    TIME_TO_COMPLETED: Histogram(WAIT_S) = "anb_video_time_to_completed_seconds", Seconds, [];

    /// Attempts that ended, and how.
    ATTEMPTS: Counter = "anb_attempts_total", Count, ["outcome", "code"];
    /// Videos that were given up after their last try.
    VIDEOS_FAILED: Counter = "anb_videos_failed_total", Count, ["code"];
    /// What each step of an attempt took.
    STEP_DURATION: Histogram(STEP_S) = "anb_attempt_step_duration_seconds", Seconds, ["step"];
    /// Seconds of clip that were encoded in a second: 1 is real time.
    ENCODE_SPEED: Histogram(SPEED) = "anb_encode_speed_ratio", Ratio, [];
    /// Most memory that an ffmpeg had resident at once.
    FFMPEG_MEMORY: Histogram(MEMORY_BYTES) = "anb_ffmpeg_peak_memory_bytes", Bytes, ["step"];
    /// Videos that this worker can work on at the same time.
    WORKER_SLOTS: Gauge = "anb_worker_slots", Count, [];
    /// Videos that this worker works on.
    WORKER_SLOTS_BUSY: Gauge = "anb_worker_slots_busy", Count, [];
    /// Room on the disk of the work folder.
    WORKER_DISK_FREE: Gauge = "anb_worker_disk_free_bytes", Bytes, [];

    /// Connections to the database.
    DATABASE_CONNECTIONS: Gauge = "anb_database_pool_connections", Count, ["pool", "state"];
    /// Connections that a pool may open.
    DATABASE_CONNECTIONS_MAX: Gauge = "anb_database_pool_max_connections", Count, ["pool"];

    /// Votes that were cast, and votes that were taken back.
    VOTES: Counter = "anb_votes_total", Count, ["action"];
    /// Votes that were refused.
    VOTES_REFUSED: Counter = "anb_votes_refused_total", Count, ["code"];

    /// Always 1; the version is its label.
    BUILD_INFO: Gauge = "anb_build_info", Count, ["version"];
    /// When the process started, in seconds since 1970.
    PROCESS_START: Gauge = "process_start_time_seconds", Seconds, [];
    /// Memory of this process; ffmpeg has its own.
    PROCESS_MEMORY: Gauge = "process_resident_memory_bytes", Bytes, [];
    /// Processor time that this process has used, in whole seconds.
    PROCESS_CPU: Counter = "process_cpu_seconds_total", Seconds, [];
    /// Files and sockets that are open.
    PROCESS_FILES: Gauge = "process_open_fds", Count, [];
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_say_what_and_in_which_unit() {
        let names: HashSet<_> = ALL.iter().map(|about| about.name).collect();
        assert_eq!(names.len(), ALL.len(), "a name is used twice");
        for about in ALL {
            let name = about.name.trim_end_matches("_total");
            assert_eq!(about.kind == Kind::Counter, name != about.name, "{name}");
            let suffix = match about.unit {
                Unit::Seconds => "_seconds",
                Unit::Bytes => "_bytes",
                Unit::Ratio => "_ratio",
                Unit::Count => "",
            };
            assert!(name.ends_with(suffix), "{name} does not end in {suffix}");
        }
    }

    #[test]
    fn every_label_is_explained() {
        let explained: HashSet<_> = LABELS.iter().map(|(name, _)| *name).collect();
        let used: HashSet<_> = ALL.iter().flat_map(|about| about.labels).copied().collect();
        assert_eq!(used, explained);
    }

    #[test]
    fn buckets_grow() {
        for about in ALL {
            if let Kind::Histogram(bounds) = about.kind {
                assert!(bounds.windows(2).all(|pair| pair[0] < pair[1]), "{}", about.name);
            }
        }
    }
}
