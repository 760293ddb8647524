//! The exchange and the stream of pokes.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use sync_core::wire::codec;
use tokio::sync::broadcast::error::RecvError;

use crate::exchange::{self, pull};
use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::state::App;

/// Path of the stream of pokes.
pub const POKE: &str = "/sync/v1/poke";

/// `POST /sync/v1/exchange`
pub async fn exchange(
    State(app): State<App>,
    Caller(person): Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let answer = exchange::run(&app.shared, person, body?.to_vec(), app.clock.now()).await?;
    Ok(([(header::CONTENT_TYPE, codec::CONTENT_TYPE)], answer).into_response())
}

/// `GET /sync/v1/poke`: says "ask again" and nothing else. A lost poke costs time, never data.
pub async fn poke(
    State(app): State<App>,
    Caller(person): Caller,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mine: BTreeSet<String> = pull::audiences(&person).into_iter().collect();
    let (news, stopping) = (app.shared.writer.news(), app.stopping.clone());
    let pokes =
        futures_util::stream::unfold((news, mine, stopping), |(mut news, mine, stop)| async {
            loop {
                let heard = tokio::select! {
                    heard = news.recv() => heard,
                    () = stop.cancelled() => return None,
                };
                match heard {
                    Ok(told) if told.audiences.is_disjoint(&mine) => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => {
                        return Some((
                            Ok(Event::default().event("ask").data("")),
                            (news, mine, stop),
                        ));
                    }
                    Err(RecvError::Closed) => return None,
                }
            }
        });
    Sse::new(pokes).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
}
