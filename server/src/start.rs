//! Starts and stops the server: the only place that knows all of its parts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::auth::attempts::FailedSignIns;
use crate::auth::ended::EndedSessions;
use crate::auth::keys::Keys;
use crate::auth::tokens::{self, Tokens};
use crate::blobstore::{BlobFolder, Keeper};
use crate::clock::ServerClock;
use crate::directory::CurrentDirectory;
use crate::error::CommandError;
use crate::http::serve::{Bounds, serve};
use crate::jobs::clerk;
use crate::state::{App, Parts, Shared};
use crate::store::{self, StoreError, sessions};
use crate::{config, directory, http};

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
    pub clock: ServerClock,
    /// Folder of the built app; none serves the interface alone.
    pub app: Option<PathBuf>,
}

impl Options {
    /// Data folder and address, with the machine's clock.
    #[must_use]
    pub const fn new(data: PathBuf, listen: SocketAddr) -> Self {
        Self { data, listen, clock: ServerClock::System, app: None }
    }
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
pub async fn start(options: Options) -> Result<Running, CommandError> {
    let app = open(&options).await?;
    let listener = tokio::net::TcpListener::bind(options.listen).await.map_err(|error| {
        std::io::Error::new(error.kind(), format!("{}: {error}", options.listen))
    })?;
    let address = listener.local_addr()?;
    let router = http::router(app.clone());
    let stopping = app.stopping.clone();
    let serving = tokio::spawn(serve(listener, router, Bounds::default(), stopping));
    let (shared, clock, stopping) =
        (Arc::clone(&app.shared), app.clock.clone(), app.stopping.clone());
    app.tasks.spawn(async move {
        tokio::select! {
            () = clerk::run(shared, clock, CLERK_PAUSE) => {}
            () = stopping.cancelled() => {}
        }
    });
    tracing::info!(%address, "serving");
    Ok(Running { address, app, serving })
}

async fn open(options: &Options) -> Result<App, CommandError> {
    std::fs::create_dir_all(&options.data)?;
    let secret = config::secret(&options.data)?;
    let pool = store::open(&options.data).await?;
    let directory = Arc::new(CurrentDirectory::new(directory::read(&pool).await?));
    let keys = Arc::new(Keys::derive(&secret)?);
    let shared = Shared::open(pool.clone(), directory, keys, config::entropy()?).await?;
    let blobs = BlobFolder::open(&options.data.join("blobs"))?;
    let keeper = Keeper::start(blobs.clone(), pool.clone(), options.clock.clone()).await?;
    let ended = EndedSessions::default();
    {
        let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
        let now = options.clock.now();
        let since = now.plus_millis(-tokens::ACCESS_MS - tokens::GRACE_MS);
        ended.note(&sessions::revoked_since(&mut db, since).await?, now);
    }
    Ok(App(Arc::new(Parts {
        clock: options.clock.clone(),
        app: options.app.clone(),
        pool,
        shared,
        tokens: Tokens::derive(&secret),
        failures: FailedSignIns::default(),
        ended,
        blobs,
        keeper,
        stopping: CancellationToken::new(),
        tasks: TaskTracker::new(),
        reading: tokio::sync::Mutex::new(()),
    })))
}

/// Starts a new epoch after a restore.
pub async fn restored(data: PathBuf) -> Result<(), CommandError> {
    let pool = store::open(&data).await?;
    let mut db = pool.acquire().await.map_err(StoreError::from)?;
    store::sequencer::begin_epoch(&mut db, config::entropy()?).await?;
    Ok(())
}
