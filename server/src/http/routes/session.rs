//! Signing in, renewing, signing out, one's own sessions and password.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use sync_core::domain::account::Person;
use sync_core::id::SessionId;
use sync_core::wire::api::{Refresh, Session, SignIn};
use sync_core::wire::api_accounts::{ChangePassword, PasswordChanged, SessionEnded, SessionRow};

use crate::http::caller::{Caller, SignedIn};
use crate::http::peer::Address;
use crate::http::problem::ProblemResponse;
use crate::state::App;
use crate::usecase;

/// `POST /api/v1/session`
///
/// # Errors
/// The problem of the body, and what [`usecase::session::sign_in`] refuses.
pub async fn sign_in(
    State(app): State<App>,
    Address(peer): Address,
    body: Result<Json<SignIn>, JsonRejection>,
) -> Result<Json<Session>, ProblemResponse> {
    let Json(body) = body?;
    Ok(Json(usecase::session::sign_in(&app, body, peer).await?))
}

/// `POST /api/v1/session/refresh`
///
/// # Errors
/// The problem of the body, and what [`usecase::session::renew`] refuses.
pub async fn renew(
    State(app): State<App>,
    Address(peer): Address,
    body: Result<Json<Refresh>, JsonRejection>,
) -> Result<Json<Session>, ProblemResponse> {
    let Json(body) = body?;
    Ok(Json(usecase::session::renew(&app, &body, peer).await?))
}

/// `GET /api/v1/me`
pub async fn me(Caller(person): Caller) -> Json<Person> {
    Json(person)
}

/// `POST /api/v1/session/end`
///
/// # Errors
/// What [`usecase::sessions::end`] refuses.
pub async fn sign_out(
    State(app): State<App>,
    Caller(person): Caller,
    Address(address): Address,
    SignedIn(access): SignedIn,
) -> Result<Json<SessionEnded>, ProblemResponse> {
    let session = SessionId::from_bytes(access.family);
    Ok(Json(usecase::sessions::end(&app, (&person, address), session).await?))
}

/// `GET /api/v1/sessions`
///
/// # Errors
/// What [`usecase::sessions::list`] refuses.
pub async fn list(
    State(app): State<App>,
    SignedIn(access): SignedIn,
) -> Result<Json<Vec<SessionRow>>, ProblemResponse> {
    Ok(Json(usecase::sessions::list(&app, access).await?))
}

/// `POST /api/v1/sessions/{session}/end`
///
/// # Errors
/// The problem of the path, and what [`usecase::sessions::end`] refuses.
pub async fn end(
    State(app): State<App>,
    Caller(person): Caller,
    Address(address): Address,
    session: Result<Path<SessionId>, PathRejection>,
) -> Result<Json<SessionEnded>, ProblemResponse> {
    let Path(session) = session?;
    Ok(Json(usecase::sessions::end(&app, (&person, address), session).await?))
}

/// `POST /api/v1/password`
///
/// # Errors
/// The problem of the body, and what [`usecase::passwords::change`] refuses.
pub async fn change_password(
    State(app): State<App>,
    Caller(person): Caller,
    Address(address): Address,
    SignedIn(access): SignedIn,
    body: Result<Json<ChangePassword>, JsonRejection>,
) -> Result<Json<PasswordChanged>, ProblemResponse> {
    let Json(body) = body?;
    Ok(Json(usecase::passwords::change(&app, (&person, address), access, body).await?))
}
