//! The one task that writes. It takes everything that waits and has it written as one group.

use std::collections::BTreeMap;

use sqlx::{AnyConnection, AnyPool, Connection as _};
use sync_core::id::Digest;
use sync_core::time::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::audit::Event;
use super::drafts::StoredChange;
use super::feed::NewRow;
use super::integrity::Integrity;
use super::ledger::StoredFact;
use super::numbers::{DeadlineClaim, LeasedBlock, NumberClaim, NumberUse};
use super::papers::GivenPaper;
use super::quarantine::{QuarantineRow, Ruling, Verdict};
use super::rows::{ProjectedCase, ProjectedHazard};
use super::set_aside::SetAside;
use super::streams::{StreamKey, StreamRow};
use super::{StoreError, blobs, group, open};

/// A judgement that a write carries out.
#[derive(Clone, Debug)]
pub struct Judging {
    /// The item.
    pub item: Digest,
    /// What becomes of it.
    pub verdict: Verdict,
    /// Who, when, why.
    pub decision: Ruling,
}

/// Everything that one exchange, one judgement or one decision of the clerk writes.
#[derive(Clone, Debug, Default)]
pub struct WriteJob {
    /// Versions of the streams that the job was prepared against, 0 for one not stored yet.
    pub expected: BTreeMap<StreamKey, i64>,
    /// The streams as they are afterwards. Their versions are given by the writer.
    pub streams: Vec<StreamRow>,
    /// New facts.
    pub facts: Vec<StoredFact>,
    /// New changes.
    pub changes: Vec<StoredChange>,
    /// New rows of feeds.
    pub feed: Vec<NewRow>,
    /// Items that rules cannot place.
    pub quarantined: Vec<QuarantineRow>,
    /// Judgements of items in quarantine: all of them or none.
    pub judging: Vec<Judging>,
    /// Document numbers that are taken.
    pub numbers: Vec<NumberClaim>,
    /// Blocks of them that are leased to devices.
    pub leases: Vec<LeasedBlock>,
    /// Numbers of leased blocks that papers carry.
    pub used: Vec<NumberUse>,
    /// A dossier for which the server cannot state what it owes.
    pub set_aside: Option<SetAside>,
    /// Streams of a dossier that cannot be read or written, and when the clerk looks at them again.
    pub postponed: Vec<(StreamKey, Timestamp)>,
    /// Dossiers that are not set aside any more.
    pub resumed: Vec<StreamKey>,
    /// Deadlines that are assigned.
    pub deadlines: Vec<DeadlineClaim>,
    /// Files that the new facts announce.
    pub blobs: Vec<blobs::Expected>,
    /// Events of security that the job is.
    pub audit: Vec<Event>,
    /// Rows of the lists that follow from the streams as they were looked at.
    pub projection: Projection,
    /// Whether the rows of the lists are deleted first.
    pub clear_projection: bool,
}

/// Rows of the lists.
#[derive(Clone, Debug, Default)]
pub struct Projection {
    /// Hazards.
    pub hazards: Vec<ProjectedHazard>,
    /// Visits.
    pub cases: Vec<ProjectedCase>,
    /// Papers as they are now; those of before stay known.
    pub papers: Vec<GivenPaper>,
}

impl WriteJob {
    fn rows(&self) -> usize {
        self.streams.len() + self.facts.len() + self.changes.len() + self.feed.len()
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Projection { hazards, cases, papers } = &self.projection;
        self.rows() == 0
            && self.quarantined.is_empty()
            && self.judging.is_empty()
            && self.numbers.is_empty()
            && self.leases.is_empty()
            && self.used.is_empty()
            && self.set_aside.is_none()
            && self.postponed.is_empty()
            && self.resumed.is_empty()
            && self.deadlines.is_empty()
            && self.blobs.is_empty()
            && self.audit.is_empty()
            && hazards.is_empty()
            && cases.is_empty()
            && papers.is_empty()
            && !self.clear_projection
    }
}

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is on disk.
    Durable,
    /// Something it was prepared against has moved; nothing of it was written.
    Stale,
}

type WrittenReply = oneshot::Sender<Result<Written, StoreError>>;

/// Hands jobs to the writer task.
#[derive(Clone, Debug)]
pub struct Writer {
    jobs: mpsc::Sender<(WriteJob, WrittenReply)>,
    pending: watch::Sender<()>,
    stopping: CancellationToken,
    task: TaskTracker,
}

/// Jobs that may wait; more have to wait before they are handed over.
const WAITING: usize = 1_024;
/// Jobs in one transaction.
const GROUP: usize = 256;
/// Rows in the log of the database that are worth moving when nobody waits.
const LOG_ROWS: usize = 1_000;
/// Rows in the log that are moved even while someone waits.
const LOG_ROWS_AT_MOST: usize = 50_000;

impl Writer {
    /// Starts the writer task; it ends when it is told to or the last handle is gone, and all jobs are done.
    #[must_use]
    pub fn start(pool: AnyPool, integrity: Integrity) -> Self {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let pending = watch::Sender::new(());
        let connection = WriterConnection { pool, integrity, db: None, pending: pending.clone() };
        let (stopping, task) = (CancellationToken::new(), TaskTracker::new());
        task.spawn(run(connection, waiting, stopping.clone()));
        task.close();
        Self { jobs, pending, stopping, task }
    }

    /// Does what was handed over, takes nothing more, and gives up its connection: whoever closes the pool afterwards
    /// leaves a database without a log beside it.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.task.wait().await;
    }

    /// Writes a job. When this returns `Durable` it is on disk. The job is done even if the caller
    /// does not wait for the answer.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses the write, [`StoreError::Stopped`] when the server is going
    /// down.
    pub async fn write(&self, job: WriteJob) -> Result<Written, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send((job, reply)).await.map_err(|_| StoreError::Stopped)?;
        answer.await.map_err(|_| StoreError::Stopped)?
    }

    /// Changes with every commit that leaves a stream marked for the clerk.
    #[must_use]
    pub fn pending(&self) -> watch::Receiver<()> {
        self.pending.subscribe()
    }
}

async fn run(
    mut connection: WriterConnection,
    mut waiting: mpsc::Receiver<(WriteJob, WrittenReply)>,
    stopping: CancellationToken,
) {
    let mut group = Vec::with_capacity(GROUP);
    let mut logged = 0;
    loop {
        tokio::select! {
            biased;
            () = stopping.cancelled(), if !waiting.is_closed() => {
                waiting.close();
                continue;
            }
            received = waiting.recv_many(&mut group, GROUP) => {
                if received == 0 {
                    break;
                }
            }
        }
        let jobs: Vec<&WriteJob> = group.iter().map(|(job, _)| job).collect();
        let outcomes = match connection.write(&jobs).await {
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
            // One bad job must not take its neighbours with it.
            Err(_) if jobs.len() > 1 => {
                let mut outcomes = Vec::with_capacity(jobs.len());
                for job in &jobs {
                    let written = connection.write(&[job]).await;
                    outcomes.push(
                        written.and_then(|it| it.first().copied().ok_or(StoreError::Stopped)),
                    );
                }
                outcomes
            }
            Err(error) => vec![Err(error)],
        };
        logged += jobs.iter().map(|job| job.rows()).sum::<usize>();
        for ((_, reply), outcome) in group.drain(..).zip(outcomes) {
            if let Err(error) = &outcome {
                tracing::error!(%error, "a write failed");
            }
            // Whoever asked may be gone; the work is done all the same.
            let _ = reply.send(outcome);
        }
        if logged > LOG_ROWS && (waiting.is_empty() || logged > LOG_ROWS_AT_MOST) {
            if let Err(error) = connection.move_log().await {
                tracing::warn!(%error, "the log stays as it is");
            }
            logged = 0;
        }
    }
    connection.close().await;
}

/// The writer's own connection: what it wrote last is still in its memory, and its statements stay
/// prepared. It is no part of the pool, which therefore can be closed while the writer waits for work.
struct WriterConnection {
    pool: AnyPool,
    integrity: Integrity,
    db: Option<AnyConnection>,
    pending: watch::Sender<()>,
}

impl WriterConnection {
    async fn write(&mut self, jobs: &[&WriteJob]) -> Result<Vec<Written>, StoreError> {
        let mut db = self.take().await?;
        let (outcomes, pending) = group::write(&mut db, jobs, &self.integrity).await?;
        if pending {
            self.pending.send_replace(());
        }
        // After a failure it is given up, and the next job gets a new one.
        self.db = Some(db);
        Ok(outcomes)
    }

    async fn move_log(&mut self) -> Result<(), StoreError> {
        let mut db = self.take().await?;
        open::move_log(&mut db).await?;
        self.db = Some(db);
        Ok(())
    }

    async fn close(self) {
        if let Some(db) = self.db
            && let Err(error) = db.close().await
        {
            tracing::warn!(%error, "the writer's connection ended badly");
        }
    }

    async fn take(&mut self) -> Result<AnyConnection, StoreError> {
        match self.db.take() {
            Some(db) => Ok(db),
            None => Ok(self.pool.acquire().await?.detach()),
        }
    }
}
