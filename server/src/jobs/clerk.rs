//! The clerk states what the server owes: notices with their numbers, deadlines. It works from the
//! marks that admission leaves in the same transaction as the facts, so it resumes wherever it was
//! stopped, and several clerks over one store state everything once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::act::notice::DeadlineAssigned;
use sync_core::domain::notice::{DocumentNumber, Notice, NoticeItem, OfficerLine};
use sync_core::id::{DeviceId, Digest, NoticeId, PersonId};
use sync_core::ledger::fact::Stamp;
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::due::{self, Owed};
use sync_core::rules::numbering;
use sync_core::time::{ClockReading, Timestamp};

use crate::admission::dossier::{Dossier, Dossiers};
use crate::admission::load::{self, Loaded};
use crate::auth::keys::Keys;
use crate::clock::ServerClock;
use crate::directory::Directory;
use crate::projection;
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::numbers::{self, DeadlineClaim, NumberClaim};
use crate::store::set_aside::{self, SetAside};
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
        let wait = match next_look(&shared, clock.now()).await {
            Ok(wait) => wait,
            Err(refusal) => {
                tracing::error!(%refusal, "the clerk does not know when to look again");
                LOOK
            }
        };
        tokio::select! {
            changed = pending.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(wait) => {}
        }
        tokio::time::sleep(pause).await;
    }
}

/// How long the clerk waits at the most before it asks whether the time of something has come: the server's clock may
/// be set while it waits.
const LOOK: Duration = Duration::from_mins(1);

/// How long it is until the time of something comes.
async fn next_look(shared: &Shared, now: Timestamp) -> Result<Duration, Refusal> {
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    let Some(at) = streams::next_look(&mut db).await? else { return Ok(LOOK) };
    let left = u64::try_from(at.as_millis().saturating_sub(now.as_millis())).unwrap_or_default();
    Ok(LOOK.min(Duration::from_millis(left)))
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
    let (loaded, last, aside) = {
        let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
        let keys = streams::pending(&mut db, now, BATCH).await?;
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
        let aside = set_aside::list(&mut db, i64::MAX).await?;
        (loaded, last, aside.into_iter().map(|it| it.stream).collect())
    };
    let keys = Arc::clone(&shared.keys);
    let clerk = Clerk { keys, directory, now, entropy, last, aside };
    let jobs = shared.turns.run(move || clerk.work(loaded)).await?;
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
    aside: HashSet<StreamKey>,
}

impl Clerk {
    /// One job for each dossier: what is due, its rows in the lists, and the mark taken away. A dossier for which
    /// something cannot be stated is set aside with the reason and holds up no other one.
    fn work(mut self, loaded: Loaded) -> Vec<WriteJob> {
        one_by_one(loaded).into_iter().filter_map(|loaded| self.look_at(&loaded)).collect()
    }

    fn look_at(&mut self, loaded: &Loaded) -> Option<WriteJob> {
        let numbers = self.last.clone();
        let mut dossiers = Dossiers::open(loaded, self.now);
        let case = &dossiers.cases().next()?.case;
        let due = due::due(case, &self.directory.calendars, self.now);
        let mut job = WriteJob::default();
        let mut owed = due.owed.into_iter();
        let stated = owed.try_for_each(|owed| self.state(owed, &mut dossiers, &mut job));
        if let Err(refusal) = stated {
            // Nothing of what was begun counts: numbers go back, facts were never written.
            self.last = numbers;
            dossiers = Dossiers::open(loaded, self.now);
            job = WriteJob::default();
            let stream = dossiers.cases().next()?.keys().next()?;
            tracing::error!(?stream, %refusal, "a dossier is set aside");
            job.set_aside = Some(SetAside { stream, since: self.now, refusal });
        } else if !self.aside.is_empty() {
            let keys = dossiers.cases().flat_map(Dossier::keys);
            job.resumed = keys.filter(|key| self.aside.contains(key)).collect();
        }
        // What was stated just now may be what time changes next.
        let case = &dossiers.cases().next()?.case;
        dossiers.settle(due::due(case, &self.directory.calendars, self.now).look_again);
        for dossier in dossiers.cases() {
            projection::rows(dossier, &self.directory, &mut job.projection);
        }
        dossiers.close(&mut job, None);
        Some(job)
    }

    fn state(
        &mut self,
        owed: Owed,
        dossiers: &mut Dossiers,
        job: &mut WriteJob,
    ) -> Result<(), Refusal> {
        match owed {
            Owed::Notice(items) => self.issue(items, dossiers, job),
            Owed::Deadline(assigned) => self.assign(assigned, dossiers, job),
        }
    }

    fn issue(
        &mut self,
        items: Vec<NoticeItem>,
        dossiers: &mut Dossiers,
        job: &mut WriteJob,
    ) -> Result<(), Refusal> {
        let plan = dossiers.cases().next().and_then(|it| it.case.plan());
        let Some((stream, plan)) = plan.map(|plan| (plan.about.stream, plan.body.clone())) else {
            return Ok(());
        };
        let number = self.number(&plan.department)?;
        job.numbers.push(NumberClaim {
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
        dossiers.link(StreamKey::from(stream), key);
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
    let Loaded { mut streams, mut facts, .. } = loaded;
    let mut keys: Vec<StreamKey> = streams.keys().copied().collect();
    keys.sort_unstable();
    let mut parts = Vec::new();
    for key in keys {
        let (mut part, mut next) = (Loaded::default(), vec![key]);
        while let Some(key) = next.pop() {
            let Some(row) = streams.remove(&key) else { continue };
            next.extend(row.links.iter().copied());
            part.facts.extend(facts.remove_entry(&key));
            part.streams.insert(key, row);
        }
        if !part.streams.is_empty() {
            parts.push(part);
        }
    }
    parts
}
