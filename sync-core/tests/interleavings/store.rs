//! A small model of the server's store: what is written together, over which versions, and what may be taken once.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::Refusal;
use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::case::Case;
use sync_core::case::fold::extend;
use sync_core::id::{DeviceId, FactId, HazardId, PersonId};
use sync_core::ledger::fact::{Signer, Stamp, Suite};
use sync_core::ledger::receipt::Receipt;
use sync_core::ledger::stream::StreamId;
use sync_core::testing::builders::VISIT_STREAM;
use sync_core::time::{SignedClock, Timestamp};

/// Nobody reads the signatures of a model.
pub(crate) struct Unsigned;

impl Signer for Unsigned {
    fn suite(&self) -> Suite {
        Suite::P256
    }

    fn sign(&self, _message: &[u8]) -> Result<Vec<u8>, Refusal> {
        Ok(vec![0; 64])
    }
}

/// What may be taken once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Claim {
    Deadline(HazardId, FactId),
    Number(u32),
}

/// What is written together or not at all.
#[derive(Clone)]
pub(crate) struct Job {
    /// The versions that were looked at.
    pub(crate) expected: BTreeMap<StreamId, u64>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) claims: Vec<Claim>,
    /// Whether the clerk has to look at it afterwards.
    pub(crate) marks: bool,
}

/// How the store holds what it is given. The weaker ones show that the test would see a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Everything,
    NoVersions,
}

/// What is on disk.
pub(crate) struct Store {
    pub(crate) holds: Holds,
    pub(crate) now: Timestamp,
    pub(crate) case: Case,
    pub(crate) versions: BTreeMap<StreamId, u64>,
    pub(crate) places: BTreeMap<StreamId, u64>,
    pub(crate) known: BTreeSet<FactId>,
    pub(crate) claims: BTreeSet<Claim>,
    pub(crate) last_number: u32,
    pub(crate) pending: bool,
}

impl Store {
    pub(crate) fn is_fresh(&self, job: &Job) -> bool {
        let version = |stream: &StreamId| self.versions.get(stream).copied().unwrap_or_default();
        self.holds != Holds::Everything
            || job.expected.iter().all(|(stream, expected)| version(stream) == *expected)
    }

    /// Writes a job; false if something it rests on has moved.
    pub(crate) fn write(&mut self, job: &Job) -> bool {
        let taken = |claim: &Claim| match claim {
            Claim::Number(number) => *number != self.last_number + 1,
            Claim::Deadline(..) => self.claims.contains(claim),
        };
        let held = self.holds == Holds::Everything;
        if !self.is_fresh(job) || (held && job.claims.iter().any(taken)) {
            return false;
        }
        for claim in &job.claims {
            if let Claim::Number(number) = claim {
                self.last_number = *number;
            }
            self.claims.insert(claim.clone());
        }
        self.now = self.now.plus_millis(60_000);
        for fact in &job.facts {
            let place = self.places.entry(fact.body.stream).or_default();
            *place += 1;
            let receipt = Receipt { fact: fact.id, place: *place, at: self.now };
            extend(&mut self.case, fact, Some(receipt));
            self.known.insert(fact.id);
            *self.versions.entry(fact.body.stream).or_default() += 1;
        }
        self.pending = job.marks;
        true
    }

    pub(crate) fn looked_at(&self) -> BTreeMap<StreamId, u64> {
        let version = |stream| (stream, self.versions.get(&stream).copied().unwrap_or_default());
        let notices = self.case.notices().map(|it| it.about.stream);
        notices.chain([VISIT_STREAM]).map(version).collect()
    }
}

pub(crate) fn state(
    by: PersonId,
    device: u8,
    seq: u64,
    now: Timestamp,
    statement: Statement,
) -> Fact {
    let mut device_id = *by.as_bytes();
    device_id[0] ^= device;
    let stamp = Stamp {
        author: by,
        device: DeviceId::from_bytes(device_id),
        seq,
        prev: None,
        clock: SignedClock { wall: now, monotonic_ms: seq, boot: [0; 8], beacon: None },
        salt: [0; 16],
    };
    Fact::state(statement, stamp, &Unsigned).expect("a whole statement")
}
