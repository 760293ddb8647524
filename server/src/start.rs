//! Starts and stops the server: the only place that knows all of its parts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::auth::attempts::Attempts;
use crate::auth::ended::EndedSessions;
use crate::auth::keys::Keys;
use crate::auth::tokens::{self, Tokens};
use crate::blobstore::{BlobFolder, Keeper};
use crate::clock::ServerClock;
use crate::directory::CurrentDirectory;
use crate::error::CommandError;
use crate::http::serve::{Bounds, serve};
use crate::jobs::{clerk, mending, sealing};
use crate::state::{App, Parts, Shared};
use crate::store::{self, StoreError, sessions};
use crate::turns::shares::{Shares, Sharing};
use crate::usecase::{case_file, look_at, papers};
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
    /// Address at which everybody reaches the server; the one it listens on unless said.
    pub public_address: Option<String>,
    /// Proxies whose word about the address of a caller counts.
    pub trusted_proxies: Vec<IpNet>,
    /// What connections may take.
    pub bounds: Bounds,
    /// What each person or address may take at once.
    pub shares: Shares,
}

impl Options {
    /// Data folder and address, with the machine's clock.
    #[must_use]
    pub fn new(data: PathBuf, listen: SocketAddr) -> Self {
        Self {
            data,
            listen,
            clock: ServerClock::System,
            app: None,
            public_address: None,
            trusted_proxies: Vec::new(),
            bounds: Bounds::default(),
            shares: Shares::default(),
        }
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
        self.app.shared.writer.stop().await;
        self.app.pool.close().await;
    }
}

/// Opens the data folder and starts to serve.
///
/// # Errors
/// `CommandError` when folder, secret, database or address cannot be had.
pub async fn start(options: Options) -> Result<Running, CommandError> {
    let listener = tokio::net::TcpListener::bind(options.listen).await.map_err(|error| {
        std::io::Error::new(error.kind(), format!("{}: {error}", options.listen))
    })?;
    let address = listener.local_addr()?;
    let app = open(&options, address).await?;
    let router = http::router(app.clone());
    let stopping = app.stopping.clone();
    let serving =
        tokio::spawn(serve(listener, router, (options.bounds, options.trusted_proxies), stopping));
    let (shared, clock, stopping) =
        (Arc::clone(&app.shared), app.clock.clone(), app.stopping.clone());
    app.tasks.spawn(async move {
        tokio::select! {
            () = clerk::run(shared, clock, CLERK_PAUSE) => {}
            () = stopping.cancelled() => {}
        }
    });
    let (shared, stopping) = (Arc::clone(&app.shared), app.stopping.clone());
    app.tasks.spawn(async move {
        tokio::select! {
            looked = mending::look(&shared) => match looked {
                Ok(0) => {}
                Ok(found) => tracing::error!(found, "streams are not what they were"),
                Err(error) => tracing::error!(%error, "streams could not be looked at"),
            },
            () = stopping.cancelled() => {}
        }
    });
    let (looking, stopping) = (app.clone(), app.stopping.clone());
    app.tasks.spawn(async move {
        tokio::select! {
            () = look_at::run(looking) => {}
            () = stopping.cancelled() => {}
        }
    });
    tracing::info!(%address, "serving");
    Ok(Running { address, app, serving })
}

/// Opens the data folder and puts the parts together: what requests reach, without a listener and without the clerk.
///
/// # Errors
/// `CommandError` when folder, secret or database cannot be had.
pub async fn open(options: &Options, address: SocketAddr) -> Result<App, CommandError> {
    std::fs::create_dir_all(&options.data)?;
    let secret = config::secret(&options.data)?;
    let pool = store::open(&options.data).await?;
    let directory = Arc::new(CurrentDirectory::new(directory::read(&pool).await?));
    let keys = Arc::new(Keys::derive(&secret)?);
    let shared = Shared::open(pool.clone(), directory, keys, config::entropy()?).await?;
    // Nobody else has set them: this is the first use.
    let _ = shared.shares.set(options.shares);
    let blobs = BlobFolder::open(&options.data.join("blobs"))?;
    let keeper = {
        let (pool, unnoted) = (pool.clone(), shared.unnoted.clone());
        Keeper::start(blobs.clone(), pool, options.clock.clone(), unnoted).await?
    };
    sealing::seal_older(&shared, options.clock.now()).await?;
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
        public_address: options.public_address.clone().unwrap_or(format!("http://{address}")),
        trusted_proxies: options.trusted_proxies.clone(),
        sharing: Sharing::new(options.shares),
        pool,
        shared,
        tokens: Tokens::derive(&secret),
        attempts: Attempts::default(),
        ended,
        blobs,
        keeper,
        stopping: CancellationToken::new(),
        tasks: TaskTracker::new(),
        reading: tokio::sync::Mutex::new(()),
    })))
}

/// Writes the case of a visit into a file.
///
/// # Errors
/// `CommandError` when the database cannot be opened, there is no such visit, or the file is there or cannot be written.
pub async fn case_file(asked: config::Casefile) -> Result<(), CommandError> {
    let data = &asked.data.data;
    let pool = store::open(data).await?;
    let directory = Arc::new(CurrentDirectory::new(directory::read(&pool).await?));
    let keys = Arc::new(Keys::derive(&config::secret(data)?)?);
    let shared = Shared::open(pool, directory, keys, config::entropy()?).await?;
    let blobs = BlobFolder::open(&data.join("blobs"))?;
    let server = asked.public_address.as_deref();
    let whole = papers::Maker { shared: &shared, blobs: &blobs, server };
    let now = ServerClock::System.now();
    let mut file = config::private_file(&asked.file)?;
    let auditor = case_file::auditor(now);
    case_file::write(&whole, &auditor, asked.inspection, now, &mut file).await?;
    shared.pool.close().await;
    Ok(file.sync_all()?)
}

/// Starts a new epoch after a restore.
///
/// # Errors
/// `CommandError` when the database cannot be opened or written.
pub async fn restored(data: PathBuf) -> Result<(), CommandError> {
    let pool = store::open(&data).await?;
    let mut db = pool.acquire().await.map_err(StoreError::from)?;
    store::sequencer::begin_epoch(&mut db, config::entropy()?).await?;
    drop(db);
    pool.close().await;
    Ok(())
}
