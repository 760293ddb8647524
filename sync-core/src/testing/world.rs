//! A small authority in memory: phones that sign, a server that gives receipts, one case.

use std::collections::{BTreeMap, BTreeSet};

use super::builders::{calendars, date, notice};
use super::cast::{Who, zone};
use crate::act::Admitted;
use crate::act::Fact;
use crate::act::Statement;
use crate::act::numbers::NumbersLeased;
use crate::act::paper::{self, IssuedPaper, PaperName, PapersIssued};
use crate::calendar::Calendars;
use crate::case::Case;
use crate::case::act::{Context, Photos};
use crate::case::fold::extend;
use crate::cbor;
use crate::document::{self, Sources};
use crate::domain::account::EnrolledDevice;
use crate::domain::catalogue::Catalogue;
use crate::domain::notice::{Notice, NoticeItem};
use crate::id::{BlobHash, DeviceId, Digest, FactId, NoticeId, PersonId};
use crate::ledger::fact::{Body, Content as _, Signer, Stamp, VERSION};
use crate::ledger::receipt::Receipt;
use crate::ledger::stream::StreamId;
use crate::ledger::suites::{ServerSigner, SoftSigner};
use crate::refusal::Refusal;
use crate::rules::due::{Owed, due};
use crate::rules::{gates, numbering};
use crate::time::{SignedClock, Timestamp};

/// Whom the server's own facts name as their author.
pub const SERVER: PersonId = PersonId::from_bytes([0xFE; 16]);
const SERVER_DEVICE: DeviceId = DeviceId::from_bytes([0xFD; 16]);

/// The entropy of a fact, the same on every run.
const fn salt(seq: u64) -> [u8; 16] {
    let mut salt = [0x5A; 16];
    salt.split_at_mut(8).0.copy_from_slice(&seq.to_be_bytes());
    salt
}

/// A chain of facts of one device, signed with a key that is the same on every run.
#[derive(Clone, Debug)]
pub struct Phone {
    /// Whose it is.
    pub person: PersonId,
    /// Which device.
    pub device: DeviceId,
    signer: SoftSigner,
    seq: u64,
    prev: Option<Digest>,
}

impl Phone {
    /// The phone of a person; `n` tells several apart.
    #[must_use]
    pub fn new(person: PersonId, n: u8) -> Self {
        let mut secret = [n | 1; 32];
        for (to, from) in secret.iter_mut().zip(person.as_bytes()) {
            *to = *from | 1;
        }
        let mut device = *person.as_bytes();
        for byte in device.iter_mut().take(1) {
            *byte = n ^ 0xA5;
        }
        Self {
            person,
            device: DeviceId::from_bytes(device),
            signer: SoftSigner::from_secret(&secret).expect("a valid key"),
            seq: 0,
            prev: None,
        }
    }

    /// The device as the server knows it.
    #[must_use]
    pub fn enrolled(&self) -> EnrolledDevice {
        EnrolledDevice {
            id: self.device,
            person: self.person,
            public_key: self.signer.public_key(),
            from: Timestamp::from_millis(0),
            revoked_at: None,
        }
    }

    /// The clocks at an instant, as an honest device reads them.
    #[must_use]
    pub fn clock(&self, now: Timestamp) -> SignedClock {
        let since = u64::try_from(now.as_millis()).unwrap_or(0);
        SignedClock { wall: now, monotonic_ms: since, boot: [7; 8], beacon: None }
    }

    fn stamp(&mut self, now: Timestamp) -> Stamp {
        self.seq += 1;
        Stamp {
            author: self.person,
            device: self.device,
            seq: self.seq,
            prev: self.prev,
            clock: self.clock(now),
            salt: salt(self.seq),
        }
    }

    /// Signs a statement as the next fact of the chain, asking no gate.
    ///
    /// # Errors
    /// What the signer or the form refuses.
    pub fn sign(&mut self, statement: Statement, now: Timestamp) -> Result<Fact, Refusal> {
        let stamp = self.stamp(now);
        let fact = Fact::state(statement, stamp, &self.signer)?;
        self.prev = Some(fact.link());
        Ok(fact)
    }

    /// Signs a statement of a kind from the future.
    #[must_use]
    pub fn sign_unknown(&mut self, stream: StreamId, critical: bool, now: Timestamp) -> Fact {
        let stamp = self.stamp(now);
        let statement = Statement::Unknown { kind: 900, body: vec![0x80] };
        let body = Body {
            version: VERSION,
            suite: self.signer.suite(),
            kind: 900,
            critical,
            stream,
            author: stamp.author,
            device: stamp.device,
            wall: stamp.clock.wall,
            trace: Digest::of(&cbor::to_vec(&stamp.trace())),
            statement: vec![0x80].into(),
        };
        let fact = Fact::sign(body, stamp.trace(), statement, &self.signer).expect("a small fact");
        self.prev = Some(fact.link());
        fact
    }
}

/// Everything of one case, as the server holds it.
#[derive(Clone, Debug)]
pub struct World {
    /// The server's time.
    pub now: Timestamp,
    /// What was taken over, in order.
    pub facts: Vec<Admitted>,
    /// What the facts amount to.
    pub case: Case,
    /// The photos that are at the server; none where nobody asks.
    pub there: Option<BTreeSet<BlobHash>>,
    /// What is known of the zone.
    pub zone: Catalogue,
    /// The calendars that are published.
    pub calendars: Calendars,
    phones: BTreeMap<Who, Phone>,
    places: BTreeMap<StreamId, u64>,
    server_seq: u64,
    server_prev: Option<Digest>,
}

impl World {
    /// An authority to which nothing has happened yet.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let phone = |who: &Who| (*who, Phone::new(who.id(), 1));
        Self {
            now,
            facts: Vec::new(),
            case: Case::default(),
            there: None,
            zone: zone(),
            calendars: calendars(),
            phones: Who::ALL.iter().map(phone).collect(),
            places: BTreeMap::new(),
            server_seq: 0,
            server_prev: None,
        }
    }

    /// The phone of a person.
    pub fn phone(&mut self, who: Who) -> &mut Phone {
        self.phones.entry(who).or_insert_with(|| Phone::new(who.id(), 1))
    }

    /// The device of a person.
    #[must_use]
    pub fn device(&self, who: Who) -> DeviceId {
        Phone::new(who.id(), 1).device
    }

    /// Lets time pass.
    pub fn pass_minutes(&mut self, minutes: i64) {
        self.now = self.now.plus_millis(minutes * 60_000);
    }

    /// Lets days pass.
    pub fn pass_days(&mut self, days: i64) {
        self.pass_minutes(days * 24 * 60);
    }

    /// Asks form and gate.
    ///
    /// # Errors
    /// The code of form or gate.
    pub fn check(&self, who: Who, statement: &Statement) -> Result<(), Refusal> {
        statement.validate()?;
        let person = who.person();
        let photos = Photos { there: self.there.as_ref(), ..Photos::default() };
        let context = Context::new(&person, self.now, (&self.zone).into()).with_photos(photos);
        gates::check(statement, &self.case, &context)
    }

    /// States something that form and gate let through, and takes it over a minute later.
    ///
    /// # Errors
    /// The code of form or gate.
    pub fn state(&mut self, who: Who, statement: Statement) -> Result<FactId, Refusal> {
        self.check(who, &statement)?;
        self.insist(who, statement)
    }

    /// States something that no gate was asked about, as a changed app would.
    ///
    /// # Errors
    /// What the signer refuses.
    pub fn insist(&mut self, who: Who, statement: Statement) -> Result<FactId, Refusal> {
        let now = self.now;
        let fact = self.phone(who).sign(statement, now)?;
        Ok(self.take_over(fact))
    }

    /// Gives a fact its receipt.
    pub fn take_over(&mut self, fact: Fact) -> FactId {
        self.pass_minutes(1);
        let place = self.places.entry(fact.body.stream).or_insert(0);
        *place += 1;
        let receipt = Receipt { fact: fact.id, place: *place, at: self.now };
        let admitted = Admitted { fact, receipt: Some(receipt) };
        extend(&mut self.case, &admitted.fact, admitted.receipt);
        self.facts.push(admitted);
        receipt.fact
    }

    /// Lets the server state what it has to state.
    pub fn clerk(&mut self) -> Vec<FactId> {
        let due = due(&self.case, &self.calendars, self.now);
        let mut stated = Vec::new();
        for owed in due.owed {
            let statement = match owed {
                Owed::Notice(items) => Statement::NoticeIssued(self.next_notice(items)),
                Owed::Repeat(notice) => Statement::NoticeIssued(notice),
                Owed::Lease { request, device, person, asked } => {
                    let same = self.case.leases().filter(|it| it.body.block.series == asked.series);
                    let last = same.map(|it| it.body.block.last).max();
                    let block = numbering::block(asked.series, last.unwrap_or_default());
                    Statement::NumbersLeased(NumbersLeased { request, device, person, block })
                }
                Owed::Void(it) => Statement::NumbersVoided(it),
                Owed::Deadline(it) => Statement::DeadlineAssigned(it),
                // They need reference data: `issue_papers`.
                Owed::Papers(..) => continue,
                Owed::Recount(it) => Statement::DeadlineRecounted(it),
            };
            stated.push(self.state_as_server(statement));
        }
        stated
    }

    /// Lets the server issue the papers that are complete, as this reference data gives them.
    pub fn issue_papers(&mut self, sources: &Sources<'_>) -> Vec<FactId> {
        let mut issued = Vec::new();
        for (stream, names) in paper::owed(&self.case, self.now) {
            let mut serial = u32::try_from(self.server_seq).unwrap_or_default();
            let of = |name: PaperName| {
                let series = document::series(&self.case, name, sources);
                let number = series.map(|it| {
                    serial += 1;
                    it.number(serial)
                });
                let paper = document::with_number(
                    &self.case,
                    name,
                    number.as_ref().or(self.case.paper_number(name)),
                    sources,
                )?;
                Some(IssuedPaper { kind: name.0, fact: name.1, digest: paper.digest(), number })
            };
            let papers = names.into_iter().filter_map(of).collect();
            let statement = Statement::PapersIssued(PapersIssued { stream, papers });
            issued.push(self.state_as_server(statement));
        }
        issued
    }

    /// A notice of the case, each with an id of its own.
    fn next_notice(&self, items: Vec<NoticeItem>) -> Notice {
        let mut notice = notice(items, 7);
        let issued = self.case.notices().count();
        if let Some(n) = u8::try_from(issued).ok().filter(|n| *n > 0) {
            notice.id = NoticeId::from_bytes([0x22 + n; 16]);
            notice.number.serial += u32::from(n);
        }
        notice
    }

    /// States something as the server, with its key.
    pub fn state_as_server(&mut self, statement: Statement) -> FactId {
        self.server_seq += 1;
        let stamp = Stamp {
            author: SERVER,
            device: SERVER_DEVICE,
            seq: self.server_seq,
            prev: self.server_prev,
            clock: SignedClock { wall: self.now, monotonic_ms: 0, boot: [0; 8], beacon: None },
            salt: [0; 16],
        };
        let signer = ServerSigner::from_secret(&[0x5E; 32]);
        let fact = Fact::state(statement, stamp, &signer).expect("the server's own fact");
        self.server_prev = Some(fact.link());
        self.take_over(fact)
    }
}

impl Default for World {
    /// The day before the window of [`super::builders::plan`] opens.
    fn default() -> Self {
        Self::new(date("2026-10-31").start().plus_millis(36_000_000))
    }
}
