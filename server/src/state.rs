//! What the parts of the server share. Handlers, use cases and jobs are given it; it knows none of
//! them. [`crate::start`] puts it together.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use futures_util::future::BoxFuture;
use ipnet::IpNet;
use sync_core::refusal::{Code, Refusal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::admission::load::Sources;
use crate::admission::loader::Loader;
use crate::auth::attempts::Attempts;
use crate::auth::ended::EndedSessions;
use crate::auth::keys::Keys;
use crate::auth::tokens::Tokens;
use crate::blobstore::{BlobFolder, Keeper, Unnoted, Wanted};
use crate::clock::ServerClock;
use crate::directory::{self, CurrentDirectory};
use crate::store::audit::{self, Event};
use crate::store::integrity::Integrity;
use crate::store::writer::Writer;
use crate::store::{Db, Pool, StoreError, sequencer};
use crate::turns::shares::{Shares, Sharing};
use crate::turns::{Reporting, Turns};

/// What reads and writes records: the database, the writer, people, keys. It runs without HTTP.
#[derive(Debug)]
pub struct Shared {
    /// Connections to read from.
    pub pool: Pool,
    /// The task that loads what pushes are judged against.
    pub(crate) loader: Loader,
    /// The task that writes.
    pub writer: Writer,
    /// People, devices, reference data.
    pub directory: Arc<CurrentDirectory>,
    /// Secrets.
    pub keys: Arc<Keys>,
    /// The epoch of the store as it was last read.
    epoch: RwLock<[u8; 16]>,
    /// Whether what is stored is what was taken over.
    pub integrity: Integrity,
    /// Files that are durable and not yet noted.
    pub unnoted: Unnoted,
    /// Files that a decision waits for until somebody has looked at them.
    pub wanted: Wanted,
    /// How much is done at once.
    pub(crate) turns: Turns,
    /// Who has a report computed.
    pub(crate) reporting: Reporting,
    /// What one person may take; the usual shares unless somebody set others.
    pub(crate) shares: OnceLock<Shares>,
}

impl Shared {
    /// Starts the writer and the loader over a store whose tables exist. `entropy` names a new
    /// store's epoch.
    ///
    /// # Errors
    ///
    /// When the database cannot be read or written.
    pub async fn open(
        pool: Pool,
        directory: Arc<CurrentDirectory>,
        keys: Arc<Keys>,
        entropy: [u8; 16],
    ) -> Result<Arc<Self>, StoreError> {
        let epoch = sequencer::epoch(&mut *pool.acquire().await?, entropy).await?;
        let integrity = Integrity::new(keys.stored(), keys.identity().1);
        let unnoted = Unnoted::default();
        let wanted = Wanted::default();
        let sources = Sources {
            integrity: integrity.clone(),
            unnoted: unnoted.clone(),
            wanted: wanted.clone(),
        };
        Ok(Arc::new(Self {
            loader: Loader::start(pool.clone(), sources),
            writer: Writer::start(pool.clone(), integrity.clone()),
            integrity,
            unnoted,
            wanted,
            pool,
            directory,
            keys,
            epoch: RwLock::new(epoch),
            turns: Turns::new(),
            reporting: Reporting::new(),
            shares: OnceLock::new(),
        }))
    }

    /// What one person may take.
    pub(crate) fn shares(&self) -> Shares {
        *self.shares.get_or_init(Shares::default)
    }

    /// The epoch of the store as it was last read.
    #[must_use]
    pub fn epoch(&self) -> [u8; 16] {
        *self.epoch.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The epoch of the store now: another server over the same store may have begun it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn read_epoch(&self) -> Result<[u8; 16], StoreError> {
        let epoch = sequencer::epoch(&mut *self.pool.acquire().await?, self.epoch()).await?;
        *self.epoch.write().unwrap_or_else(PoisonError::into_inner) = epoch;
        Ok(epoch)
    }

    /// Begins a new epoch, unless another server has begun one: this store came back from a backup.
    ///
    /// # Errors
    /// What the database says.
    pub async fn renew_epoch(&self, fresh: [u8; 16]) -> Result<[u8; 16], StoreError> {
        let mut db = self.pool.acquire().await?;
        sequencer::renew_epoch(&mut db, self.epoch(), fresh).await?;
        drop(db);
        self.read_epoch().await
    }
}

/// What every request can reach.
#[derive(Clone, Debug)]
pub struct App(pub(crate) Arc<Parts>);

/// The parts of the server.
#[derive(Debug)]
pub struct Parts {
    /// Where the time comes from.
    pub clock: ServerClock,
    /// Connections to the database.
    pub pool: Pool,
    /// What reads and writes records.
    pub shared: Arc<Shared>,
    /// Keys of sessions.
    pub tokens: Tokens,
    /// Who guesses passwords.
    pub attempts: Attempts,
    /// Sessions that ended lately.
    pub ended: EndedSessions,
    /// Files.
    pub blobs: BlobFolder,
    /// The task that makes files durable.
    pub keeper: Keeper,
    /// Folder of the built app.
    pub app: Option<PathBuf>,
    /// Address at which everybody reaches the server.
    pub public_address: String,
    /// Proxies whose word about the address of a caller counts.
    pub trusted_proxies: Vec<IpNet>,
    /// What each takes at once.
    pub(crate) sharing: Arc<Sharing>,
    /// Ends what goes on beside requests.
    pub stopping: CancellationToken,
    /// What goes on beside requests.
    pub(crate) tasks: TaskTracker,
    /// Serialises reloads, so that an older snapshot never replaces a newer one.
    pub(crate) reading: tokio::sync::Mutex<()>,
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Writes in one transaction, in a task of its own: a caller that stops waiting neither stops
    /// the write nor leaves it open.
    ///
    /// # Errors
    /// What `work` fails with, or the database when it begins or commits; then nothing is written.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Db) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        let pool = self.pool.clone();
        let done = self.tasks.spawn(async move {
            let mut transaction = pool.begin().await?;
            let value = work(&mut transaction).await?;
            transaction.commit().await?;
            Ok(value)
        });
        done.await.map_err(|_| StoreError::Stopped)?
    }

    /// Writes in one transaction what `work` does and the event that tells it. Of work that is refused nothing is
    /// written.
    ///
    /// # Errors
    /// What `work` refuses, [`Code::StorageFailed`].
    pub async fn write_with_event<T, F>(&self, event: Event, work: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Db) -> BoxFuture<'c, Result<Result<T, Refusal>, StoreError>>
            + Send
            + 'static,
    {
        let (pool, integrity) = (self.pool.clone(), self.shared.integrity.clone());
        let done = self.tasks.spawn(async move {
            let mut transaction = pool.begin().await?;
            // First of all, so that transactions wait for one another in one order.
            audit::begin(&mut transaction).await?;
            let done = work(&mut transaction).await?;
            if done.is_ok() {
                audit::append(&mut transaction, &integrity, &event).await?;
                transaction.commit().await?;
            } else {
                transaction.rollback().await?;
            }
            Ok::<_, StoreError>(done)
        });
        done.await.map_err(|_| Refusal::new(Code::StorageFailed))??
    }

    /// Loads people, devices and reference data again; later admissions use them.
    ///
    /// # Errors
    /// `Code::StorageFailed` when they cannot be read; what was known goes on to count.
    pub async fn refresh_directory(&self) -> Result<(), Refusal> {
        let _turn = self.reading.lock().await;
        self.shared.directory.replace(directory::read(&self.pool).await?);
        Ok(())
    }
}
