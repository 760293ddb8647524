//! Items that rules cannot place: list, decide.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use sync_core::id::Digest;
use sync_core::wire::api_office::{
    QuarantineDecision, QuarantineItem, QuarantinePage, QuarantineQuery,
};

use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::state::App;
use crate::usecase::decide_quarantine;

/// `GET /api/v1/quarantine`
pub async fn list(
    State(app): State<App>,
    Caller(person): Caller,
    query: Result<Query<QuarantineQuery>, QueryRejection>,
) -> Result<Json<QuarantinePage>, Problem> {
    let Query(query) = query?;
    Ok(Json(decide_quarantine::list(&app.shared, &person, &query).await?))
}

/// `POST /api/v1/quarantine/{item}`
pub async fn decide(
    State(app): State<App>,
    Caller(person): Caller,
    item: Result<Path<Digest>, PathRejection>,
    body: Result<Json<QuarantineDecision>, JsonRejection>,
) -> Result<Json<QuarantineItem>, Problem> {
    let (Path(item), Json(body)) = (item?, body?);
    let now = app.clock.now();
    Ok(Json(decide_quarantine::decide(&app.shared, &person, item, &body, now).await?))
}
