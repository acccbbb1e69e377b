//! The API's routes, each with its description, and each in the table of who
//! may do what.

#![expect(clippy::disallowed_methods, reason = "the rows are looked up here")]

use std::convert::Infallible;

use anb_http::access::{Application, expect_rule};
use axum::{Router, extract::Request, response::IntoResponse, routing::Route};
use http::Method;
use tower::{Layer, Service};
use utoipa::openapi::{OpenApi, Paths};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::state::AppState;

/// Routes that the API's description tells of.
///
/// # Panics
/// Whatever registers a route panics when the table has no row for it.
pub struct Described(OpenApiRouter<AppState>);

impl Described {
    #[must_use]
    pub fn new() -> Self {
        Self(OpenApiRouter::new())
    }

    /// In the frame of this description.
    #[must_use]
    pub fn by(description: OpenApi) -> Self {
        Self(OpenApiRouter::with_openapi(description))
    }

    /// Takes what [`utoipa_axum::routes!`] makes of handlers.
    #[must_use]
    pub fn routes(self, routes: UtoipaMethodRouter<AppState>) -> Self {
        expect_rules(&routes.1);
        Self(self.0.routes(routes))
    }

    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self(self.0.merge(other.0))
    }

    /// Wraps something around all of them.
    #[must_use]
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        Self(self.0.layer(layer))
    }

    pub fn description(&mut self) -> &mut OpenApi {
        self.0.get_openapi_mut()
    }

    #[must_use]
    pub fn into_openapi(self) -> OpenApi {
        self.0.into_openapi()
    }

    pub fn into_parts(self) -> (Router<AppState>, OpenApi) {
        self.0.split_for_parts()
    }
}

fn expect_rules(paths: &Paths) {
    for (path, item) in &paths.paths {
        let methods = [
            (Method::GET, &item.get),
            (Method::POST, &item.post),
            (Method::PUT, &item.put),
            (Method::DELETE, &item.delete),
            (Method::PATCH, &item.patch),
            (Method::HEAD, &item.head),
            (Method::OPTIONS, &item.options),
            (Method::TRACE, &item.trace),
        ];
        for (method, _) in methods.into_iter().filter(|(_, operation)| operation.is_some()) {
            expect_rule(Application::Public, &method, path);
        }
    }
}

#[cfg(test)]
mod tests {
    use utoipa_axum::routes;

    use super::*;

    #[utoipa::path(post, path = "/api/back-door", responses((status = 200)))]
    async fn back_door() {}

    #[test]
    #[should_panic(expected = "Public has no row for POST /api/back-door")]
    fn what_is_described_but_not_in_the_table_cannot_be_registered() {
        let _routes = Described::new().routes(routes!(back_door));
    }
}
