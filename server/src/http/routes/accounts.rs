//! Accounts: list, create, revoke.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sync_core::id::PersonId;
use sync_core::wire::api::{AccountRow, NewAccount, Revoke};

use crate::http::problem::Problem;
use crate::state::App;
use crate::usecase::accounts;

/// `GET /api/v1/accounts`
pub async fn list(State(app): State<App>) -> Result<Json<Vec<AccountRow>>, Problem> {
    Ok(Json(accounts::list(&app).await?))
}

/// `POST /api/v1/accounts`
pub async fn create(
    State(app): State<App>,
    body: Result<Json<NewAccount>, JsonRejection>,
) -> Result<(StatusCode, Json<AccountRow>), Problem> {
    let Json(body) = body?;
    Ok((StatusCode::CREATED, Json(accounts::create(&app, body).await?)))
}

/// `POST /api/v1/accounts/{person}/revoke`
pub async fn revoke(
    State(app): State<App>,
    person: Result<Path<PersonId>, PathRejection>,
    body: Result<Json<Revoke>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let (Path(person), Json(body)) = (person?, body?);
    accounts::revoke(&app, person, body).await?;
    Ok(StatusCode::NO_CONTENT)
}
