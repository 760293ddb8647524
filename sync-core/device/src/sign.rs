//! Makes a fact: checks its gate, takes the next place in the chain, signs, stores. Nothing else makes one.

use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::case::Case;
use sync_core::case::act::Context;
use sync_core::case::fold::fold;
use sync_core::domain::numbers::Series;
use sync_core::id::FactId;
use sync_core::ledger::fact::Content as _;
use sync_core::ledger::fact::Stamp;
use sync_core::ledger::stream::StreamId;
use sync_core::ledger::suites::SoftVerifier;
use sync_core::rules::gates;
use sync_core::time::{Beacon, SignedClock, Timestamp};
use sync_core::{Code, Refusal, cbor, text};

use crate::changes::part_of;
use crate::host::Reading;
use crate::store::{blobs, facts, from_blob};
use crate::{Changed, Device};

/// The last beacon with the clocks that were read when it came.
#[derive(minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub(crate) struct LastBeacon {
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
    ///
    /// # Errors
    /// The code of form or gate, [`Code::NotSignedIn`], [`Code::NotEnrolled`], that of a key store that does
    /// not sign, or of a store that cannot be written.
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
        let statement = tidied(&statement)?;
        let stream = statement.stream().ok_or(Refusal::new(Code::KindUnknown))?;
        let case = self.case(&stream)?;
        let statement = statement.knowing(&case);
        let last_beacon = self.last_beacon()?;
        let reading = self.host.clock.read();
        let author = self.person()?;
        let now = best_now(reading, last_beacon.as_ref());
        let leases = match &statement {
            Statement::IssuedOnSite(it) => self.leases(&Series::of(&it.notice.number))?,
            _ => Vec::new(),
        };
        let context =
            Context::new(author, now, (&self.catalogue).into()).with_numbers(&leases, false);
        statement.validate()?;
        gates::check(&statement, &case, &context)?;
        let (last, prev) = self.store.chain_end()?;
        let stamp = Stamp {
            author: author.id,
            device: self.id()?,
            seq: last + 1,
            prev,
            clock: SignedClock {
                wall: reading.wall,
                monotonic_ms: reading.monotonic_ms,
                boot: reading.boot,
                beacon: last_beacon.map(|it| it.beacon),
            },
            salt: self.host.entropy.bytes(),
        };
        let fact = Fact::state(statement, stamp, &Signing(self.host.keys.as_ref()))?;
        // A key store that signs wrongly is found now, not when the fact is shown to a court.
        fact.verify(&SoftVerifier, &self.host.keys.public_key())?;
        Ok(fact)
    }

    /// Everything that is known here of a stream and of the one that belongs to it.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as [`Code::DeviceStore`], or of stored bytes that
    /// do not decode.
    pub fn case(&self, stream: &StreamId) -> Result<Case, Refusal> {
        let held = self.store.case_facts(stream)?;
        let mut case = fold(&held.admitted);
        if held.damaged {
            case.note_damaged();
        }
        Ok(case)
    }

    /// The best known time: the last beacon plus the time since; after a restart the wall clock, but nothing before the
    /// last beacon.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as [`Code::DeviceStore`], or of stored bytes that
    /// do not decode.
    pub fn now(&self) -> Result<Timestamp, Refusal> {
        Ok(best_now(self.host.clock.read(), self.last_beacon()?.as_ref()))
    }

    pub(crate) fn last_beacon(&self) -> Result<Option<LastBeacon>, Refusal> {
        self.store.value("heard")?.map(|bytes| from_blob(&bytes)).transpose()
    }
}

/// The statement with what was typed in one form.
fn tidied(statement: &Statement) -> Result<Statement, Refusal> {
    let bytes = cbor::with_texts(&statement.to_bytes(), text::tidy)?;
    Statement::from_bytes(statement.kind(), &bytes)
}

fn best_now(reading: Reading, last_beacon: Option<&LastBeacon>) -> Timestamp {
    last_beacon.map_or(reading.wall, |it| {
        if it.boot != reading.boot {
            return reading.wall.max(it.beacon.at);
        }
        let since = reading.monotonic_ms.saturating_sub(it.monotonic_ms);
        it.beacon.at.plus_millis(i64::try_from(since).unwrap_or(0))
    })
}

/// A key store seen as a signer.
struct Signing<'a>(&'a dyn crate::host::KeyStore);

impl sync_core::ledger::fact::Signer for Signing<'_> {
    fn suite(&self) -> sync_core::ledger::fact::Suite {
        self.0.suite()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refusal> {
        self.0.sign(message)
    }
}
