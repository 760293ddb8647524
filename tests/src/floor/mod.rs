//! The floor of the benchmarks: a bare axum and SQLite server that takes the same JSON or photos
//! over loopback, hashes them and makes them durable with group commit. It checks nothing else,
//! so no server that does the product's work can be faster.

mod store;

use std::net::SocketAddr;
use std::path::Path;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Router, body::Bytes};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use store::{Row, Store};

/// A running floor server.
#[derive(Debug)]
pub struct Floor {
    /// Where it listens.
    pub address: SocketAddr,
    serving: tokio::task::JoinHandle<()>,
}

impl Floor {
    /// Starts on a free port with its data in `folder`.
    ///
    /// # Errors
    /// The error of the file system or of the network.
    pub async fn start(folder: &Path) -> std::io::Result<Self> {
        let store = Store::open(folder)?;
        let router = Router::new()
            .route("/records", post(take_records))
            .route("/records", get(give_records))
            .route("/photos", put(take_photo))
            .layer(DefaultBodyLimit::max(64 * 1024 * 1024))
            .with_state(store);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, serving })
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn take_records(State(store): State<Store>, body: Bytes) -> StatusCode {
    let Ok(records) = serde_json::from_slice::<Vec<&RawValue>>(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    let rows = records
        .into_iter()
        .map(|record| Row {
            hash: Sha256::digest(record.get()).into(),
            json: record.get().to_owned(),
        })
        .collect();
    store.keep(rows).await
}

async fn give_records(State(store): State<Store>) -> Result<String, StatusCode> {
    store.all().await.ok_or(StatusCode::INTERNAL_SERVER_ERROR)
}

async fn take_photo(State(store): State<Store>, body: Bytes) -> StatusCode {
    let hash: [u8; 32] = Sha256::digest(&body).into();
    store.keep_photo(hash, body).await
}
