//! The running server: what belongs together, started and stopped.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sync_core::domain::catalogue::Catalogue;
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::codec;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::admission::registry::{Picture, Registry};
use crate::blobstore::{BlobFolder, Keeper};
use crate::clock::Clock;
use crate::http::serve::{Bounds, serve};
use crate::jobs::clerk;
use crate::store::{self, Db, Pool, StoreError, accounts, devices, files, sessions};
use crate::usecase::exchange::Exchange;
use crate::usecase::keys::Keys;
use crate::usecase::session::{Ended, Failures};
use crate::usecase::tokens::{self, Tokens};
use crate::{config, http};

/// How long the clerk lets a burst of exchanges go first.
const CLERK_PAUSE: Duration = Duration::from_millis(50);

/// How to start.
#[derive(Clone, Debug)]
pub struct Options {
    /// Folder of the database, the files and the keys.
    pub data: PathBuf,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Where the time comes from.
    pub clock: Clock,
    /// Folder of the built app; none serves the interface alone.
    pub app: Option<PathBuf>,
}

impl Options {
    /// Data folder and address, with the machine's clock.
    #[must_use]
    pub const fn new(data: PathBuf, listen: SocketAddr) -> Self {
        Self { data, listen, clock: Clock::System, app: None }
    }
}

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A file or the network.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// Something stored or given cannot be used.
    #[error("{0}")]
    Refused(#[from] Refusal),
}

/// What every request can reach.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// The parts of the server.
#[derive(Debug)]
pub struct Parts {
    /// Where the time comes from.
    pub clock: Clock,
    /// Connections to the database.
    pub pool: Pool,
    /// The exchange with people, devices, writer and keys.
    pub exchange: Arc<Exchange>,
    /// Keys of sessions.
    pub tokens: Tokens,
    /// Who failed to sign in lately.
    pub failures: Failures,
    /// Sessions that ended lately.
    pub ended: Ended,
    /// Files.
    pub blobs: BlobFolder,
    /// The task that makes files durable.
    pub keeper: Keeper,
    /// Folder of the built app.
    pub app: Option<PathBuf>,
    /// Ends what goes on beside requests.
    pub stopping: CancellationToken,
    tasks: TaskTracker,
    /// Pictures replace one another in the order in which they were read.
    reading: tokio::sync::Mutex<()>,
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
    pub async fn refresh_picture(&self) -> Result<(), Refusal> {
        let _turn = self.reading.lock().await;
        self.exchange.registry.replace(picture(&self.pool).await?);
        Ok(())
    }
}

async fn picture(pool: &Pool) -> Result<Picture, Refusal> {
    let mut db = pool.acquire().await.map_err(|_| Refusal::new(Code::StorageFailed))?;
    let persons = accounts::all(&mut db).await?.into_iter().map(|it| it.person);
    let known = devices::all(&mut db).await?.into_iter().map(|it| it.device);
    let read = |bytes: Option<Vec<u8>>| match bytes {
        Some(bytes) => codec::from_slice::<Catalogue>(&bytes),
        None => Ok(Catalogue::default()),
    };
    let staff = read(files::catalogue(&mut db, "staff").await?)?;
    let public = read(files::catalogue(&mut db, "public").await?)?;
    Ok(Picture::new(persons, known, &staff, &public))
}

/// A server that runs.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What requests reach.
    pub app: App,
    serving: tokio::task::JoinHandle<()>,
}

impl Running {
    /// Ends requests in progress gracefully, then everything else.
    pub async fn stop(self) {
        self.app.stopping.cancel();
        self.app.tasks.close();
        if let Err(error) = self.serving.await {
            tracing::error!(%error, "the server ended badly");
        }
        self.app.tasks.wait().await;
        self.app.pool.close().await;
    }
}

/// Opens the data folder and starts to serve.
pub async fn start(options: Options) -> Result<Running, StartError> {
    let app = open(&options).await?;
    let listener = tokio::net::TcpListener::bind(options.listen).await.map_err(|error| {
        std::io::Error::new(error.kind(), format!("{}: {error}", options.listen))
    })?;
    let address = listener.local_addr()?;
    let router = http::router(app.clone());
    let stopping = app.stopping.clone();
    let serving = tokio::spawn(serve(listener, router, Bounds::default(), stopping));
    let (exchange, clock, stopping) =
        (Arc::clone(&app.exchange), app.clock.clone(), app.stopping.clone());
    app.tasks.spawn(async move {
        tokio::select! {
            () = clerk::run(exchange, clock, CLERK_PAUSE) => {}
            () = stopping.cancelled() => {}
        }
    });
    tracing::info!(%address, "serving");
    Ok(Running { address, app, serving })
}

async fn open(options: &Options) -> Result<App, StartError> {
    std::fs::create_dir_all(&options.data)?;
    let secret = config::secret(&options.data)?;
    let pool = store::open(&options.data).await?;
    let registry = Arc::new(Registry::new(picture(&pool).await?));
    let keys = Arc::new(Keys::derive(&secret)?);
    let exchange = Exchange::open(pool.clone(), registry, keys, config::entropy()?).await?;
    let blobs = BlobFolder::open(&options.data.join("blobs"))?;
    let keeper = Keeper::start(blobs.clone(), pool.clone(), options.clock.clone()).await?;
    let ended = Ended::default();
    {
        let mut db = exchange.pool.acquire().await.map_err(StoreError::from)?;
        let now = options.clock.now();
        let since = now.plus_millis(-tokens::ACCESS_MS - tokens::GRACE_MS);
        ended.note(&sessions::revoked_since(&mut db, since).await?, now);
    }
    Ok(App(Arc::new(Parts {
        clock: options.clock.clone(),
        app: options.app.clone(),
        pool,
        exchange,
        tokens: Tokens::derive(&secret),
        failures: Failures::default(),
        ended,
        blobs,
        keeper,
        stopping: CancellationToken::new(),
        tasks: TaskTracker::new(),
        reading: tokio::sync::Mutex::new(()),
    })))
}

/// Names a new life of the store after it was restored from a backup.
pub async fn restored(data: PathBuf) -> Result<(), StartError> {
    let pool = store::open(&data).await?;
    let mut db = pool.acquire().await.map_err(StoreError::from)?;
    store::sequencer::begin_epoch(&mut db, config::entropy()?).await?;
    Ok(())
}
