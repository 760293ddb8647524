//! `POST /sync/v1/exchange`.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use sync_core::wire::codec;

use crate::http::caller::Caller;
use crate::http::problem::Refused;
use crate::usecase::exchange::Exchange;

/// Takes over what is pushed and answers what is new.
pub async fn exchange(
    State(exchange): State<Arc<Exchange>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<impl IntoResponse, Refused> {
    let answer = exchange.run(caller.person, body.into(), caller.now).await?;
    let headers = [(header::CONTENT_TYPE, codec::CONTENT_TYPE), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, answer))
}
