//! A trace that goes on in another task or process, by
//! [W3C Trace Context](https://www.w3.org/TR/trace-context/). Without a
//! collector none of this does anything.

use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, Status, TraceContextExt as _, TraceFlags, TraceId, TraceState},
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Makes `span`, which nobody has entered yet, a child of what `traceparent`
/// names. What names nothing leaves it as it is.
pub fn continues(span: &Span, traceparent: &str) {
    if let Some(parent) = parse(traceparent) {
        // Without a collector there is nothing to continue.
        let _ = span.set_parent(Context::new().with_remote_span_context(parent));
    }
}

/// By what others name `span` as their parent; `None` without a collector.
#[must_use]
pub fn traceparent_of(span: &Span) -> Option<String> {
    let context = span.context();
    let span = context.span();
    let found = span.span_context();
    found.is_valid().then(|| {
        let (trace, id, flags) = (found.trace_id(), found.span_id(), found.trace_flags().to_u8());
        format!("00-{trace}-{id}-{flags:02x}")
    })
}

/// Notes how a request was answered.
pub fn answered(span: &Span, status: u16) {
    span.set_attribute("http.response.status_code", i64::from(status));
    if status >= 500 {
        span.set_status(Status::error(""));
    }
}

fn parse(traceparent: &str) -> Option<SpanContext> {
    let parts: Vec<_> = traceparent.split('-').collect();
    let ["00", trace, span, flags] = parts[..] else { return None };
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?);
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    let context = SpanContext::new(trace, span, flags, true, TraceState::default());
    context.is_valid().then_some(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_a_span_is_read() {
        let parent = parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap();
        assert_eq!(parent.trace_id().to_string(), "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(parent.span_id().to_string(), "b7ad6b7169203331");
        assert!(parent.is_sampled() && parent.is_remote());
    }

    #[test]
    fn what_names_nothing_is_passed_over() {
        let zero = "00-00000000000000000000000000000000-b7ad6b7169203331-01";
        for text in ["", "x", zero, "01-1-2-3", "00-zz-b7ad6b7169203331-01"] {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn without_a_collector_a_span_has_no_name_for_others() {
        let span = tracing::info_span!("request");
        continues(&span, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        assert_eq!(traceparent_of(&span), None);
    }
}
