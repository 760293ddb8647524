//! `GET /sync/v1/poke`: says "ask again" whenever there is something new for the reader. It says
//! nothing else; a lost poke costs time, never data.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::http::caller::Caller;
use crate::store::writer::News;
use crate::usecase::exchange::Exchange;
use crate::usecase::pull;

/// Opens the channel. One event comes at once, for what was new before.
pub async fn poke(
    State(exchange): State<Arc<Exchange>>,
    Extension(caller): Extension<Caller>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let audiences: BTreeSet<String> = pull::audiences(&caller.person).into_iter().collect();
    let listening = (exchange.writer.news(), audiences, true);
    let events = stream::unfold(listening, |(mut news, audiences, first)| async move {
        if !first {
            heard(&mut news, &audiences).await?;
        }
        Some((Ok(Event::default().event("ask").data("again")), (news, audiences, false)))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// Waits for something new; none when the server goes down.
async fn heard(news: &mut Receiver<Arc<News>>, audiences: &BTreeSet<String>) -> Option<()> {
    loop {
        match news.recv().await {
            Ok(told) if told.audiences.is_disjoint(audiences) => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return Some(()),
            Err(RecvError::Closed) => return None,
        }
    }
}
