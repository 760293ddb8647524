//! One case as a timeline of facts.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use sync_core::id::{InspectionId, NoticeId};
use sync_core::ledger::stream::StreamId;
use sync_core::wire::api_office::CaseTimeline;

use crate::http::caller::Caller;
use crate::http::problem::ProblemResponse;
use crate::state::App;
use crate::usecase::show_case;

async fn show(
    app: &App,
    caller: &Caller,
    stream: StreamId,
) -> Result<Json<CaseTimeline>, ProblemResponse> {
    Ok(Json(show_case::show(&app.shared, &caller.0, stream, app.clock.now()).await?))
}

/// `GET /api/v1/cases/inspection/{id}`
///
/// # Errors
/// The problem of the path, and `not_found` for a case that the caller may not see.
pub async fn inspection(
    State(app): State<App>,
    caller: Caller,
    id: Result<Path<InspectionId>, PathRejection>,
) -> Result<Json<CaseTimeline>, ProblemResponse> {
    let Path(id) = id?;
    show(&app, &caller, StreamId::inspection(id)).await
}

/// `GET /api/v1/cases/notice/{id}`
///
/// # Errors
/// The problem of the path, and `not_found` for a case that the caller may not see.
pub async fn notice(
    State(app): State<App>,
    caller: Caller,
    id: Result<Path<NoticeId>, PathRejection>,
) -> Result<Json<CaseTimeline>, ProblemResponse> {
    let Path(id) = id?;
    show(&app, &caller, StreamId::notice(id)).await
}
