//! Papers of a case, the whole case as one file, and the page that says whether a paper is genuine.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;
use sync_core::document::{Paper, PaperRow};
use sync_core::domain::account::Person;
use sync_core::domain::papers::PaperKind;
use sync_core::id::{Digest, FactId, InspectionId, NoticeId};
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Refusal;
use tokio_util::io::ReaderStream;

use crate::http::caller::Caller;
use crate::http::problem::ProblemResponse;
use crate::report::file::File;
use crate::state::App;
use crate::usecase::check_paper::{self, Genuine};
use crate::usecase::{case_file, papers};

/// `GET /api/v1/cases/inspection/{id}/papers`
///
/// # Errors
/// The problem of the path, and what [`papers::list`] refuses.
pub async fn of_inspection(
    State(app): State<App>,
    Caller(person): Caller,
    id: Result<Path<InspectionId>, PathRejection>,
) -> Result<Json<Vec<PaperRow>>, ProblemResponse> {
    let Path(id) = id?;
    Ok(Json(papers::list(&app, &person, StreamId::inspection(id)).await?))
}

/// `GET /api/v1/cases/notice/{id}/papers`
///
/// # Errors
/// The problem of the path, and what [`papers::list`] refuses.
pub async fn of_notice(
    State(app): State<App>,
    Caller(person): Caller,
    id: Result<Path<NoticeId>, PathRejection>,
) -> Result<Json<Vec<PaperRow>>, ProblemResponse> {
    let Path(id) = id?;
    Ok(Json(papers::list(&app, &person, StreamId::notice(id)).await?))
}

/// `GET /api/v1/cases/inspection/{id}/papers/{kind}/{hash}`
///
/// # Errors
/// The problem of the path, and what [`papers::find`] refuses.
pub async fn give_of_inspection(
    State(app): State<App>,
    Caller(person): Caller,
    path: Result<Path<(InspectionId, PaperKind, FactId)>, PathRejection>,
    form: Result<Query<Form>, QueryRejection>,
) -> Result<Response, ProblemResponse> {
    let (Path((id, kind, fact)), Query(form)) = (path?, form?);
    let stream = StreamId::inspection(id);
    let paper = papers::find(&app, &person, stream, (kind, fact), form.edition).await?;
    Ok(form.answer(&app, &person, paper).await?)
}

/// `GET /api/v1/cases/notice/{id}/papers/{kind}/{hash}`
///
/// # Errors
/// The problem of the path, and what [`papers::find`] refuses.
pub async fn give_of_notice(
    State(app): State<App>,
    Caller(person): Caller,
    path: Result<Path<(NoticeId, PaperKind, FactId)>, PathRejection>,
    form: Result<Query<Form>, QueryRejection>,
) -> Result<Response, ProblemResponse> {
    let (Path((id, kind, fact)), Query(form)) = (path?, form?);
    let stream = StreamId::notice(id);
    let paper = papers::find(&app, &person, stream, (kind, fact), form.edition).await?;
    Ok(form.answer(&app, &person, paper).await?)
}

/// How a paper is answered.
#[derive(Clone, Copy, Debug, Deserialize, schemars::JsonSchema)]
pub struct Form {
    /// Whether the file lies within JSON.
    in_json: Option<bool>,
    /// Whether its canonical bytes are answered, of which the digest is taken, and no PDF.
    canonical: Option<bool>,
    /// Which edition; the one that stands unless it is given.
    edition: Option<u32>,
}

impl Form {
    async fn answer(self, app: &App, reader: &Person, paper: Paper) -> Result<Response, Refusal> {
        let name = paper.kind.name();
        let (ending, media_type, bytes) = match self.canonical {
            Some(true) => ("cbor", CBOR, paper.canonical()),
            _ => ("pdf", PDF, papers::pdf(app, reader, paper).await?),
        };
        if self.in_json != Some(true) {
            return Ok(([(header::CONTENT_TYPE, media_type)], bytes).into_response());
        }
        let name = format!("{name}.{ending}");
        Ok(Json(File { name, media_type, bytes }.within_json()).into_response())
    }
}

/// What a paper is given as.
pub const PDF: &str = "application/pdf";
/// What its canonical bytes are given as.
pub const CBOR: &str = "application/cbor";
/// What a case file is given as.
pub const ZIP: &str = "application/zip";

/// `GET /api/v1/cases/inspection/{id}/file`
///
/// # Errors
/// The problem of the path, and what [`case_file::write`] refuses.
pub async fn file(
    State(app): State<App>,
    Caller(person): Caller,
    id: Result<Path<InspectionId>, PathRejection>,
) -> Result<Response, ProblemResponse> {
    let Path(id) = id?;
    let made = case_file::download(&app, &person, id).await?;
    let name = HeaderValue::from_static("attachment; filename=\"casefile.zip\"");
    let head = [
        (header::CONTENT_TYPE, HeaderValue::from_static(ZIP)),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((head, Body::from_stream(ReaderStream::new(made))).into_response())
}

/// `GET /check/{hash}`: one of four sentences, and nothing else about the paper.
///
/// # Errors
/// The problem of the path, `storage_failed`.
pub async fn check(
    State(app): State<App>,
    digest: Result<Path<Digest>, PathRejection>,
) -> Result<Html<&'static str>, ProblemResponse> {
    let Path(digest) = digest?;
    Ok(Html(match check_paper::check(&app, digest).await? {
        Genuine::Yes => include_str!("../docs/genuine.html"),
        Genuine::Early => include_str!("../docs/early.html"),
        Genuine::Withdrawn => include_str!("../docs/withdrawn.html"),
        Genuine::Unknown => include_str!("../docs/unknown.html"),
    }))
}
