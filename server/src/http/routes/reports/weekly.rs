//! `GET /api/v1/reports/weekly`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::api_office::WeeklyQuery;

use crate::http::caller::Caller;
use crate::http::problem::Refused;
use crate::usecase::exchange::Exchange;
use crate::usecase::weekly_report;

/// The figures of a week as they were frozen.
pub async fn weekly(
    State(exchange): State<Arc<Exchange>>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<WeeklyQuery>, QueryRejection>,
) -> Result<impl IntoResponse, Refused> {
    let Query(query) = query.map_err(|_| Refusal::new(Code::FieldMalformed).field("query"))?;
    let body = weekly_report::weekly(&exchange, &caller.person, &query, caller.now).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body))
}
