//! HTTP: one table of routes, callers, problems. Handlers translate; use cases do.

pub mod caller;
pub mod openapi;
mod patience;
pub mod peer;
pub mod problem;
pub mod route;
pub mod routes;
pub mod serve;
pub mod table;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use sync_core::refusal::{Code, Refusal};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::state::App;
use problem::ProblemResponse;
use route::Route;

/// The router of every row of the table, and nothing else.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for row in table::rows() {
        let guard = middleware::from_fn_with_state((app.clone(), row.gate()), caller::guard);
        let route = (row.handler)().layer(DefaultBodyLimit::max(row.body_limit)).route_layer(guard);
        router = router.route(row.path, route);
    }
    router
        .fallback(async || ProblemResponse(Refusal::new(Code::NotFound)))
        .method_not_allowed_fallback(async || ProblemResponse(Refusal::new(Code::MethodNotAllowed)))
        .layer((
            unless_given(header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            unless_given(header::X_FRAME_OPTIONS, "DENY"),
            unless_given(header::REFERRER_POLICY, "no-referrer"),
            unless_given(
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                 img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            ),
            unless_given(header::CACHE_CONTROL, "no-store"),
            middleware::from_fn(limited),
            middleware::from_fn_with_state(app.clone(), peer::note),
        ))
        .with_state(app)
}

/// A header of every answer that does not say it otherwise.
fn unless_given(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// Limits the time of a request: only silence is limited, which no ready layer does.
async fn limited(request: Request, next: Next) -> Response {
    let answered = patience::run(patience::PATIENCE, request, next).await;
    answered.unwrap_or_else(|| ProblemResponse(Refusal::new(Code::ServerBusy)).into_response())
}

/// Every row, for tests and documents.
#[must_use]
pub fn matrix() -> Vec<Route> {
    table::rows()
}
