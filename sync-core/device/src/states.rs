//! The one way to make a fact: gate, chain, sign, store.

use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::case::Case;
use sync_core::case::act::Context;
use sync_core::case::fold::fold;
use sync_core::id::FactId;
use sync_core::ledger::fact::Content as _;
use sync_core::ledger::fact::Stamp;
use sync_core::ledger::stream::StreamId;
use sync_core::ledger::suites::SoftVerifier;
use sync_core::rules::gates;
use sync_core::time::{Beacon, ClockReading, Timestamp};
use sync_core::{Code, Refusal};

use crate::changes::part_of;
use crate::host::Reading;
use crate::store::{blobs, facts, from_blob};
use crate::{Changed, Device};

/// The last beacon with the clocks that were read when it came.
#[derive(minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub(crate) struct Heard {
    #[n(0)]
    pub(crate) beacon: Beacon,
    #[n(1)]
    pub(crate) monotonic_ms: u64,
    #[cbor(n(2), with = "minicbor::bytes")]
    pub(crate) boot: [u8; 8],
}

impl Device {
    /// States something. When this returns the fact is signed and on disk; it is sent by the next
    /// [`Device::sync`]. Refused with the same code that the server would give.
    pub fn state(&mut self, statement: Statement) -> Result<FactId, Refusal> {
        let fact = self.prepare(statement)?;
        self.store.write(|tx| facts::insert_own(tx, &fact))?;
        self.note(&[Changed::Outbox, part_of(&fact.body.stream)]);
        Ok(fact.id)
    }

    /// States a photo whose file is on disk.
    pub(crate) fn state_photo(&mut self, statement: Statement) -> Result<FactId, Refusal> {
        let fact = self.prepare(statement)?;
        let Statement::Captured(capture) = &fact.statement else {
            return Err(Refusal::new(Code::FieldMalformed));
        };
        let (hash, bytes) = (capture.photo.blob, capture.photo.bytes);
        self.store.write(|tx| {
            facts::insert_own(tx, &fact)?;
            blobs::insert(tx, hash, &capture.stream, fact.id, bytes)
        })?;
        self.note(&[Changed::Outbox, Changed::Photos, part_of(&fact.body.stream)]);
        Ok(fact.id)
    }

    fn prepare(&mut self, statement: Statement) -> Result<Fact, Refusal> {
        let stream = statement.stream().ok_or(Refusal::new(Code::KindUnknown))?;
        let case = self.case(&stream)?;
        let heard = self.heard()?;
        let reading = self.host.clock.read();
        let author = self.person()?;
        let now = best_now(reading, heard.as_ref());
        let context = Context::new(author, now, &self.catalogue.departments);
        statement.validate()?;
        gates::check(&statement, &case, &context)?;
        let (last, prev) = self.store.chain_end()?;
        let stamp = Stamp {
            author: author.id,
            device: self.id()?,
            seq: last + 1,
            prev,
            clock: ClockReading {
                wall: reading.wall,
                monotonic_ms: reading.monotonic_ms,
                boot: reading.boot,
                beacon: heard.map(|heard| heard.beacon),
            },
        };
        let fact = Fact::state(statement, stamp, &Signing(self.host.keys.as_ref()))?;
        // A key store that signs wrongly is found now, not when the fact is shown to a court.
        fact.verify(&SoftVerifier, &self.host.keys.public_key())?;
        Ok(fact)
    }

    /// Everything that is known here of a stream and of the one that belongs to it.
    pub fn case(&self, stream: &StreamId) -> Result<Case, Refusal> {
        Ok(fold(&self.store.case_facts(stream)?))
    }

    /// The time as well as it is known: the server's last word and the time since, or the clock on
    /// the wall after a restart.
    pub fn now(&self) -> Result<Timestamp, Refusal> {
        Ok(best_now(self.host.clock.read(), self.heard()?.as_ref()))
    }

    pub(crate) fn heard(&self) -> Result<Option<Heard>, Refusal> {
        self.store.value("heard")?.map(|bytes| from_blob(&bytes)).transpose()
    }
}

fn best_now(reading: Reading, heard: Option<&Heard>) -> Timestamp {
    heard.filter(|heard| heard.boot == reading.boot).map_or(reading.wall, |heard| {
        let since = reading.monotonic_ms.saturating_sub(heard.monotonic_ms);
        heard.beacon.at.plus_millis(i64::try_from(since).unwrap_or(0))
    })
}

/// A key store seen as a signer.
struct Signing<'a>(&'a dyn crate::host::KeyVault);

impl sync_core::ledger::fact::Signer for Signing<'_> {
    fn suite(&self) -> sync_core::ledger::fact::Suite {
        self.0.suite()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refusal> {
        self.0.sign(message)
    }
}
