//! `POST /api/v1/quarantine/{item}`.

use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::api_office::{QuarantineDecision, QuarantineItem};

use crate::http::caller::Caller;
use crate::http::problem::Refused;
use crate::usecase::decide_quarantine;
use crate::usecase::exchange::Exchange;

/// Accepts or rejects an item with a reason.
pub async fn decide(
    State(exchange): State<Arc<Exchange>>,
    Extension(caller): Extension<Caller>,
    Path(item): Path<String>,
    body: Result<Json<QuarantineDecision>, JsonRejection>,
) -> Result<Json<QuarantineItem>, Refused> {
    let Json(decision) = body.map_err(|_| Refusal::new(Code::FieldMalformed).field("body"))?;
    let item = item.parse()?;
    let judged =
        decide_quarantine::decide(&exchange, &caller.person, item, &decision, caller.now).await?;
    Ok(Json(judged))
}
