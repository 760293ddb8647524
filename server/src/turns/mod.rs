//! How much is done at once, and who goes first.

pub mod shares;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sync_core::id::PersonId;
use sync_core::refusal::{Code, Refusal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit, watch};

/// Exchanges that may wait for the database beside those that keep the cores busy.
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

    /// Counts an exchange until the returned value is dropped.
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

/// Who has a report computed: one at a time, and nobody keeps many waiting.
#[derive(Debug)]
pub(crate) struct Reporting {
    free: Semaphore,
    asking: Mutex<HashMap<PersonId, usize>>,
}

/// Reports that one person may have waiting and computed at once.
const EACH: usize = 4;

impl Reporting {
    pub(crate) fn new() -> Self {
        Self { free: Semaphore::new(1), asking: Mutex::new(HashMap::new()) }
    }

    /// Waits for the turn of a person. Whoever waits for several already has to ask again later.
    pub(crate) async fn turn(&self, person: PersonId) -> Result<ReportTurn<'_>, Refusal> {
        let place = self.place(person)?;
        let free = self.free.acquire().await.map_err(|_| Refusal::new(Code::ServerBusy))?;
        Ok(ReportTurn { _free: free, _place: place })
    }

    fn place(&self, person: PersonId) -> Result<Place<'_>, Refusal> {
        let mut asking = self.asking();
        let count = asking.entry(person).or_default();
        if *count >= EACH {
            return Err(Refusal::new(Code::RateLimited));
        }
        *count += 1;
        Ok(Place { reporting: self, person })
    }

    fn asking(&self) -> MutexGuard<'_, HashMap<PersonId, usize>> {
        self.asking.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The turn of a person, until it is dropped.
pub(crate) struct ReportTurn<'a> {
    _free: SemaphorePermit<'a>,
    _place: Place<'a>,
}

/// One of the places that a person may take.
struct Place<'a> {
    reporting: &'a Reporting,
    person: PersonId,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut asking = self.reporting.asking();
        let left = asking.get_mut(&self.person).map(|count| {
            *count = count.saturating_sub(1);
            *count
        });
        if left == Some(0) {
            asking.remove(&self.person);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EACH, Reporting};
    use sync_core::id::PersonId;
    use sync_core::refusal::Code;

    #[tokio::test]
    async fn whoever_has_many_reports_waiting_has_to_ask_later_and_others_have_their_turn() {
        let (one, other) = (PersonId::from_entropy([1; 16]), PersonId::from_entropy([2; 16]));
        let reporting = Reporting::new();
        let first = reporting.turn(one).await.unwrap();
        let waiting: Vec<_> = (1..EACH).map(|_| reporting.place(one).unwrap()).collect();
        let refused = reporting.turn(one).await.err().map(|refusal| refusal.code);
        assert_eq!(refused, Some(Code::RateLimited));
        drop(first);
        drop(reporting.turn(other).await.unwrap());
        drop(waiting);
        assert!(reporting.turn(one).await.is_ok());
        assert!(reporting.asking().is_empty());
    }
}
