//! The clerk states what the server owes: notices with their numbers, deadlines. It works from the
//! marks that admission leaves in the same transaction as the facts, so it resumes wherever it was
//! stopped, and several clerks over one store state everything once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use sync_core::domain::notice::{DocumentNumber, Notice, NoticeItem, OfficerLine};
use sync_core::id::{DeviceId, Digest, NoticeId, PersonId};
use sync_core::ledger::fact::{Fact, Stamp};
use sync_core::ledger::statement::{DeadlineAssigned, Statement};
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::decisions::{self, Due};
use sync_core::rules::numbering;
use sync_core::time::{ClockReading, Timestamp};

use crate::admission::dossier::{DossierKeys, Dossiers};
use crate::admission::load::{self, Loaded};
use crate::auth::keys::Keys;
use crate::clock::ServerClock;
use crate::directory::Directory;
use crate::projection;
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::numbers::{self, DeadlineClaim, NumberClaim};
use crate::store::streams::{self, StreamKey};
use crate::store::writer::{WriteJob, Written};

/// How long exchanges come first, one after the other, before the clerk works beside them.
const PATIENCE: Duration = Duration::from_secs(1);
/// Streams that are looked at together.
const BATCH: i64 = 256;

/// Gives 16 bytes of entropy.
pub type EntropySource = fn() -> Result<[u8; 16], Refusal>;

/// Entropy of the operating system.
pub fn system_entropy() -> Result<[u8; 16], Refusal> {
    use ring::rand::SecureRandom as _;
    let mut bytes = [0; 16];
    ring::rand::SystemRandom::new().fill(&mut bytes).map_err(|_| Refusal::new(Code::ServerBusy))?;
    Ok(bytes)
}

/// States everything that is due and refreshes the rows of the lists. Returns how many facts
/// it stated. Nothing that can be stated is left when it returns.
pub async fn run_once(
    shared: &Shared,
    now: Timestamp,
    entropy: EntropySource,
) -> Result<usize, Refusal> {
    let (mut stated, mut in_vain) = (0, 0);
    while in_vain < IN_VAIN {
        shared.turns.quiet(PATIENCE).await;
        let round = round(shared, now, entropy).await?;
        stated += round.stated;
        if round.looked_at == 0 {
            return Ok(stated);
        }
        in_vain = if round.settled == 0 { in_vain + 1 } else { 0 };
    }
    Err(Refusal::new(Code::ServerBusy))
}

/// Looks at what waits whenever something was written, until the server goes down. Exchanges come
/// first: the clerk waits a moment and until none is running, so that a burst is taken over before.
pub async fn run(shared: Arc<Shared>, clock: ServerClock, pause: Duration) {
    let mut pending = shared.writer.pending();
    loop {
        pending.mark_unchanged();
        if let Err(refusal) = run_once(&shared, clock.now(), system_entropy).await {
            tracing::error!(%refusal, "the clerk could not finish and will try again");
            tokio::time::sleep(pause.max(Duration::from_secs(1))).await;
            continue;
        }
        if pending.changed().await.is_err() {
            return;
        }
        tokio::time::sleep(pause).await;
    }
}

/// Rounds in a row in which everything moved while it was looked at.
const IN_VAIN: usize = 16;

struct Round {
    looked_at: usize,
    settled: usize,
    stated: usize,
}

async fn round(shared: &Shared, now: Timestamp, entropy: EntropySource) -> Result<Round, Refusal> {
    let directory = shared.directory.snapshot();
    let (loaded, last) = {
        let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
        let keys = streams::pending(&mut db, BATCH).await?;
        if keys.is_empty() {
            return Ok(Round { looked_at: 0, settled: 0, stated: 0 });
        }
        let loaded = load::cases(&mut db, &keys, true).await?;
        let year = now.date().year();
        let mut last = HashMap::new();
        for (area, series) in directory.departments.iter().filter_map(|it| it.series.clone()) {
            let serial = numbers::last(&mut db, &area, &series, year).await?;
            last.insert((area, series), serial);
        }
        (loaded, last)
    };
    let clerk = Clerk { keys: Arc::clone(&shared.keys), directory, now, entropy, last };
    let jobs = shared.turns.run(move || clerk.work(loaded)).await??;
    let looked_at = jobs.len();
    let (mut settled, mut stated) = (0, 0);
    // Handed over in order, since numbers follow one another; awaited together, as one group.
    let written = jobs.into_iter().map(|job| async {
        let facts = job.facts.len();
        shared.writer.write(job).await.map(|written| (written, facts))
    });
    for outcome in futures_util::future::join_all(written).await {
        if let (Written::Durable, facts) = outcome? {
            settled += 1;
            stated += facts;
        }
    }
    Ok(Round { looked_at, settled, stated })
}

struct Clerk {
    keys: Arc<Keys>,
    directory: Arc<Directory>,
    now: Timestamp,
    entropy: EntropySource,
    last: HashMap<(String, String), u32>,
}

impl Clerk {
    /// One job for each dossier: what is due, its rows in the lists, and the mark taken away.
    fn work(mut self, loaded: Loaded) -> Result<Vec<WriteJob>, Refusal> {
        let mut jobs = Vec::new();
        for loaded in one_by_one(loaded) {
            let mut dossiers = Dossiers::open(&loaded, self.now);
            let mut job = WriteJob::default();
            let Some((keys, case)) =
                dossiers.cases().next().map(|dossier| (dossier.keys(), &dossier.case))
            else {
                continue;
            };
            for due in decisions::due(case, &self.directory.calendars) {
                self.state(due, &keys, &mut dossiers, &mut job)?;
            }
            dossiers.settle();
            for dossier in dossiers.cases() {
                projection::rows(dossier, &self.directory, &mut job.projection);
            }
            dossiers.close(&mut job, None);
            jobs.push(job);
        }
        Ok(jobs)
    }

    fn state(
        &mut self,
        due: Due,
        keys: &DossierKeys,
        dossiers: &mut Dossiers,
        job: &mut WriteJob,
    ) -> Result<(), Refusal> {
        match due {
            Due::Notice(items) => self.issue(items, keys, dossiers, job),
            Due::Deadline(assigned) => self.assign(assigned, dossiers, job),
        }
    }

    fn issue(
        &mut self,
        items: Vec<NoticeItem>,
        keys: &DossierKeys,
        dossiers: &mut Dossiers,
        job: &mut WriteJob,
    ) -> Result<(), Refusal> {
        let (Some(inspection), None) = (keys.inspection, keys.notice) else { return Ok(()) };
        let Some(plan) = dossiers.case(inspection).plan.as_ref().map(|plan| plan.body.clone())
        else {
            return Ok(());
        };
        let number = match self.number(&plan.department) {
            Ok(number) => number,
            Err(refusal) => {
                // Sealed by a department that may not issue: people have to refer it.
                tracing::warn!(department = %plan.department, %refusal, "no notice is issued");
                return Ok(());
            }
        };
        job.number = Some(NumberClaim {
            area: number.area.clone(),
            series: number.series.clone(),
            year: number.year,
            serial: number.serial,
        });
        let notice = Notice {
            id: NoticeId::from_entropy((self.entropy)()?),
            number,
            enterprise: plan.enterprise,
            department: plan.department,
            officers: plan.team.iter().filter_map(|id| self.officer(*id)).collect(),
            issued_on: self.now.date(),
            items,
        };
        let key = StreamKey::notice(notice.id);
        dossiers.link(inspection, key);
        self.add(Statement::NoticeIssued(notice), key, dossiers).map(drop)
    }

    fn number(
        &mut self,
        department: &sync_core::id::DepartmentId,
    ) -> Result<DocumentNumber, Refusal> {
        let department =
            self.directory.department(department).ok_or(Refusal::new(Code::DepartmentNoPower))?;
        let series = department.series.clone().ok_or(Refusal::new(Code::DepartmentNoPower))?;
        let last = self.last.entry(series).or_default();
        let number = numbering::next(department, self.now.date(), *last)?;
        *last = number.serial;
        Ok(number)
    }

    fn officer(&self, id: PersonId) -> Option<OfficerLine> {
        let person = self.directory.persons.get(&id)?;
        let certificate = person.certificate.clone()?;
        Some(OfficerLine { id, name: person.name.clone(), certificate })
    }

    fn assign(
        &self,
        assigned: DeadlineAssigned,
        dossiers: &mut Dossiers,
        job: &mut WriteJob,
    ) -> Result<(), Refusal> {
        let (hazard, cause) = (assigned.hazard, assigned.cause);
        let key = StreamKey::notice(assigned.notice);
        let fact = self.add(Statement::DeadlineAssigned(assigned), key, dossiers)?;
        job.deadlines.push(DeadlineClaim { hazard, cause, fact });
        Ok(())
    }

    /// Signs a statement of the server and adds it to its stream. The server's facts are numbered
    /// by their places and name the fact before them in the same stream: a chain of the server as
    /// a whole would tell every reader how busy it is with others.
    fn add(
        &self,
        statement: Statement,
        key: StreamKey,
        dossiers: &mut Dossiers,
    ) -> Result<Digest, Refusal> {
        let (place, prev) = dossiers.end(key);
        let (author, device) = identity(&self.keys);
        let clock = ClockReading { wall: self.now, monotonic_ms: 0, boot: [0; 8], beacon: None };
        let stamp = Stamp { author, device, seq: place + 1, prev, clock };
        let fact = Fact::state(statement, stamp, self.keys.as_ref())?;
        dossiers.add(key, &fact);
        Ok(fact.id)
    }
}

/// Under which ids the server states: they follow from its public key.
#[must_use]
pub fn identity(keys: &Keys) -> (PersonId, DeviceId) {
    let digest = Digest::of(&keys.public_key());
    let mut id = [0; 16];
    for (to, from) in id.iter_mut().zip(digest.as_bytes().iter().skip(1)) {
        *to = *from;
    }
    (PersonId::from_entropy(id), DeviceId::from_entropy(id))
}

/// Takes what was loaded apart, one part for each dossier, in the order of their keys.
fn one_by_one(loaded: Loaded) -> Vec<Loaded> {
    let Loaded { streams, mut facts, .. } = loaded;
    let mut parts: BTreeMap<StreamKey, Loaded> = BTreeMap::new();
    for (key, row) in streams {
        let root = row.linked.map_or(key, |linked| linked.min(key));
        let part = parts.entry(root).or_default();
        part.facts.extend(facts.remove_entry(&key));
        part.streams.insert(key, row);
    }
    parts.into_values().collect()
}
