//! How much is done at once, and who goes first.

use std::sync::Arc;
use std::time::Duration;

use sync_core::refusal::{Code, Refusal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Exchanges beside those that keep the cores busy: they wait for the database, together.
const LOADING: usize = 4;

/// Turns of exchanges and of other work that keeps a core busy.
#[derive(Debug)]
pub(crate) struct Turns {
    free: Arc<Semaphore>,
    running: watch::Sender<usize>,
}

impl Turns {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { free: Arc::new(Semaphore::new(cores + LOADING)), running: watch::Sender::new(0) }
    }

    /// Waits for a turn. Turns are given in the order in which they were asked for.
    pub(crate) async fn take(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        let free = Arc::clone(&self.free);
        free.acquire_owned().await.map_err(|_| Refusal::new(Code::ServerBusy))
    }

    /// Runs work that keeps a core busy beside the tasks, when it is its turn.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let turn = self.take().await?;
        computed(false, move || {
            let _turn = turn;
            work()
        })
        .await
    }

    /// Counts an exchange as long as what is returned lives.
    pub(crate) fn running(&self) -> RunningExchange<'_> {
        self.running.send_modify(|count| *count += 1);
        RunningExchange(&self.running)
    }

    /// Waits until no exchange is running, but not for ever.
    pub(crate) async fn quiet(&self, at_most: Duration) {
        let mut running = self.running.subscribe();
        // A timeout is fine: the clerk only prefers to wait.
        let _ = tokio::time::timeout(at_most, running.wait_for(|count| *count == 0)).await;
    }
}

/// An exchange that is running.
pub(crate) struct RunningExchange<'a>(&'a watch::Sender<usize>);

impl Drop for RunningExchange<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

/// Runs work that keeps a core busy: short work at once, since handing it over would cost as much,
/// and long work beside the tasks, so that no other request waits for it.
pub(crate) async fn computed<T: Send + 'static>(
    short: bool,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Refusal> {
    if short {
        return Ok(work());
    }
    tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::new(Code::ServerBusy))
}
