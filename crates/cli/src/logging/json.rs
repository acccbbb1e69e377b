//! One object per line, flat: the ids that a request or a job carries in its
//! span stand beside the fields of the event, where a log query finds them.

use std::fmt as std_fmt;

use anb_domain::{Clock as _, SystemClock};
use chrono::SecondsFormat;
use serde_json::{Map, Value};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormattedFields, format::JsonFields, format::Writer},
    registry::{LookupSpan, Scope},
};

/// The format of a line. The formatter of fields must be [`JsonFields`].
pub struct Flat;

impl<S> FormatEvent<S, JsonFields> for Flat
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> std_fmt::Result {
        let mut line = Map::new();
        for span in context.event_scope().into_iter().flat_map(Scope::from_root) {
            if let Some(fields) = span.extensions().get::<FormattedFields<JsonFields>>() {
                line.extend(parse(fields));
            }
        }
        event.record(&mut Fields(&mut line));
        let now = SystemClock.now().to_rfc3339_opts(SecondsFormat::Millis, true);
        let (level, target) = (event.metadata().level(), event.metadata().target());
        write!(writer, r#"{{"timestamp":"{now}","level":"{level}","target":"{target}""#)?;
        // What only traces need.
        line.retain(|name, _| !name.starts_with("otel."));
        for (name, value) in line {
            write!(writer, ",{}:{value}", Value::String(name))?;
        }
        writeln!(writer, "}}")
    }
}

fn parse(fields: &FormattedFields<JsonFields>) -> Map<String, Value> {
    serde_json::from_str(&fields.fields).unwrap_or_default()
}

/// Collects an event's fields.
struct Fields<'m>(&'m mut Map<String, Value>);

impl Fields<'_> {
    fn set(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std_fmt::Debug) {
        self.set(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, value);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io, panic,
        sync::{Arc, Mutex},
    };

    use tracing_subscriber::{fmt, layer::SubscriberExt as _};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is written meanwhile: one line.
    fn written_by(work: impl FnOnce()) -> Value {
        let lines = Lines::default();
        let writer = lines.clone();
        let layer = fmt::layer()
            .with_writer(move || writer.clone())
            .fmt_fields(JsonFields::new())
            .event_format(Flat);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work);
        let written = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        serde_json::from_str(&written).unwrap()
    }

    #[test]
    fn a_panic_is_one_line_that_says_where() {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(crate::faults::log));
        let line = written_by(|| {
            let fault = panic::catch_unwind(|| panic!("the net is torn"));
            assert!(fault.is_err());
        });
        panic::set_hook(hook);
        assert_eq!((&line["level"], &line["panic"]), (&"ERROR".into(), &"the net is torn".into()));
        assert!(line["location"].as_str().unwrap().contains("logging/json.rs:"), "{line}");
    }

    #[test]
    fn the_ids_of_the_request_stand_on_every_line() {
        let mut line = written_by(|| {
            let request = tracing::info_span!("request", request_id = "r1");
            let _request = request.enter();
            let job = tracing::info_span!("job", video_id = %"v1", attempt = 2);
            let _job = job.enter();
            tracing::warn!(duration_ms = 12, retried = true, "slow");
        });
        let timestamp = line.as_object_mut().unwrap().remove("timestamp").unwrap();
        assert!(timestamp.as_str().unwrap().ends_with('Z'));
        assert_eq!(
            line,
            serde_json::json!({
                "level": "WARN",
                "target": "anb_video::logging::json::tests",
                "message": "slow",
                "request_id": "r1",
                "video_id": "v1",
                "attempt": 2,
                "duration_ms": 12,
                "retried": true,
            })
        );
    }
}
