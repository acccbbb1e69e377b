//! Routes that are in the table. Registering one on axum's own router is
//! forbidden everywhere else (clippy.toml).

#![expect(clippy::disallowed_methods, reason = "here, and nowhere else, routes are registered")]

use std::convert::Infallible;

use axum::{
    Router,
    extract::Request,
    handler::Handler,
    response::IntoResponse,
    routing::{self, MethodRouter, Route},
};
use http::Method;
use tower::{Layer, Service, util::MapRequest};

use super::{Application, expect_rule};

/// Some routes of an application.
///
/// # Panics
/// Whatever registers a route panics when the table has no row for it.
pub struct Routes<S> {
    application: Application,
    router: Router<S>,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    #[must_use]
    pub fn new(application: Application) -> Self {
        Self { application, router: Router::new() }
    }

    #[must_use]
    pub fn get<H: Handler<T, S>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.with(&Method::GET, path, routing::get(handler))
    }

    #[must_use]
    pub fn post<H: Handler<T, S>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.with(&Method::POST, path, routing::post(handler))
    }

    #[must_use]
    pub fn put<H: Handler<T, S>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.with(&Method::PUT, path, routing::put(handler))
    }

    #[must_use]
    pub fn delete<H: Handler<T, S>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.with(&Method::DELETE, path, routing::delete(handler))
    }

    fn with(self, method: &Method, path: &str, handler: MethodRouter<S>) -> Self {
        expect_rule(self.application, method, path);
        Self { router: self.router.route(path, handler), ..self }
    }

    /// With the routes of another file.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        assert_eq!(self.application, other.application, "routes of another application");
        Self { router: self.router.merge(other.router), ..self }
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
        Self { router: self.router.route_layer(layer), ..self }
    }

    pub fn into_router(self) -> Router<S> {
        self.router
    }
}

/// What is answered where there is no route.
pub fn or_else<S, H, T>(router: Router<S>, nothing_here: H) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    H: Handler<T, S>,
    T: 'static,
{
    router.fallback(nothing_here)
}

/// Rewrites each path before it is routed.
pub fn with_short_paths(
    router: Router,
    rewrite: impl FnMut(Request) -> Request + Clone + Send + Sync + 'static,
) -> Router {
    Router::new().fallback_service(MapRequest::new(router, rewrite))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn nothing() {}

    #[test]
    fn what_is_in_the_table_can_be_registered() {
        let console = Routes::<()>::new(Application::Console).get("/health", nothing);
        let _router = console.get("/console", nothing).into_router();
    }

    #[test]
    #[should_panic(expected = "Console has no row for GET /console/back-door")]
    fn nothing_else_can() {
        let _routes = Routes::<()>::new(Application::Console).get("/console/back-door", nothing);
    }

    #[test]
    #[should_panic(expected = "Console has no row for POST /console")]
    fn nor_by_another_method() {
        let _routes = Routes::<()>::new(Application::Console).post("/console", nothing);
    }

    #[test]
    #[should_panic(expected = "Public has no row for GET /console")]
    fn nor_in_the_other_application() {
        let _routes = Routes::<()>::new(Application::Public).get("/console", nothing);
    }
}
