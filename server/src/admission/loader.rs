//! The one task that loads what pushes are judged against. Pushes that wait are loaded together, so
//! that a crowd asks the database as often as a few devices do.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::load::{self, Loaded, Sources};
use super::receive::Received;
use crate::store::{Pool, StoreError};

type LoadedReply = oneshot::Sender<Result<Loaded, StoreError>>;

/// Hands pushes to the loading task.
#[derive(Clone, Debug)]
pub struct Loader {
    pushes: mpsc::Sender<(Arc<Received>, LoadedReply)>,
}

/// Pushes that are loaded together. More wait only where turns are many.
const GROUP: usize = 16;

impl Loader {
    /// Starts the task; it ends when the last handle is gone.
    #[must_use]
    pub fn start(pool: Pool, sources: Sources) -> Self {
        let (pushes, waiting) = mpsc::channel(GROUP);
        tokio::spawn(run(pool, sources, waiting));
        Self { pushes }
    }

    /// Loads what a push touches.
    ///
    /// # Errors
    /// What the queries fail with; [`StoreError::Stopped`] when the server is going down.
    pub async fn load(&self, push: Arc<Received>) -> Result<Loaded, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.pushes.send((push, reply)).await.map_err(|_| StoreError::Stopped)?;
        answer.await.map_err(|_| StoreError::Stopped)?
    }
}

async fn run(
    pool: Pool,
    sources: Sources,
    mut waiting: mpsc::Receiver<(Arc<Received>, LoadedReply)>,
) {
    let mut group = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        let pushes: Vec<&Received> = group.iter().map(|(push, _)| &**push).collect();
        let loaded = match load(&pool, &pushes, &sources).await {
            Ok(loaded) => loaded.into_iter().map(Ok).collect(),
            // What one push touches and cannot be read must not stop its neighbours.
            Err(_) if pushes.len() > 1 => {
                let mut loaded = Vec::with_capacity(pushes.len());
                for push in pushes {
                    let one = load(&pool, &[push], &sources).await;
                    loaded
                        .push(one.and_then(|it| it.into_iter().next().ok_or(StoreError::Stopped)));
                }
                loaded
            }
            Err(error) => vec![Err(error)],
        };
        for ((_, reply), loaded) in group.drain(..).zip(loaded) {
            // Whoever asked may be gone.
            let _ = reply.send(loaded);
        }
    }
}

async fn load(
    pool: &Pool,
    pushes: &[&Received],
    sources: &Sources,
) -> Result<Vec<Loaded>, StoreError> {
    let mut db = pool.acquire().await?;
    load::pushes(&mut db, pushes, sources).await
}
