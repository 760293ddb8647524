//! Signing in and renewing.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, State};
use sync_core::domain::account::Person;
use sync_core::wire::api::{Refresh, Session, SignIn};

use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::state::App;
use crate::usecase;

/// `POST /api/v1/session`
pub async fn sign_in(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    body: Result<Json<SignIn>, JsonRejection>,
) -> Result<Json<Session>, Problem> {
    let Json(body) = body?;
    Ok(Json(usecase::session::sign_in(&app, body, peer.ip()).await?))
}

/// `POST /api/v1/session/refresh`
pub async fn renew(
    State(app): State<App>,
    body: Result<Json<Refresh>, JsonRejection>,
) -> Result<Json<Session>, Problem> {
    let Json(body) = body?;
    Ok(Json(usecase::session::renew(&app, &body).await?))
}

/// `GET /api/v1/me`
pub async fn me(Caller(person): Caller) -> Json<Person> {
    Json(person)
}
