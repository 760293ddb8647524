//! HTTP: one table of routes, callers, problems. Handlers translate; use cases do.

pub mod caller;
pub mod openapi;
mod patience;
pub mod problem;
pub mod routes;
pub mod serve;
pub mod table;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use sync_core::refusal::{Code, Refusal};

use crate::state::App;
use problem::Problem;
use table::Route;

/// The router of every row of the table, and nothing else.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for row in table::rows() {
        let guard =
            middleware::from_fn_with_state((app.clone(), row.access, row.handover), caller::guard);
        let route = (row.handler)().layer(DefaultBodyLimit::max(row.body_limit)).route_layer(guard);
        router = router.route(row.path, route);
    }
    router
        .fallback(async || Problem(Refusal::new(Code::NotFound)))
        .method_not_allowed_fallback(async || Problem(Refusal::new(Code::MethodNotAllowed)))
        .layer(middleware::from_fn(surround))
        .with_state(app)
}

/// Limits the time of a request and adds what every answer carries.
async fn surround(request: Request, next: Next) -> Response {
    let answered = patience::run(patience::PATIENCE, request, next).await;
    let mut response =
        answered.unwrap_or_else(|| Problem(Refusal::new(Code::ServerBusy)).into_response());
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
             img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Every row, for tests and documents.
#[must_use]
pub fn matrix() -> Vec<Route> {
    table::rows()
}
