//! Lists of hazards.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use sync_core::wire::api_office::HazardQuery;

use super::reports::Form;
use crate::http::caller::Caller;
use crate::http::peer::Address;
use crate::http::problem::ProblemResponse;
use crate::state::App;
use crate::usecase::{audit, list_hazards};

/// `GET /api/v1/hazards`: a page, or with `format` all that match as a file.
///
/// # Errors
/// The problem of the query, and what [`list_hazards::list`] refuses.
pub async fn list(
    State(app): State<App>,
    Caller(person): Caller,
    Address(address): Address,
    query: Result<Query<HazardQuery>, QueryRejection>,
) -> Result<Response, ProblemResponse> {
    let Query(query) = query?;
    let now = app.clock.now();
    let form = Form::asked(query.format.as_deref(), query.in_json)?;
    if let Form::Sheet = form {
        return Ok(
            Json(list_hazards::list(&app.shared, &person, &query, now).await?).into_response()
        );
    }
    let sheet = list_hazards::sheet(&app.shared, &person, &query, now).await?;
    audit::report_given(&app.shared, (&person, address), ("hazards", form.name()), now).await?;
    form.answer(sheet).await
}
