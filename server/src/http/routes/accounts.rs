//! Accounts: list, create, revoke, restore, reset of a password.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sync_core::id::PersonId;
use sync_core::wire::api::{AccountRow, NewAccount, Revoke, Revoked};
use sync_core::wire::api_accounts::{AccountReason, PasswordReset, RestoreProposal};

use crate::http::caller::Caller;
use crate::http::peer::Address;
use crate::http::problem::ProblemResponse;
use crate::state::App;
use crate::usecase::{accounts, passwords, restore};

/// `GET /api/v1/accounts`
///
/// # Errors
/// The problem of a store that fails.
pub async fn list(State(app): State<App>) -> Result<Json<Vec<AccountRow>>, ProblemResponse> {
    Ok(Json(accounts::list(&app).await?))
}

/// `POST /api/v1/accounts`
///
/// # Errors
/// The problem of the body, and what [`accounts::create`] refuses.
pub async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Address(address): Address,
    body: Result<Json<NewAccount>, JsonRejection>,
) -> Result<(StatusCode, Json<AccountRow>), ProblemResponse> {
    let Json(body) = body?;
    Ok((StatusCode::CREATED, Json(accounts::create(&app, (&caller, address), body).await?)))
}

/// `POST /api/v1/accounts/{person}/revoke`
///
/// # Errors
/// The problem of path or body, and what [`accounts::revoke`] refuses.
pub async fn revoke(
    State(app): State<App>,
    Caller(caller): Caller,
    Address(address): Address,
    person: Result<Path<PersonId>, PathRejection>,
    body: Result<Json<Revoke>, JsonRejection>,
) -> Result<Json<Revoked>, ProblemResponse> {
    let (Path(person), Json(body)) = (person?, body?);
    let revoked_at = body.from;
    accounts::revoke(&app, (&caller, address), person, body).await?;
    Ok(Json(Revoked { revoked_at }))
}

/// `POST /api/v1/accounts/{person}/restore`
///
/// # Errors
/// The problem of path or body, and what [`restore::propose`] refuses.
pub async fn propose_restore(
    State(app): State<App>,
    Caller(caller): Caller,
    Address(address): Address,
    person: Result<Path<PersonId>, PathRejection>,
    body: Result<Json<AccountReason>, JsonRejection>,
) -> Result<Json<RestoreProposal>, ProblemResponse> {
    let (Path(person), Json(body)) = (person?, body?);
    Ok(Json(restore::propose(&app, (&caller, address), person, body).await?))
}

/// `POST /api/v1/accounts/{person}/restore/confirm`
///
/// # Errors
/// The problem of path or body, and what [`restore::confirm`] refuses.
pub async fn confirm_restore(
    State(app): State<App>,
    Caller(caller): Caller,
    Address(address): Address,
    person: Result<Path<PersonId>, PathRejection>,
) -> Result<Json<AccountRow>, ProblemResponse> {
    let Path(person) = person?;
    Ok(Json(restore::confirm(&app, (&caller, address), person).await?))
}

/// `POST /api/v1/accounts/{person}/password`
///
/// # Errors
/// The problem of path or body, and what [`passwords::reset`] refuses.
pub async fn reset_password(
    State(app): State<App>,
    Caller(caller): Caller,
    Address(address): Address,
    person: Result<Path<PersonId>, PathRejection>,
    body: Result<Json<AccountReason>, JsonRejection>,
) -> Result<Json<PasswordReset>, ProblemResponse> {
    let (Path(person), Json(body)) = (person?, body?);
    Ok(Json(passwords::reset(&app, (&caller, address), person, body).await?))
}
