//! One file for each resource and verb.

pub mod cases;
pub mod hazards;
pub mod quarantine;
pub mod reports;
pub mod sync;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use sync_core::limits;

use crate::usecase::exchange::Exchange;

/// The routes of the exchange and of the desks. A [`super::caller::Caller`] must be in the request.
pub fn office() -> Router<Arc<Exchange>> {
    Router::new()
        .route(
            "/sync/v1/exchange",
            post(sync::exchange::exchange).layer(DefaultBodyLimit::max(limits::EXCHANGE_BYTES)),
        )
        .route("/sync/v1/poke", get(sync::poke::poke))
        .route("/api/v1/hazards", get(hazards::list::list))
        .route("/api/v1/cases/{kind}/{id}", get(cases::show::show))
        .route("/api/v1/quarantine", get(quarantine::list::list))
        .route("/api/v1/quarantine/{item}", post(quarantine::decide::decide))
        .route("/api/v1/reports/weekly", get(reports::weekly::weekly))
}
