//! `GET /api/v1/quarantine`.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::{Extension, Json};
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::api_office::{QuarantinePage, QuarantineQuery};

use crate::http::caller::Caller;
use crate::http::problem::Refused;
use crate::usecase::decide_quarantine;
use crate::usecase::exchange::Exchange;

/// One page of items in quarantine.
pub async fn list(
    State(exchange): State<Arc<Exchange>>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<QuarantineQuery>, QueryRejection>,
) -> Result<Json<QuarantinePage>, Refused> {
    let Query(query) = query.map_err(|_| Refusal::new(Code::FieldMalformed).field("query"))?;
    Ok(Json(decide_quarantine::list(&exchange, &caller.person, &query).await?))
}
