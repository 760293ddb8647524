//! Makes whole files durable, many at a time: one turn writes all that wait, then each is on disk
//! before any is acknowledged.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
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

type Job = (BlobHash, Whole, oneshot::Sender<io::Result<()>>);

/// Jobs that may wait.
const WAITING: usize = 64;
/// Files of one turn.
const GROUP: usize = 32;

/// Hands whole files to the task that keeps them.
#[derive(Clone, Debug)]
pub struct Keeper(mpsc::Sender<Job>);

impl Keeper {
    /// Starts the task; it ends when the last handle is gone.
    #[must_use]
    pub fn start(folder: BlobFolder, pool: Pool, clock: Clock) -> Self {
        let (jobs, waiting) = mpsc::channel(WAITING);
        tokio::spawn(run(folder, pool, clock, waiting));
        Self(jobs)
    }

    /// Keeps a file. When this returns without error it is durable and known.
    pub async fn keep(&self, hash: BlobHash, whole: Whole) -> io::Result<()> {
        let stopped = || io::Error::other("the keeper has ended");
        let (reply, answer) = oneshot::channel();
        self.0.send((hash, whole, reply)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

async fn run(folder: BlobFolder, pool: Pool, clock: Clock, mut waiting: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        let mut replies = Vec::with_capacity(group.len());
        let mut wholes = Vec::with_capacity(group.len());
        for (hash, whole, reply) in group.drain(..) {
            wholes.push((hash, whole));
            replies.push(reply);
        }
        let place = folder.clone();
        let written = tokio::task::spawn_blocking(move || write(&place, &wholes)).await;
        let written =
            written.unwrap_or_else(|_| Err(io::Error::other("the keeper's disk task ended")));
        let outcome = match written {
            Ok(kept) => note(&pool, &clock, &kept).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &outcome {
            tracing::error!(%error, "files could not be kept");
        }
        for reply in replies {
            let result = outcome.as_ref().copied().map_err(|it| io::Error::other(it.to_string()));
            // Whoever asked may be gone; the file is kept all the same.
            let _ = reply.send(result);
        }
    }
}

/// Writes a group aside, makes each durable, then gives them their names.
fn write(folder: &BlobFolder, wholes: &[(BlobHash, Whole)]) -> io::Result<Vec<(BlobHash, u64)>> {
    let mut open: Vec<(BlobHash, File, PathBuf)> = Vec::with_capacity(wholes.len());
    let mut seen = BTreeSet::new();
    for (hash, whole) in wholes {
        // The same file twice in one turn, or one that another turn has just named, is one file.
        if !seen.insert(*hash) || folder.path(*hash).exists() {
            continue;
        }
        let (path, file) = match whole {
            Whole::Bytes(bytes) => {
                let path = folder.aside(*hash);
                let mut file = File::create(&path)?;
                file.write_all(bytes)?;
                (path, file)
            }
            Whole::Parts(_) => (folder.part(*hash), File::open(folder.part(*hash))?),
        };
        open.push((*hash, file, path));
    }
    let mut touched = BTreeSet::new();
    for (hash, file, path) in &open {
        file.sync_all()?;
        let named = folder.path(*hash);
        if let Some(shard) = named.parent() {
            fs::create_dir_all(shard)?;
            touched.insert(shard.to_owned());
        }
        fs::rename(path, named)?;
    }
    touched.insert(folder.root.join("whole"));
    // A name is durable when its folder is.
    touched.iter().try_for_each(|shard| File::open(shard)?.sync_all())?;
    let len = |whole: &Whole| match whole {
        Whole::Bytes(bytes) => bytes.len() as u64,
        Whole::Parts(len) => *len,
    };
    let sizes: BTreeMap<BlobHash, u64> =
        wholes.iter().map(|(hash, whole)| (*hash, len(whole))).collect();
    Ok(sizes.into_iter().collect())
}

async fn note(pool: &Pool, clock: &Clock, kept: &[(BlobHash, u64)]) -> io::Result<()> {
    let mut db = pool.acquire().await.map_err(io::Error::other)?;
    files::keep(&mut db, kept, clock.now()).await.map_err(io::Error::other)
}
