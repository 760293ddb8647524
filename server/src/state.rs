//! What the parts of the server share. Handlers, use cases and jobs are given it; it knows none of
//! them. [`crate::start`] puts it together.

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use sync_core::refusal::Refusal;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::admission::loader::Loader;
use crate::auth::attempts::FailedSignIns;
use crate::auth::ended::EndedSessions;
use crate::auth::keys::Keys;
use crate::auth::tokens::Tokens;
use crate::blobstore::{BlobFolder, Keeper};
use crate::clock::ServerClock;
use crate::directory::{self, CurrentDirectory};
use crate::store::writer::Writer;
use crate::store::{Db, Pool, StoreError, sequencer};
use crate::turns::Turns;

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
    /// The epoch of the store.
    pub(crate) epoch: [u8; 16],
    /// How much is done at once.
    pub(crate) turns: Turns,
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
        Ok(Arc::new(Self {
            loader: Loader::start(pool.clone()),
            writer: Writer::start(pool.clone()),
            pool,
            directory,
            keys,
            epoch,
            turns: Turns::new(),
        }))
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
    /// Who failed to sign in lately.
    pub failures: FailedSignIns,
    /// Sessions that ended lately.
    pub ended: EndedSessions,
    /// Files.
    pub blobs: BlobFolder,
    /// The task that makes files durable.
    pub keeper: Keeper,
    /// Folder of the built app.
    pub app: Option<PathBuf>,
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

    /// Reads people, devices and reference data again; what is admitted from now on goes by them.
    pub async fn refresh_directory(&self) -> Result<(), Refusal> {
        let _turn = self.reading.lock().await;
        self.shared.directory.replace(directory::read(&self.pool).await?);
        Ok(())
    }
}
