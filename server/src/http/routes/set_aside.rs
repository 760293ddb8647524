//! Files in which the server cannot state what it owes.

use axum::Json;
use axum::extract::State;
use sync_core::wire::api_office::SetAsidePage;

use crate::http::caller::Caller;
use crate::http::problem::ProblemResponse;
use crate::state::App;
use crate::usecase::list_set_aside;

/// `GET /api/v1/set-aside`
///
/// # Errors
/// What [`list_set_aside::list`] refuses.
pub async fn list(
    State(app): State<App>,
    Caller(person): Caller,
) -> Result<Json<SetAsidePage>, ProblemResponse> {
    Ok(Json(list_set_aside::list(&app.shared, &person).await?))
}
