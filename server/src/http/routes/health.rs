//! Whether records and files can be kept.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sync_core::wire::api::Health;

use crate::state::App;
use crate::usecase;

/// `GET /health`
pub async fn show(State(app): State<App>) -> (StatusCode, Json<Health>) {
    let health = usecase::health::check(&app).await;
    let status = if health.ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health))
}
