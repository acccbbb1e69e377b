//! What metrics tell of a request.

use std::time::Instant;

use anb_telemetry::catalogue::{HTTP_DURATION, HTTP_IN_FLIGHT, HTTP_REQUESTS};
use axum::extract::{MatchedPath, Request};
use http::Method;

/// A request that has no answer yet; nor will it, when this is dropped.
pub(crate) struct Measured {
    application: &'static str,
    method: &'static str,
    route: String,
    began: Instant,
}

impl Measured {
    pub(crate) fn begin(application: &'static str, request: &Request) -> Self {
        HTTP_IN_FLIGHT.add(1.0, [application.into()]);
        let route = request.extensions().get::<MatchedPath>();
        Self {
            application,
            method: method(request.method()),
            route: route.map_or("unmatched", MatchedPath::as_str).to_owned(),
            began: Instant::now(),
        }
    }

    /// Returns how long it took, in milliseconds.
    pub(crate) fn end(self, status: u16) -> u64 {
        let took = self.began.elapsed();
        let labels = || [self.application.into(), self.method.into(), self.route.clone().into()];
        let [application, method, route] = labels();
        HTTP_REQUESTS.one([application, method, route, status.to_string().into()]);
        HTTP_DURATION.observe(took.as_secs_f64(), labels());
        u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
    }
}

impl Drop for Measured {
    fn drop(&mut self) {
        HTTP_IN_FLIGHT.add(-1.0, [self.application.into()]);
    }
}

/// A client may invent any number of methods.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
