//! Whether records and files can be kept.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sync_core::wire::api::Health;

use crate::state::App;
use crate::usecase;

/// `GET /health`
pub async fn show(State(app): State<App>) -> (StatusCode, Json<Health>) {
    let ok = usecase::health::check(&app).await;
    let status = if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Health { ok, version: env!("CARGO_PKG_VERSION").to_owned() }))
}
