//! Jobs that are written together: one durable transaction, without those that are stale.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sqlx::{AnyConnection, Connection as _};

use super::audit::Event;
use super::drafts::StoredChange;
use super::feed::NewRow;
use super::integrity::Integrity;
use super::ledger::StoredFact;
use super::quarantine::QuarantineRow;
use super::streams::{StreamKey, StreamRow};
use super::writer::{Projection, WriteJob, Written};
use super::{
    StoreError, audit, blobs, drafts, feed, ledger, numbers, papers, quarantine, rows, set_aside,
    streams,
};

/// Writes jobs; what became of each, and whether a stream is marked for the clerk.
pub(super) async fn write(
    db: &mut AnyConnection,
    jobs: &[&WriteJob],
    integrity: &Integrity,
) -> Result<(Vec<Written>, bool), StoreError> {
    // What jobs were prepared against has hardly ever moved, so the write itself finds out; if it has,
    // nothing was written, and who is stale is asked.
    let trusted = attempt(db, jobs, Versions::Trusted, integrity).await?;
    let (outcomes, plan) = if let Some(done) = trusted {
        done
    } else {
        let asked = attempt(db, jobs, Versions::Asked, integrity).await?;
        asked.ok_or(StoreError::damaged("version"))?
    };
    let pending = plan.streams.values().any(|row| row.pending);
    Ok((outcomes, pending))
}

/// Where the versions come from that jobs are held against.
#[derive(Clone, Copy)]
enum Versions {
    /// From the jobs.
    Trusted,
    /// From the database.
    Asked,
}

/// One transaction; none when something was not as it was trusted to be.
async fn attempt<'a>(
    db: &mut AnyConnection,
    jobs: &[&'a WriteJob],
    versions: Versions,
    integrity: &Integrity,
) -> Result<Option<(Vec<Written>, GroupWrite<'a>)>, StoreError> {
    let mut tx = db.begin().await?;
    // Taking this row first is what makes writers of several replicas wait for one another.
    sqlx::query("UPDATE sequencer SET turn = turn + 1 WHERE id = 1").execute(&mut *tx).await?;
    let expected = jobs.iter().flat_map(|job| &job.expected);
    let known = match versions {
        Versions::Trusted => expected.rev().map(|(key, version)| (*key, *version)).collect(),
        Versions::Asked => {
            let keys: BTreeSet<StreamKey> = expected.map(|(key, _)| *key).collect();
            streams::versions(&mut tx, &keys.into_iter().collect::<Vec<_>>()).await?
        }
    };
    let (outcomes, plan) = plan(&mut tx, jobs, known).await?;
    if !plan.carry_out(&mut tx, integrity).await? {
        tx.rollback().await?;
        return Ok(None);
    }
    tx.commit().await?;
    Ok(Some((outcomes, plan)))
}

/// The rows of all jobs of a group that are not stale.
#[derive(Default)]
struct GroupWrite<'a> {
    /// The versions that everything rests on.
    known: HashMap<StreamKey, i64>,
    /// The streams that jobs were prepared against.
    relied: BTreeSet<StreamKey>,
    streams: BTreeMap<StreamKey, StreamRow>,
    facts: Vec<&'a StoredFact>,
    changes: Vec<&'a StoredChange>,
    feed: Vec<&'a NewRow>,
    quarantined: Vec<&'a QuarantineRow>,
    blobs: Vec<&'a blobs::Expected>,
    audit: Vec<&'a Event>,
    projection: Projection,
}

async fn plan<'a>(
    db: &mut AnyConnection,
    jobs: &[&'a WriteJob],
    known: HashMap<StreamKey, i64>,
) -> Result<(Vec<Written>, GroupWrite<'a>), StoreError> {
    let mut versions = known.clone();
    let mut plan = GroupWrite { known, ..GroupWrite::default() };
    let mut outcomes = Vec::with_capacity(jobs.len());
    for job in jobs {
        let fresh = is_fresh(job, &versions) && claim(db, job).await?;
        outcomes.push(if fresh { Written::Durable } else { Written::Stale });
        if fresh {
            plan.add(job, &mut versions);
        }
    }
    Ok((outcomes, plan))
}

fn is_fresh(job: &WriteJob, versions: &HashMap<StreamKey, i64>) -> bool {
    job.expected
        .iter()
        .all(|(key, version)| versions.get(key).copied().unwrap_or_default() == *version)
}

/// Takes what may be taken once; false when another job took it before.
async fn claim(db: &mut AnyConnection, job: &WriteJob) -> Result<bool, StoreError> {
    for claim in &job.deadlines {
        if numbers::assigned(db, claim).await? {
            return Ok(false);
        }
    }
    if job.clear_projection {
        rows::clear(db).await?;
    }
    for judging in &job.judging {
        if !quarantine::is_waiting(db, judging.item).await? {
            return Ok(false);
        }
    }
    for judging in &job.judging {
        quarantine::judge(db, judging.item, judging.verdict, &judging.decision).await?;
    }
    for number in &job.numbers {
        if !numbers::take(db, number).await? {
            return Ok(false);
        }
    }
    for used in &job.used {
        if !numbers::use_once(db, used).await? {
            return Ok(false);
        }
    }
    for leased in &job.leases {
        numbers::lease(db, leased).await?;
    }
    if let Some(it) = &job.set_aside {
        set_aside::add(db, it).await?;
    }
    for (key, look_at) in &job.postponed {
        streams::postpone(db, *key, *look_at).await?;
    }
    set_aside::clear(db, &job.resumed).await?;
    for claim in &job.deadlines {
        numbers::assign(db, claim).await?;
    }
    Ok(true)
}

impl<'a> GroupWrite<'a> {
    fn add(&mut self, job: &'a WriteJob, versions: &mut HashMap<StreamKey, i64>) {
        self.relied.extend(job.expected.keys());
        // Clearing `pending` leaves the version as it is: no other job depends on it.
        let step = i64::from(!job.facts.is_empty() || !job.changes.is_empty());
        for row in &job.streams {
            let version = versions.entry(row.key).or_default();
            *version += step;
            self.streams.insert(row.key, StreamRow { version: *version, ..row.clone() });
        }
        self.facts.extend(&job.facts);
        self.changes.extend(&job.changes);
        self.feed.extend(&job.feed);
        self.quarantined.extend(&job.quarantined);
        self.blobs.extend(&job.blobs);
        self.audit.extend(&job.audit);
        self.projection.hazards.extend(job.projection.hazards.iter().cloned());
        self.projection.cases.extend(job.projection.cases.iter().cloned());
        self.projection.papers.extend(job.projection.papers.iter().cloned());
    }

    /// Writes everything; false when a stream was not at the version that was known of it.
    async fn carry_out(
        &self,
        db: &mut AnyConnection,
        integrity: &Integrity,
    ) -> Result<bool, StoreError> {
        let known = |key: &StreamKey| self.known.get(key).copied().unwrap_or_default();
        let mut steps: BTreeMap<i64, Vec<&StreamRow>> = BTreeMap::new();
        for row in self.streams.values() {
            steps.entry(row.version - known(&row.key)).or_default().push(row);
        }
        for (step, rows) in steps {
            if !streams::put(db, &rows, step).await? {
                return Ok(false);
            }
        }
        let unwritten = self.relied.iter().filter(|key| !self.streams.contains_key(key));
        let unwritten: Vec<StreamKey> = unwritten.copied().collect();
        let stored = streams::versions(db, &unwritten).await?;
        if unwritten.iter().any(|key| stored.get(key).copied().unwrap_or_default() != known(key)) {
            return Ok(false);
        }
        ledger::add(db, &self.facts, integrity).await?;
        drafts::add(db, &self.changes).await?;
        feed::append(db, &self.feed).await?;
        quarantine::add(db, &self.quarantined).await?;
        blobs::expect(db, &self.blobs).await?;
        for event in &self.audit {
            audit::append(db, integrity, event).await?;
        }
        rows::put_hazards(db, &self.projection.hazards).await?;
        rows::put_cases(db, &self.projection.cases).await?;
        papers::note(db, &self.projection.papers).await?;
        Ok(true)
    }
}
