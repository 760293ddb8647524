//! Devices: challenge, enrol, list, revoke.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sync_core::id::DeviceId;
use sync_core::wire::api::{Challenge, DeviceRow, Enrol, Enrolled, Revoke};

use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::state::App;
use crate::usecase::enrol as devices;

/// `POST /api/v1/devices/challenge`
pub async fn challenge(
    State(app): State<App>,
    Caller(person): Caller,
) -> Result<Json<Challenge>, Problem> {
    Ok(Json(devices::challenge(&app, &person).await?))
}

/// `POST /api/v1/devices`
pub async fn enrol(
    State(app): State<App>,
    Caller(person): Caller,
    body: Result<Json<Enrol>, JsonRejection>,
) -> Result<(StatusCode, Json<Enrolled>), Problem> {
    let Json(body) = body?;
    Ok((StatusCode::CREATED, Json(devices::enrol(&app, &person, body).await?)))
}

/// `GET /api/v1/devices`
pub async fn list(
    State(app): State<App>,
    Caller(person): Caller,
) -> Result<Json<Vec<DeviceRow>>, Problem> {
    Ok(Json(devices::list(&app, &person).await?))
}

/// `POST /api/v1/devices/{device}/revoke`
pub async fn revoke(
    State(app): State<App>,
    Caller(person): Caller,
    device: Result<Path<DeviceId>, PathRejection>,
    body: Result<Json<Revoke>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let (Path(device), Json(body)) = (device?, body?);
    devices::revoke(&app, &person, device, body).await?;
    Ok(StatusCode::NO_CONTENT)
}
