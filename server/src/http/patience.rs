//! How long a request may take: as long as bytes move. A body may take hours on a slow line; a
//! silent one is cut, and so is a handler that does nothing with a body that has come.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::time::Instant;

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// How long a request may be worked on after the last of its body came.
    pub(super) work: Duration,
    /// How long a body may bring less than [`LEAST`].
    pub(super) silence: Duration,
}

/// What every request is given.
pub(super) const PATIENCE: Patience =
    Patience { work: Duration::from_mins(1), silence: Duration::from_secs(30) };
/// Bytes that count as a sign of life: the slowest lines carry fifty times as much in the time of a silence.
const LEAST: usize = 512;

/// When a body last moved.
#[derive(Clone)]
struct Moved(Arc<Mutex<Instant>>);

impl Moved {
    fn now() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn at(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer, unless nothing moves any more.
pub(super) async fn run(patience: Patience, request: Request, next: Next) -> Option<Response> {
    let moved = Moved::now();
    let (parts, body) = request.into_parts();
    let body = if body.is_end_stream() {
        body
    } else {
        Body::from_stream(watched(body, moved.clone(), patience.silence))
    };
    let answer = next.run(Request::from_parts(parts, body));
    tokio::pin!(answer);
    loop {
        let until = moved.at() + patience.work;
        tokio::select! {
            answer = &mut answer => return Some(answer),
            () = tokio::time::sleep_until(until) => {
                if moved.at() + patience.work <= Instant::now() {
                    return None;
                }
            }
        }
    }
}

/// A body that ends with an error when it falls silent.
fn watched(
    body: Body,
    moved: Moved,
    silence: Duration,
) -> impl Stream<Item = Result<Bytes, axum::Error>> {
    let begin = (body.into_data_stream(), Instant::now() + silence, 0);
    stream::unfold(Some(begin), move |state| {
        let moved = moved.clone();
        async move {
            let (mut body, until, came) = state?;
            match tokio::time::timeout_at(until, body.next()).await {
                Ok(Some(Ok(bytes))) => {
                    let came = came + bytes.len();
                    let state = if came >= LEAST {
                        moved.note();
                        (body, Instant::now() + silence, 0)
                    } else {
                        (body, until, came)
                    };
                    Some((Ok(bytes), Some(state)))
                }
                Ok(Some(Err(error))) => Some((Err(error), None)),
                Ok(None) => {
                    moved.note();
                    None
                }
                Err(silent) => Some((Err(axum::Error::new(silent)), None)),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware;
    use axum::response::IntoResponse as _;
    use axum::routing::post;
    use tower::ServiceExt as _;

    use super::*;

    const SHORT: Patience =
        Patience { work: Duration::from_millis(800), silence: Duration::from_millis(250) };

    /// What becomes of a body that brings so many bytes so often, one piece each 40 ms, and then ends or is
    /// silent for ever.
    async fn sent(bytes: usize, pieces: usize, ends: bool) -> (u16, String) {
        let read = async |body: Result<Bytes, axum::extract::rejection::BytesRejection>| match body
        {
            Ok(body) => format!("{} bytes", body.len()).into_response(),
            Err(_) => axum::http::StatusCode::REQUEST_TIMEOUT.into_response(),
        };
        let surround = async |request: Request, next: Next| match run(SHORT, request, next).await {
            Some(answer) => answer,
            None => axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response(),
        };
        let router = Router::new().route("/", post(read)).layer(middleware::from_fn(surround));
        let ticks = tokio::time::interval(Duration::from_millis(40));
        let body = stream::unfold((0, ticks), move |(piece, mut ticks)| async move {
            if piece == pieces {
                if !ends {
                    std::future::pending::<()>().await;
                }
                return None;
            }
            ticks.tick().await;
            Some((Ok::<_, std::io::Error>(Bytes::from(vec![0; bytes])), (piece + 1, ticks)))
        });
        let request = Request::post("/").body(Body::from_stream(body)).unwrap();
        let answer = router.oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let body = axum::body::to_bytes(answer.into_body(), 1000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_body_may_take_longer_than_any_request_if_it_moves() {
        assert_eq!(sent(1_000, 30, true).await, (200, "30000 bytes".to_owned()));
    }

    #[tokio::test]
    async fn a_body_that_falls_silent_is_cut() {
        for pieces in [0, 1, 5] {
            assert_eq!(sent(1_000, pieces, false).await.0, 408, "after {pieces} pieces");
        }
    }

    #[tokio::test]
    async fn a_body_that_drips_is_cut() {
        assert_eq!(sent(1, 10_000, true).await.0, 408);
    }
}
