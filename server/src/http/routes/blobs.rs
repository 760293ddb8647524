//! Files: receive in parts, give whole or in ranges, give small pictures.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use sync_core::id::BlobHash;
use sync_core::wire::api::Uploaded;

use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::state::App;
use crate::usecase::{give_blob, receive_blob};

/// Header that says how much of a file the server has.
const UPLOAD_OFFSET: &str = "upload-offset";

/// Where a part of a file belongs.
#[derive(Debug, Deserialize)]
pub struct Offset {
    #[serde(default)]
    offset: u64,
}

/// `PUT /sync/v1/blobs/{hash}?offset=`. The body is read as it comes, so that what came of it counts.
pub async fn receive(
    State(app): State<App>,
    Caller(person): Caller,
    hash: Result<Path<BlobHash>, PathRejection>,
    offset: Result<Query<Offset>, QueryRejection>,
    body: Body,
) -> Result<Json<Uploaded>, Problem> {
    let (Path(hash), Query(Offset { offset })) = (hash?, offset?);
    Ok(Json(receive_blob::receive(&app, &person, hash, offset, body).await?))
}

/// `GET /sync/v1/blobs/{hash}`, or `HEAD` for how much of it the server has.
pub async fn give(
    State(app): State<App>,
    Caller(person): Caller,
    method: Method,
    headers: HeaderMap,
    hash: Result<Path<BlobHash>, PathRejection>,
) -> Result<Response, Problem> {
    let Path(hash) = hash?;
    if method == Method::HEAD {
        let received = receive_blob::received(&app, &person, hash).await?;
        return Ok(([(UPLOAD_OFFSET, HeaderValue::from(received))], ()).into_response());
    }
    let place = give_blob::original(&app, &person, hash).await?;
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    let Some((from, to)) = range(&headers, place.len) else {
        let bytes = give_blob::bytes(&app, place, 0, place.len).await?;
        return Ok((kind, bytes).into_response());
    };
    let shown = format!("bytes {from}-{}/{}", to.saturating_sub(1), place.len);
    let part = give_blob::bytes(&app, place, from, to - from).await?;
    let content_range = [(header::CONTENT_RANGE, shown)];
    Ok((StatusCode::PARTIAL_CONTENT, kind, content_range, Body::from(part)).into_response())
}

/// `GET /sync/v1/blobs/{hash}/thumbnail`
pub async fn thumbnail(
    State(app): State<App>,
    Caller(person): Caller,
    hash: Result<Path<BlobHash>, PathRejection>,
) -> Result<Response, Problem> {
    let Path(hash) = hash?;
    let jpeg = give_blob::thumbnail(&app, &person, hash).await?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response())
}

/// One range `bytes=from-` or `bytes=from-to` (RFC 9110, section 14); anything else is answered whole.
fn range(headers: &HeaderMap, len: u64) -> Option<(u64, u64)> {
    let text = headers.get(header::RANGE)?.to_str().ok()?.strip_prefix("bytes=")?;
    let (from, to) = text.split_once('-')?;
    let from: u64 = from.parse().ok()?;
    let to = if to.is_empty() { len } else { to.parse::<u64>().ok()?.saturating_add(1).min(len) };
    (from < to).then_some((from, to))
}
