//! Papers of a case, the whole case as one file, and the page that says whether a paper is genuine.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;
use sync_core::document::PaperRow;
use sync_core::domain::papers::PaperKind;
use sync_core::id::{Digest, FactId, InspectionId, NoticeId};
use sync_core::ledger::stream::StreamId;
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
/// The problem of the path, and what [`papers::give`] refuses.
pub async fn give_of_inspection(
    State(app): State<App>,
    Caller(person): Caller,
    path: Result<Path<(InspectionId, PaperKind, FactId)>, PathRejection>,
    form: Result<Query<Form>, QueryRejection>,
) -> Result<Response, ProblemResponse> {
    let (Path((id, kind, fact)), Query(form)) = (path?, form?);
    let pdf = papers::give(&app, &person, StreamId::inspection(id), (kind, fact)).await?;
    Ok(form.answer(kind, pdf))
}

/// `GET /api/v1/cases/notice/{id}/papers/{kind}/{hash}`
///
/// # Errors
/// The problem of the path, and what [`papers::give`] refuses.
pub async fn give_of_notice(
    State(app): State<App>,
    Caller(person): Caller,
    path: Result<Path<(NoticeId, PaperKind, FactId)>, PathRejection>,
    form: Result<Query<Form>, QueryRejection>,
) -> Result<Response, ProblemResponse> {
    let (Path((id, kind, fact)), Query(form)) = (path?, form?);
    let pdf = papers::give(&app, &person, StreamId::notice(id), (kind, fact)).await?;
    Ok(form.answer(kind, pdf))
}

/// How a paper is answered.
#[derive(Clone, Copy, Debug, Deserialize, schemars::JsonSchema)]
pub struct Form {
    /// Whether the file lies within JSON.
    in_json: Option<bool>,
}

impl Form {
    fn answer(self, kind: PaperKind, pdf: Vec<u8>) -> Response {
        if self.in_json != Some(true) {
            return ([(header::CONTENT_TYPE, PDF)], pdf).into_response();
        }
        let name = format!("{}.pdf", kind.name());
        Json(File { name, media_type: PDF, bytes: pdf }.within_json()).into_response()
    }
}

/// What a paper is given as.
pub const PDF: &str = "application/pdf";
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

/// `GET /check/{hash}`: one of three sentences, and nothing else about the paper.
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
        Genuine::Withdrawn => include_str!("../docs/withdrawn.html"),
        Genuine::Unknown => include_str!("../docs/unknown.html"),
    }))
}
