//! The exchange.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sync_core::wire::codec;

use crate::exchange;
use crate::http::caller::Caller;
use crate::http::problem::ProblemResponse;
use crate::state::App;

/// `POST /sync/v1/exchange`
///
/// # Errors
/// The problem of a body that did not come whole, and what [`exchange::run`] refuses.
pub async fn exchange(
    State(app): State<App>,
    Caller(person): Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ProblemResponse> {
    let answer = exchange::run(&app.shared, person, body?.to_vec(), app.clock.now()).await?;
    Ok(([(header::CONTENT_TYPE, codec::CONTENT_TYPE)], answer).into_response())
}
