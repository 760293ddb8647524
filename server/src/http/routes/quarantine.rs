//! Items that rules cannot place: list, decide.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use sync_core::id::Digest;
use sync_core::wire::api_office::{
    QuarantineDecision, QuarantineItem, QuarantinePage, QuarantineQuery,
};

use crate::http::caller::Caller;
use crate::http::peer::Address;
use crate::http::problem::ProblemResponse;
use crate::state::App;
use crate::usecase::decide_quarantine;

/// `GET /api/v1/quarantine`
///
/// # Errors
/// The problem of the query, and what [`decide_quarantine::list`] refuses.
pub async fn list(
    State(app): State<App>,
    Caller(person): Caller,
    query: Result<Query<QuarantineQuery>, QueryRejection>,
) -> Result<Json<QuarantinePage>, ProblemResponse> {
    let Query(query) = query?;
    Ok(Json(decide_quarantine::list(&app.shared, &person, &query).await?))
}

/// `POST /api/v1/quarantine/{item}`
///
/// # Errors
/// The problem of path or body, and what [`decide_quarantine::decide`] refuses.
pub async fn decide(
    State(app): State<App>,
    Caller(person): Caller,
    Address(address): Address,
    item: Result<Path<Digest>, PathRejection>,
    body: Result<Json<QuarantineDecision>, JsonRejection>,
) -> Result<Json<QuarantineItem>, ProblemResponse> {
    let (Path(item), Json(body)) = (item?, body?);
    let now = app.clock.now();
    Ok(Json(decide_quarantine::decide(&app.shared, (&person, address), item, &body, now).await?))
}
