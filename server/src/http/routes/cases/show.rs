//! `GET /api/v1/cases/{kind}/{id}`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::{Extension, Json};
use sync_core::ledger::statement::StreamId;
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::api_office::CaseTimeline;

use crate::http::caller::Caller;
use crate::http::problem::Refused;
use crate::usecase::exchange::Exchange;
use crate::usecase::show_case;

/// One case with everything that was stated of it. The kind is `inspection` or `notice`.
pub async fn show(
    State(exchange): State<Arc<Exchange>>,
    Extension(caller): Extension<Caller>,
    Path((kind, id)): Path<(String, String)>,
) -> Result<Json<CaseTimeline>, Refused> {
    let stream = match kind.as_str() {
        "inspection" => StreamId::Inspection(id.parse()?),
        "notice" => StreamId::Notice(id.parse()?),
        _ => return Err(Refusal::new(Code::NotFound).into()),
    };
    Ok(Json(show_case::show(&exchange, &caller.person, stream, caller.now).await?))
}
