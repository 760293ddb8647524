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
use sync_core::id::{BlobHash, PersonId};
use tokio::sync::{mpsc, oneshot};

use super::pack::{Entry, Pack};
use super::{BlobFolder, PartOf};
use crate::clock::ServerClock;
use crate::store::files::{self, Place};
use crate::store::{Db, Pool, StoreError, blobs};

/// A file whose digest was checked.
#[derive(Debug)]
pub enum Whole {
    /// In memory.
    Bytes(Bytes),
    /// All parts of it, so many bytes, are in the folder of parts.
    Parts(u64),
    /// It is kept already; someone else has brought it now.
    Known,
}

#[derive(Debug)]
struct Job {
    hash: BlobHash,
    person: PersonId,
    whole: Whole,
    reply: oneshot::Sender<io::Result<()>>,
}

/// Files that may wait to be written, and files made durable at once.
const WAITING: usize = 64;
/// Files noted in one statement of the database.
const NOTED: usize = 1_024;
/// How long the first of several files waits for its row.
const PAUSE: Duration = Duration::from_millis(100);

/// What is durable and not yet noted in the database. Whoever asks the database, too, asks here first.
#[derive(Clone, Debug, Default)]
pub struct Unnoted(Arc<Mutex<Noting>>);

/// Where files lie, and who brought which.
#[derive(Clone, Debug, Default)]
pub struct Noting {
    places: HashMap<BlobHash, Place>,
    brought: HashSet<(BlobHash, PersonId)>,
    /// Files that were found damaged: they are written again when someone brings them again.
    damaged: Vec<BlobHash>,
}

impl Noting {
    fn take_over(&mut self, entry: &Entry) {
        self.places.extend(entry.place.map(|place| (entry.hash, place)));
        self.brought.extend(entry.person.map(|person| (entry.hash, person)));
    }

    /// Where a file lies.
    #[must_use]
    pub fn place(&self, hash: BlobHash) -> Option<Place> {
        self.places.get(&hash).copied()
    }

    /// Whether a person has brought a file.
    #[must_use]
    pub fn is_brought(&self, hash: BlobHash, person: PersonId) -> bool {
        self.brought.contains(&(hash, person))
    }
}

impl Unnoted {
    fn with<T>(&self, work: impl FnOnce(&mut Noting) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Forgets where a file lies: it was found damaged there.
    pub fn forget(&self, hash: BlobHash) {
        self.with(|noting| {
            noting.places.remove(&hash);
            noting.damaged.push(hash);
        });
    }

    /// All of it as it is now.
    #[must_use]
    pub fn now(&self) -> Noting {
        self.with(|noting| noting.clone())
    }
}

/// Notes what packs say.
async fn note_entries(
    db: &mut Db,
    entries: &[Entry],
    clock: &ServerClock,
) -> Result<(), StoreError> {
    let at = clock.now();
    let places: Vec<_> =
        entries.iter().filter_map(|entry| Some((entry.hash, entry.place?))).collect();
    let brought: Vec<_> =
        entries.iter().filter_map(|entry| Some((entry.hash, entry.person?))).collect();
    files::keep(db, &places, at).await?;
    blobs::bring(db, &brought, at).await
}

/// Hands files to the thread that writes them.
#[derive(Clone, Debug)]
pub struct Keeper {
    jobs: mpsc::Sender<Job>,
}

impl Keeper {
    /// Notes what the last run could not, then starts the thread and the task that notes; they end
    /// when the last handle is gone.
    ///
    /// # Errors
    /// The error of the file system or, as an I/O error, of the database.
    pub async fn start(
        folder: BlobFolder,
        pool: Pool,
        clock: ServerClock,
        unnoted: Unnoted,
    ) -> io::Result<Self> {
        let mut db = pool.acquire().await.map_err(io::Error::other)?;
        let ends = files::ends(&mut db).await.map_err(io::Error::other)?;
        let looking = folder.clone();
        let found = tokio::task::spawn_blocking(move || looking.after(&ends)).await;
        let found = found.map_err(io::Error::other)??;
        note_entries(&mut db, &found, &clock).await.map_err(io::Error::other)?;
        drop(db);
        let (jobs, waiting) = mpsc::channel(WAITING);
        let (written, to_note) = mpsc::unbounded_channel();
        let shown = unnoted.clone();
        std::thread::spawn(move || Writing::new(folder, shown, written).run(waiting));
        tokio::spawn(note(pool, clock, to_note, unnoted));
        Ok(Self { jobs })
    }

    /// Keeps a file that a person brought. When this returns without error it is durable and known.
    ///
    /// # Errors
    /// What the platform says when it could not be written.
    pub async fn keep(&self, hash: BlobHash, person: PersonId, whole: Whole) -> io::Result<()> {
        let stopped = || io::Error::other("the keeper has ended");
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job { hash, person, whole, reply }).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

/// The thread that writes.
struct Writing {
    folder: BlobFolder,
    unnoted: Unnoted,
    written: mpsc::UnboundedSender<Entry>,
    pack: Option<Pack>,
    /// What is in the pack and who brought it: of a file that many send at once one is written.
    inside: HashSet<BlobHash>,
    brought: HashSet<(BlobHash, PersonId)>,
}

impl Writing {
    fn new(folder: BlobFolder, unnoted: Unnoted, written: mpsc::UnboundedSender<Entry>) -> Self {
        let (inside, brought) = (HashSet::new(), HashSet::new());
        Self { folder, unnoted, written, pack: None, inside, brought }
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
        for damaged in self.unnoted.with(|noting| std::mem::take(&mut noting.damaged)) {
            self.inside.remove(&damaged);
            self.brought.retain(|(hash, _)| *hash != damaged);
        }
        let pack = match &mut self.pack {
            Some(pack) if !pack.is_full() => pack,
            pack => {
                self.inside.clear();
                self.brought.clear();
                pack.insert(Pack::begin(&self.folder.packs())?)
            }
        };
        let mut entries = Vec::with_capacity(group.len());
        for Job { hash, person, whole, .. } in group {
            if !self.brought.insert((*hash, *person)) {
                continue;
            }
            let by = (*hash, *person);
            let place = match whole {
                Whole::Known => None,
                _ if !self.inside.insert(*hash) => None,
                Whole::Bytes(bytes) => Some(pack.add(by, bytes.len() as u64, &mut &bytes[..])?),
                Whole::Parts(len) => {
                    let part = self.folder.part(PartOf { hash: *hash, person: *person });
                    Some(pack.add(by, *len, &mut File::open(part)?)?)
                }
            };
            if place.is_none() {
                pack.add_brought(*hash, *person)?;
            }
            entries.push(Entry { hash: *hash, place, person: Some(*person) });
        }
        pack.sync()?;
        self.unnoted.with(|unnoted| entries.iter().for_each(|entry| unnoted.take_over(entry)));
        for entry in entries {
            // Without the task that notes, the next start does.
            let _ = self.written.send(entry);
        }
        Ok(())
    }
}

async fn note(
    pool: Pool,
    clock: ServerClock,
    mut written: mpsc::UnboundedReceiver<Entry>,
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
            note_entries(&mut tx, &group, &clock).await?;
            tx.commit().await.map_err(StoreError::from)
        };
        match noted.await {
            // Whoever looked here before and found nothing finds the row.
            Ok(()) => unnoted.with(|noting| {
                for entry in group.drain(..) {
                    noting.places.remove(&entry.hash);
                    if let Some(person) = entry.person {
                        noting.brought.remove(&(entry.hash, person));
                    }
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
