//! Events of security.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use sync_core::wire::api_accounts::{AuditPage, AuditQuery};

use crate::http::problem::ProblemResponse;
use crate::state::App;
use crate::usecase::audit;

/// `GET /api/v1/audit`
///
/// # Errors
/// The problem of the query, and what [`audit::list`] refuses.
pub async fn list(
    State(app): State<App>,
    query: Result<Query<AuditQuery>, QueryRejection>,
) -> Result<Json<AuditPage>, ProblemResponse> {
    let Query(query) = query?;
    Ok(Json(audit::list(&app.shared, &query).await?))
}
