//! Lists of hazards.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use sync_core::wire::api_office::{HazardPage, HazardQuery};

use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::state::App;
use crate::usecase::list_hazards;

/// `GET /api/v1/hazards`
pub async fn list(
    State(app): State<App>,
    Caller(person): Caller,
    query: Result<Query<HazardQuery>, QueryRejection>,
) -> Result<Json<HazardPage>, Problem> {
    let Query(query) = query?;
    Ok(Json(list_hazards::list(&app.shared, &person, &query, app.clock.now()).await?))
}
