//! Makes whole files durable. Each is written by a task of its own, so that the disk orders many at
//! once; their names and the rows that say they are there are committed together.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::PathBuf;

use axum::body::Bytes;
use sync_core::id::BlobHash;
use tokio::sync::{mpsc, oneshot};

use super::BlobFolder;
use crate::clock::Clock;
use crate::store::{Pool, files};

/// A file whose digest was checked.
#[derive(Debug)]
pub enum Whole {
    /// In memory.
    Bytes(Bytes),
    /// All parts of it are in the folder of parts.
    Parts(u64),
}

/// A file whose bytes are on disk and that has no name yet.
#[derive(Debug)]
pub(super) struct Durable {
    pub(super) hash: BlobHash,
    pub(super) path: PathBuf,
    len: u64,
}

type Waiting = (Durable, oneshot::Sender<io::Result<()>>);

/// Files that may wait for their names.
const WAITING: usize = 64;

/// Hands durable files to the task that names and notes them.
#[derive(Clone, Debug)]
pub struct Keeper {
    folder: BlobFolder,
    durable: mpsc::Sender<Waiting>,
}

impl Keeper {
    /// Starts the task; it ends when the last handle is gone.
    #[must_use]
    pub fn start(folder: BlobFolder, pool: Pool, clock: Clock) -> Self {
        let (durable, waiting) = mpsc::channel(WAITING);
        tokio::spawn(commit(folder.clone(), pool, clock, waiting));
        Self { folder, durable }
    }

    /// Keeps a file. When this returns without error it is durable and known. `judge` looks at the
    /// bytes on the task that writes them; nothing is kept when it says no.
    pub async fn keep<E: Send + 'static>(
        &self,
        hash: BlobHash,
        whole: Whole,
        judge: impl FnOnce(&Whole) -> Result<(), E> + Send + 'static,
    ) -> io::Result<Result<(), E>> {
        let folder = self.folder.clone();
        let written = tokio::task::spawn_blocking(move || match judge(&whole) {
            Ok(()) => write(&folder, hash, whole).map(Ok),
            Err(refused) => Ok(Err(refused)),
        });
        match written.await.map_err(io::Error::other)?? {
            Err(refused) => Ok(Err(refused)),
            Ok(durable) => self.note(durable).await.map(Ok),
        }
    }

    async fn note(&self, file: Durable) -> io::Result<()> {
        let stopped = || io::Error::other("the keeper has ended");
        let (reply, answer) = oneshot::channel();
        self.durable.send((file, reply)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

async fn commit(
    folder: BlobFolder,
    pool: Pool,
    clock: Clock,
    mut waiting: mpsc::Receiver<Waiting>,
) {
    let mut group = Vec::with_capacity(WAITING);
    while waiting.recv_many(&mut group, WAITING).await > 0 {
        let (files, replies): (Vec<Durable>, Vec<_>) = group.drain(..).unzip();
        let outcomes = name_and_note(&folder, &pool, &clock, files).await;
        for (reply, outcome) in replies.into_iter().zip(outcomes) {
            if let Err(error) = &outcome {
                tracing::error!(%error, "a file could not be noted");
            }
            // Whoever asked may be gone; the file is kept all the same.
            let _ = reply.send(outcome);
        }
    }
}

async fn name_and_note(
    folder: &BlobFolder,
    pool: &Pool,
    clock: &Clock,
    files: Vec<Durable>,
) -> Vec<io::Result<()>> {
    let folder = folder.clone();
    let all = files.len();
    let named = tokio::task::spawn_blocking(move || {
        let named = folder.name(&files);
        (files, named)
    });
    let failed = |error: String| (0..all).map(|_| Err(io::Error::other(error.clone()))).collect();
    let (files, named) = match named.await {
        Ok(done) => done,
        Err(error) => return failed(error.to_string()),
    };
    let there: Vec<(BlobHash, u64)> = files
        .iter()
        .zip(&named)
        .filter(|(_, named)| named.is_ok())
        .map(|(file, _)| (file.hash, file.len))
        .collect();
    match note(pool, clock, &there).await {
        Ok(()) => named,
        Err(error) => failed(error.to_string()),
    }
}

async fn note(pool: &Pool, clock: &Clock, kept: &[(BlobHash, u64)]) -> io::Result<()> {
    let mut db = pool.acquire().await.map_err(io::Error::other)?;
    files::keep(&mut db, kept, clock.now()).await.map_err(io::Error::other)
}

/// Writes a file aside and makes it durable.
fn write(folder: &BlobFolder, hash: BlobHash, whole: Whole) -> io::Result<Durable> {
    let (path, file, len) = match whole {
        Whole::Bytes(bytes) => {
            let (path, mut file) = folder.fresh_aside(hash)?;
            file.write_all(&bytes)?;
            (path, file, bytes.len() as u64)
        }
        Whole::Parts(len) => (folder.part(hash), File::open(folder.part(hash))?, len),
    };
    file.sync_data()?;
    Ok(Durable { hash, path, len })
}
