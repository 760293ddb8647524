//! Files: receive in parts, give whole or in ranges, give small pictures.

use std::ops::{Bound, Range};

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum_extra::TypedHeader;
use axum_extra::headers::{self, ContentRange, HeaderMapExt as _};
use schemars::JsonSchema;
use serde::Deserialize;
use sync_core::id::BlobHash;
use sync_core::wire::api::Uploaded;

use crate::http::caller::{Caller, SignedIn};
use crate::http::problem::ProblemResponse;
use crate::state::App;
use crate::usecase::{give_blob, receive_blob};

/// Header that says how much of a file the server has.
const UPLOAD_OFFSET: &str = "upload-offset";

/// Where a part of a file belongs.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Offset {
    #[serde(default)]
    offset: u64,
}

/// `PUT /sync/v1/blobs/{hash}?offset=`. The body is stored as it comes, so a broken upload goes on
/// where it ended.
///
/// # Errors
/// The problem of path or query, and what [`receive_blob::receive`] refuses.
pub async fn receive(
    State(app): State<App>,
    Caller(person): Caller,
    hash: Result<Path<BlobHash>, PathRejection>,
    offset: Result<Query<Offset>, QueryRejection>,
    body: Body,
) -> Result<Json<Uploaded>, ProblemResponse> {
    let (Path(hash), Query(Offset { offset })) = (hash?, offset?);
    Ok(Json(receive_blob::receive(&app, &person, hash, offset, body).await?))
}

/// `GET /sync/v1/blobs/{hash}`, or `HEAD` for how much of it the server has.
///
/// # Errors
/// The problem of the path, and what [`give_blob`] refuses.
pub async fn give(
    State(app): State<App>,
    Caller(person): Caller,
    SignedIn(access): SignedIn,
    method: Method,
    headers: HeaderMap,
    hash: Result<Path<BlobHash>, PathRejection>,
) -> Result<Response, ProblemResponse> {
    let Path(hash) = hash?;
    if method == Method::HEAD {
        let received = receive_blob::received(&app, &person, hash).await?;
        return Ok(([(UPLOAD_OFFSET, HeaderValue::from(received))], ()).into_response());
    }
    let place = give_blob::original(&app, &person, hash).await?;
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    let Some(part) = range(&headers, place.len) else {
        let bytes = give_blob::open(&app, access, (hash, place), 0..place.len).await?;
        let length = [(header::CONTENT_LENGTH, HeaderValue::from(place.len))];
        return Ok((kind, length, Body::from_stream(bytes)).into_response());
    };
    let shown = ContentRange::bytes(part.clone(), place.len).map(TypedHeader).ok();
    let length = [(header::CONTENT_LENGTH, HeaderValue::from(part.end - part.start))];
    let bytes = give_blob::open(&app, access, (hash, place), part).await?;
    Ok((StatusCode::PARTIAL_CONTENT, kind, length, shown, Body::from_stream(bytes)).into_response())
}

/// `GET /sync/v1/blobs/{hash}/thumbnail`
///
/// # Errors
/// The problem of the path, and what [`give_blob::thumbnail`] refuses.
pub async fn thumbnail(
    State(app): State<App>,
    Caller(person): Caller,
    hash: Result<Path<BlobHash>, PathRejection>,
) -> Result<Response, ProblemResponse> {
    let Path(hash) = hash?;
    let jpeg = give_blob::thumbnail(&app, &person, hash).await?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response())
}

/// The one range that is asked for (RFC 9110, section 14), from its first byte to behind its last. Several, or none that
/// the file has, are answered with the whole file.
fn range(headers: &HeaderMap, len: u64) -> Option<Range<u64>> {
    let asked: headers::Range = headers.typed_get()?;
    let mut ranges = asked.satisfiable_ranges(len);
    let (Some((from, to)), None) = (ranges.next(), ranges.next()) else { return None };
    let from = match from {
        Bound::Included(from) => from,
        Bound::Excluded(before) => before.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let to = match to {
        Bound::Included(last) => last.saturating_add(1).min(len),
        Bound::Excluded(to) => to.min(len),
        Bound::Unbounded => len,
    };
    (from < to).then_some(from..to)
}
