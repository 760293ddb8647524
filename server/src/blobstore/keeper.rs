//! Makes whole files durable. One thread adds whatever waits to the pack and makes all of it durable
//! at once. The rows that say where files lie follow a moment later, many together: until then their
//! places are held in memory, and after a power cut they are read from the ends of the packs.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use sync_core::id::BlobHash;
use tokio::sync::{mpsc, oneshot};

use super::BlobFolder;
use super::pack::{Pack, Place};
use crate::clock::ServerClock;
use crate::store::{Pool, StoreError, files};

/// A file whose digest was checked.
#[derive(Debug)]
pub enum Whole {
    /// In memory.
    Bytes(Bytes),
    /// All parts of it, so many bytes, are in the folder of parts.
    Parts(u64),
}

#[derive(Debug)]
struct Job {
    hash: BlobHash,
    whole: Whole,
    reply: oneshot::Sender<io::Result<()>>,
}

/// Files that may wait to be written, and files made durable at once.
const WAITING: usize = 64;
/// Files noted in one statement of the database.
const NOTED: usize = 1_024;
/// How long the first of several files waits for its row.
const PAUSE: Duration = Duration::from_millis(100);

/// Files that are durable and not yet noted.
#[derive(Clone, Debug, Default)]
struct Unnoted(Arc<Mutex<HashMap<BlobHash, Place>>>);

impl Unnoted {
    fn with<T>(&self, work: impl FnOnce(&mut HashMap<BlobHash, Place>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Hands files to the thread that writes them.
#[derive(Clone, Debug)]
pub struct Keeper {
    jobs: mpsc::Sender<Job>,
    unnoted: Unnoted,
}

impl Keeper {
    /// Notes what the last run could not, then starts the thread and the task that notes; they end
    /// when the last handle is gone.
    pub async fn start(folder: BlobFolder, pool: Pool, clock: ServerClock) -> io::Result<Self> {
        let mut db = pool.acquire().await.map_err(io::Error::other)?;
        let ends = files::ends(&mut db).await.map_err(io::Error::other)?;
        let looking = folder.clone();
        let found = tokio::task::spawn_blocking(move || looking.after(&ends)).await;
        let found = found.map_err(io::Error::other)??;
        files::keep(&mut db, &found, clock.now()).await.map_err(io::Error::other)?;
        drop(db);
        let (jobs, waiting) = mpsc::channel(WAITING);
        let (written, to_note) = mpsc::unbounded_channel();
        let unnoted = Unnoted::default();
        let shown = unnoted.clone();
        std::thread::spawn(move || Writing::new(folder, shown, written).run(waiting));
        tokio::spawn(note(pool, clock, to_note, unnoted.clone()));
        Ok(Self { jobs, unnoted })
    }

    /// Keeps a file. When this returns without error it is durable and known.
    pub async fn keep(&self, hash: BlobHash, whole: Whole) -> io::Result<()> {
        let stopped = || io::Error::other("the keeper has ended");
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job { hash, whole, reply }).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// Where a file lies that is durable but may not be noted yet. Whoever asks the database, too,
    /// asks here first.
    #[must_use]
    pub fn unnoted(&self, hash: BlobHash) -> Option<Place> {
        self.unnoted.with(|files| files.get(&hash).copied())
    }
}

/// The thread that writes.
struct Writing {
    folder: BlobFolder,
    unnoted: Unnoted,
    written: mpsc::UnboundedSender<(BlobHash, Place)>,
    pack: Option<Pack>,
    /// What is in the pack: of a file that many send at once one is written.
    inside: HashSet<BlobHash>,
}

impl Writing {
    fn new(
        folder: BlobFolder,
        unnoted: Unnoted,
        written: mpsc::UnboundedSender<(BlobHash, Place)>,
    ) -> Self {
        Self { folder, unnoted, written, pack: None, inside: HashSet::new() }
    }

    fn run(mut self, mut waiting: mpsc::Receiver<Job>) {
        let mut group = Vec::with_capacity(WAITING);
        while waiting.blocking_recv_many(&mut group, WAITING) > 0 {
            let written = self.write(&group);
            if let Err(error) = &written {
                tracing::error!(%error, "files could not be written");
                // Nobody knows what of it is on disk: the pack stays as it is.
                self.pack = None;
            }
            for job in group.drain(..) {
                let outcome = written.as_ref().map(drop).map_err(|error| error.kind().into());
                // Whoever asked may be gone; the file is kept all the same.
                let _ = job.reply.send(outcome);
            }
        }
    }

    fn write(&mut self, group: &[Job]) -> io::Result<()> {
        let pack = match &mut self.pack {
            Some(pack) if !pack.is_full() => pack,
            pack => {
                self.inside.clear();
                pack.insert(Pack::begin(&self.folder.packs())?)
            }
        };
        let mut places = Vec::with_capacity(group.len());
        for Job { hash, whole, .. } in group {
            if !self.inside.insert(*hash) {
                continue;
            }
            let place = match whole {
                Whole::Bytes(bytes) => pack.add(*hash, bytes.len() as u64, &mut bytes.as_ref())?,
                Whole::Parts(len) => {
                    pack.add(*hash, *len, &mut File::open(self.folder.part(*hash))?)?
                }
            };
            places.push((*hash, place));
        }
        pack.sync()?;
        self.unnoted.with(|unnoted| unnoted.extend(places.iter().copied()));
        for place in places {
            // Without the task that notes, the next start does.
            let _ = self.written.send(place);
        }
        Ok(())
    }
}

async fn note(
    pool: Pool,
    clock: ServerClock,
    mut written: mpsc::UnboundedReceiver<(BlobHash, Place)>,
    unnoted: Unnoted,
) {
    let mut group = Vec::new();
    while written.recv_many(&mut group, NOTED).await > 0 {
        tokio::time::sleep(PAUSE).await;
        while group.len() < NOTED
            && let Ok(more) = written.try_recv()
        {
            group.push(more);
        }
        let noted = async {
            let mut tx = pool.begin().await?;
            files::keep(&mut tx, &group, clock.now()).await?;
            tx.commit().await.map_err(StoreError::from)
        };
        match noted.await {
            // Whoever looked here before and found nothing finds the row.
            Ok(()) => unnoted.with(|files| {
                for (hash, _) in group.drain(..) {
                    files.remove(&hash);
                }
            }),
            // They stay in the group, and are known all the same.
            Err(error) => tracing::error!(%error, "files could not be noted"),
        }
    }
}

impl BlobFolder {
    /// Where packs are.
    pub(super) fn packs(&self) -> PathBuf {
        self.root.join("packs")
    }
}
