//! `GET /api/v1/hazards`.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::{Extension, Json};
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::api_office::{HazardPage, HazardQuery};

use crate::http::caller::Caller;
use crate::http::problem::Refused;
use crate::usecase::exchange::Exchange;
use crate::usecase::list_hazards;

/// One page of hazards.
pub async fn list(
    State(exchange): State<Arc<Exchange>>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<HazardQuery>, QueryRejection>,
) -> Result<Json<HazardPage>, Refused> {
    let Query(query) = query.map_err(|_| Refusal::new(Code::FieldMalformed).field("query"))?;
    Ok(Json(list_hazards::list(&exchange, &caller.person, &query, caller.now).await?))
}
