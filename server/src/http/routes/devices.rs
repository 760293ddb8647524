//! Devices: challenge, enrol, list, revoke.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sync_core::id::DeviceId;
use sync_core::wire::api::{Challenge, DeviceRow, Enrol, Enrolled, Revoke, Revoked};

use crate::http::caller::{Caller, SignedIn};
use crate::http::peer::Address;
use crate::http::problem::ProblemResponse;
use crate::state::App;
use crate::usecase::enrol as devices;

/// `POST /api/v1/devices/challenge`
///
/// # Errors
/// What [`devices::challenge`] refuses.
pub async fn challenge(
    State(app): State<App>,
    Caller(person): Caller,
) -> Result<Json<Challenge>, ProblemResponse> {
    Ok(Json(devices::challenge(&app, &person).await?))
}

/// `POST /api/v1/devices`
///
/// # Errors
/// The problem of the body, and what [`devices::enrol`] refuses.
pub async fn enrol(
    State(app): State<App>,
    Caller(person): Caller,
    Address(address): Address,
    SignedIn(access): SignedIn,
    body: Result<Json<Enrol>, JsonRejection>,
) -> Result<(StatusCode, Json<Enrolled>), ProblemResponse> {
    let Json(body) = body?;
    Ok((StatusCode::CREATED, Json(devices::enrol(&app, (&person, address), access, body).await?)))
}

/// `GET /api/v1/devices`
///
/// # Errors
/// What [`devices::list`] refuses.
pub async fn list(
    State(app): State<App>,
    Caller(person): Caller,
) -> Result<Json<Vec<DeviceRow>>, ProblemResponse> {
    Ok(Json(devices::list(&app, &person).await?))
}

/// `POST /api/v1/devices/{device}/revoke`
///
/// # Errors
/// The problem of path or body, and what [`devices::revoke`] refuses.
pub async fn revoke(
    State(app): State<App>,
    Caller(person): Caller,
    Address(address): Address,
    device: Result<Path<DeviceId>, PathRejection>,
    body: Result<Json<Revoke>, JsonRejection>,
) -> Result<Json<Revoked>, ProblemResponse> {
    let (Path(device), Json(body)) = (device?, body?);
    let revoked_at = body.from;
    devices::revoke(&app, (&person, address), device, body).await?;
    Ok(Json(Revoked { revoked_at }))
}
