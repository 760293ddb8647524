//! Frozen reports.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sync_core::wire::api_office::WeeklyQuery;

use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::state::App;
use crate::usecase::weekly_report;

/// `GET /api/v1/reports/weekly`: the same bytes whenever it is asked for.
pub async fn weekly(
    State(app): State<App>,
    Caller(person): Caller,
    query: Result<Query<WeeklyQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(query) = query?;
    let report = weekly_report::weekly(&app.shared, &person, &query, app.clock.now()).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], report).into_response())
}
