//! The table of gates that every language shares (`fixtures/vectors/gates.json`), laid into a server: each stage of the
//! loop as often as statements need a copy of their own, under ids of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use server::admission::dossier::Dossiers;
use server::admission::load::{self, Loaded};
use server::directory::Directory;
use server::store::streams::StreamKey;
use server::store::writer::{WriteJob, Written};
use sync_core::act::streams::readers;
use sync_core::act::{Admitted, Fact, Statement};
use sync_core::case::Case;
use sync_core::case::act::{Context, Photos};
use sync_core::case::fold::fold;
use sync_core::cbor;
use sync_core::domain::account::{Person, Role};
use sync_core::domain::catalogue::{Catalogue, Colleague, Department};
use sync_core::domain::{competence::Competence, law, procedure::Procedure};
use sync_core::id::{BlobHash, Digest, InspectionId, NoticeId};
use sync_core::ledger::fact::{Body, Content as _, Signer as _, Stamp, VERSION};
use sync_core::ledger::receipt::Receipt;
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::refusal::{Code, Disposition};
use sync_core::rules::{authority, gates};
use sync_core::testing::builders::{
    INSPECTION, NOTICE, NOTICE_ON_SITE, NOTICE_STREAM, VISIT_STREAM,
};
use sync_core::time::{SignedClock, Timestamp};
use sync_core::wire::exchange::Outcome;

use super::world::{self, Hand, Zone, id};
use crate::database::tamper;

/// The file as it stands.
#[derive(Deserialize)]
struct File {
    people: Vec<Named>,
    departments: Vec<Department>,
    competence: Vec<Competence>,
    procedures: Vec<Procedure>,
    criteria: Vec<law::SectorCriteria>,
    laws: Vec<law::LawDocument>,
    facts: Vec<Stored>,
    stages: Vec<Stage>,
    statements: Vec<Value>,
    cells: Vec<Cell>,
}

#[derive(Deserialize)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) person: Person,
}

#[derive(Deserialize)]
struct Stored {
    fact: String,
    place: u64,
    at: Timestamp,
}

/// A named point of the loop.
#[derive(Clone, Deserialize)]
pub(crate) struct Stage {
    pub(crate) name: String,
    pub(crate) now: Timestamp,
    facts: Vec<usize>,
    there: Option<BTreeSet<BlobHash>>,
}

/// What the law says of one statement at one stage, for everybody.
#[derive(Deserialize)]
pub(crate) struct Cell {
    pub(crate) name: String,
    stage: String,
    statement: usize,
    codes: BTreeMap<String, Vec<String>>,
}

impl Cell {
    /// Every condition that does not hold for a person, what people are told first.
    pub(crate) fn codes(&self, who: &str) -> Vec<Code> {
        let of_person = |(_, people): &(&String, &Vec<String>)| people.iter().any(|it| it == who);
        let (codes, _) = self.codes.iter().find(of_person).expect("everybody has an answer");
        let named = |name: &str| *Code::ALL.iter().find(|it| it.name() == name).unwrap();
        let mut codes: Vec<Code> =
            codes.split(' ').filter(|name| *name != "ok").map(named).collect();
        // The law does not know of leases; here no device has one.
        if self.name == "issue_on_site" && !codes.contains(&Code::NewerAppNeeded) {
            codes.push(Code::NumberNotLeased);
        }
        codes
    }
}

/// The table, read.
pub(crate) struct Table {
    pub(crate) people: Vec<Named>,
    /// What gates ask of the zone.
    zone: Catalogue,
    facts: Vec<Admitted>,
    pub(crate) stages: Vec<Stage>,
    statements: Vec<(Value, Statement)>,
    cells: Vec<Cell>,
}

impl Table {
    pub(crate) fn read() -> Arc<Self> {
        let path = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
            .join("../fixtures/vectors/gates.json");
        let file: File = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let statement = |it: Value| (it.clone(), serde_json::from_value(it).unwrap());
        let colleagues = file.people.iter().filter_map(|it| Colleague::of(&it.person));
        let zone = Catalogue {
            colleagues: colleagues.collect(),
            departments: file.departments,
            competence: file.competence,
            procedures: file.procedures,
            criteria: file.criteria,
            laws: file.laws,
            ..world::catalogue()
        };
        Arc::new(Self {
            zone,
            people: file.people,
            facts: file.facts.iter().map(admitted).collect(),
            stages: file.stages,
            statements: file.statements.into_iter().map(statement).collect(),
            cells: file.cells,
        })
    }

    /// The cells of a stage.
    pub(crate) fn cells(&self, stage: &Stage) -> impl Iterator<Item = &Cell> {
        // Numbers are no part of a case.
        let of_case = |cell: &&Cell| {
            let stream = self.statement(cell).stream();
            stream.is_none_or(|stream| stream.kind != StreamKind::Numbers)
        };
        self.cells.iter().filter(|cell| cell.stage == stage.name).filter(of_case)
    }

    pub(crate) fn statement(&self, cell: &Cell) -> &Statement {
        &self.statements[cell.statement].1
    }

    pub(crate) fn stage(&self, name: &str) -> &Stage {
        self.stages.iter().find(|stage| stage.name == name).unwrap()
    }

    /// The stage in which a notice was served and the server has assigned no deadline yet.
    pub(crate) fn owing_deadlines(&self) -> Stage {
        let mut stage = self.stage("served").clone();
        let owed = |index: &usize| self.facts[*index].fact.statement.is_by_server();
        let issued = stage.facts.iter().position(owed).unwrap();
        // The notice, the signature of whoever receives it, the service.
        stage.facts.truncate(issued + 3);
        stage
    }

    fn facts(&self, stage: &Stage) -> impl Iterator<Item = &Admitted> {
        stage.facts.iter().map(|index| &self.facts[*index])
    }

    /// How many facts a stage has in its visit and in its notice.
    pub(crate) fn counts(&self, stage: &Stage) -> [usize; 2] {
        [VISIT_STREAM, NOTICE_STREAM]
            .map(|stream| self.facts(stage).filter(|it| it.fact.body.stream == stream).count())
    }

    /// The case as far as a person's device holds it.
    pub(crate) fn view(&self, stage: &Stage, person: &Person) -> Case {
        let whole = fold(self.facts(stage));
        let own: BTreeSet<_> = authority::reads(person).into_iter().collect();
        let read = |stream| !readers(stream, &whole).is_disjoint(&own);
        fold(self.facts(stage).filter(|it| read(it.fact.body.stream)))
    }

    /// What the gate says of a case to a person; `there` are photos that are known to be at the server.
    pub(crate) fn gate(
        &self,
        (statement, case): (&Statement, &Case),
        person: &Person,
        now: Timestamp,
        there: Option<&BTreeSet<BlobHash>>,
    ) -> Vec<Code> {
        let context = Context::new(person, now, (&self.zone).into())
            .with_photos(Photos { there, ..Photos::default() })
            .with_numbers(&[], false);
        gates::unmet(statement, case, &context).codes().collect()
    }

    /// The conditions that the server has to find unmet, in its order, after what `came` with the item itself. What
    /// nobody can pass over stands alone.
    pub(crate) fn unmet(
        &self,
        (stage, cell): (&Stage, &Cell),
        who: &Named,
        came: Option<Code>,
    ) -> Vec<Code> {
        let statement = self.statement(cell);
        if let Err(refusal) = statement.validate() {
            return vec![refusal.code];
        }
        let enterprise = who.person.role == Role::Enterprise;
        if enterprise {
            // It hears the same of every stream that is not its own, whether it exists or not.
            let notice =
                || fold(self.facts(stage).filter(|it| it.fact.body.stream == NOTICE_STREAM));
            let of = notice().notices().next().map(|notice| notice.body.enterprise);
            if statement.stream().is_some_and(|it| it.kind == StreamKind::Inspection) {
                return vec![Code::RoleNotAllowed];
            }
            if of.is_none() || of != who.person.enterprise {
                return vec![Code::OtherEnterprise];
            }
        }
        if statement.is_by_server() {
            return vec![Code::ServerOnly];
        }
        let gate = if enterprise {
            // Its work is judged by the notice alone, which is all that its device holds.
            let case = fold(self.facts(stage).filter(|it| it.fact.body.stream == NOTICE_STREAM));
            self.gate((statement, &case), &who.person, stage.now, stage.there.as_ref())
        } else {
            cell.codes(&who.name)
        };
        let mut codes: Vec<Code> = came.into_iter().collect();
        codes.extend(gate);
        codes
    }

    /// People with the devices of these hands.
    pub(crate) fn directory<'h>(&self, hands: impl IntoIterator<Item = &'h Hand>) -> Directory {
        let hands: Vec<&Hand> = hands.into_iter().collect();
        let catalogue = self.zone.clone();
        Directory::new(
            hands.iter().map(|hand| hand.person.clone()),
            hands.iter().map(|hand| hand.enrolled()),
            &catalogue,
            &Catalogue::default(),
        )
    }

    /// A device for everybody; `group` tells several apart.
    pub(crate) fn hands(&self, group: u32) -> Vec<Hand> {
        let hand = |(who, number): (&Named, u32)| {
            let mut hand = Hand::new(group * 100 + number, who.person.role);
            hand.person = who.person.clone();
            hand
        };
        self.people.iter().zip(0..).map(hand).collect()
    }
}

fn admitted(row: &Stored) -> Admitted {
    let pair = |at: usize| u8::from_str_radix(&row.fact[at..at + 2], 16).unwrap();
    let bytes: Vec<u8> = (0..row.fact.len()).step_by(2).map(pair).collect();
    let fact = Fact::decode(&bytes).unwrap();
    let receipt = Some(Receipt { fact: fact.id, place: row.place, at: row.at });
    Admitted { fact, receipt }
}

/// The names of one copy of a stage: its visit, its notice, its facts and its photos are its own.
pub(crate) struct Copy {
    number: u32,
    facts: HashMap<Digest, Digest>,
}

impl Copy {
    pub(crate) fn visit(&self) -> InspectionId {
        InspectionId::from_entropy(id(14, self.number))
    }

    pub(crate) fn notice(&self) -> NoticeId {
        NoticeId::from_entropy(id(15, self.number))
    }

    /// A photo of the stage in this copy.
    fn photo(&self, photo: &Digest) -> Digest {
        Digest::of(format!("{photo} {}", self.number).as_bytes())
    }

    /// A statement about the stage as one about this copy.
    pub(crate) fn statement(&self, table: &Table, cell: &Cell) -> Statement {
        self.renamed(&table.statements[cell.statement].0)
    }

    fn renamed(&self, statement: &Value) -> Statement {
        let mut value = statement.clone();
        self.rename(&mut value);
        serde_json::from_value(value).unwrap()
    }

    fn rename(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Ok(digest) = text.parse::<Digest>() {
                    let fact = self.facts.get(&digest).copied();
                    *text = fact.unwrap_or_else(|| self.photo(&digest)).to_string();
                } else if *text == INSPECTION.to_string() {
                    *text = self.visit().to_string();
                } else if *text == NOTICE.to_string() {
                    *text = self.notice().to_string();
                } else if *text == NOTICE_ON_SITE.to_string() {
                    *text = NoticeId::from_entropy(id(16, self.number)).to_string();
                }
            }
            Value::Array(items) => {
                let ascending = items.iter().map(Value::as_str).is_sorted();
                for item in items.iter_mut() {
                    self.rename(item);
                }
                if ascending && items.iter().all(Value::is_string) {
                    // Lists of digests that have to be in order are so under other names, too.
                    items.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
                }
            }
            Value::Object(fields) => {
                for field in fields.values_mut() {
                    self.rename(field);
                }
                // No two papers carry one number.
                if let Some(serial) = fields.get_mut("serial") {
                    *serial = Value::from(1_000 + self.number);
                }
            }
            _ => {}
        }
    }

    /// The keys of its visit and its notice.
    pub(crate) fn keys(&self) -> [StreamKey; 2] {
        [StreamKey::inspection(self.visit()), StreamKey::notice(self.notice())]
    }
}

/// How many facts the server has of each of these copies.
pub(crate) async fn counts(zone: &Zone, copies: &[&Copy]) -> Vec<usize> {
    let keys: Vec<StreamKey> = copies.iter().flat_map(|copy| copy.keys()).collect();
    let mut db = zone.shared.pool.acquire().await.unwrap();
    let loaded = load::cases(&mut db, &keys, true, &zone.shared.integrity).await.unwrap();
    let of = |key: StreamKey| loaded.facts.get(&key).map_or(0, |facts| facts.len());
    copies.iter().map(|copy| copy.keys().map(of).iter().sum()).collect()
}

/// Copies of a stage that are about to be written.
pub(crate) struct Laying<'t> {
    table: &'t Table,
    stage: &'t Stage,
    dossiers: Dossiers,
    signer: Hand,
    taken_at: Vec<Timestamp>,
    copies: u32,
    there: Vec<Digest>,
}

impl<'t> Laying<'t> {
    pub(crate) fn of(table: &'t Table, stage: &'t Stage) -> Self {
        let dossiers = Dossiers::open(&Loaded::default(), stage.now);
        let signer = Hand::new(9_999, Role::Inspector);
        let (taken_at, there) = (Vec::new(), Vec::new());
        Self { table, stage, dossiers, signer, taken_at, copies: 0, there }
    }

    /// One more copy.
    pub(crate) fn copy(&mut self) -> Copy {
        self.copy_with(&|_| ())
    }

    /// One more copy in which something else was stated.
    pub(crate) fn copy_with(&mut self, alter: &dyn Fn(&mut Statement)) -> Copy {
        self.copies += 1;
        let mut copy = Copy { number: self.copies, facts: HashMap::new() };
        for Admitted { fact, receipt } in self.table.facts(self.stage) {
            let stream = if fact.body.stream.kind == StreamKind::Inspection {
                StreamId::inspection(copy.visit())
            } else {
                StreamId::notice(copy.notice())
            };
            let mut statement = match &fact.statement {
                unknown @ Statement::Unknown { .. } => unknown.clone(),
                known => copy.renamed(&serde_json::to_value(known).unwrap()),
            };
            alter(&mut statement);
            let stamp = Stamp {
                author: fact.body.author,
                device: fact.body.device,
                seq: fact.seq(),
                prev: None,
                clock: fact.clock(),
                salt: id(16, self.copies),
            };
            let own = signed(statement, stream, stamp, &self.signer);
            if matches!(own.statement, Statement::NoticeIssued(_)) {
                self.dossiers.link(StreamKey::inspection(copy.visit()), stream.into());
            }
            self.dossiers.add(stream.into(), &own);
            copy.facts.insert(fact.id, own.id);
            self.taken_at.push(receipt.unwrap().at);
        }
        let there = self.stage.there.iter().flatten();
        self.there.extend(there.map(|photo| copy.photo(photo)));
        copy
    }

    /// A critical fact of a kind from the future in the visit of a copy.
    pub(crate) fn add_unknown(&mut self, copy: &Copy) {
        let unknown = Statement::Unknown { kind: 900, body: vec![0x80] };
        let stream = StreamId::inspection(copy.visit());
        let (author, device) = (self.signer.person.id, self.signer.device);
        let clock =
            SignedClock { wall: self.stage.now, monotonic_ms: 1, boot: [1; 8], beacon: None };
        let stamp = Stamp { author, device, seq: 1, prev: None, clock, salt: [3; 16] };
        self.dossiers.add(stream.into(), &signed(unknown, stream, stamp, &self.signer));
        self.taken_at.push(self.stage.now);
    }

    /// Writes all copies as the server takes them over, with the photos that are there.
    pub(crate) async fn write(self, zone: &Zone) {
        const BROUGHT: &str = "INSERT INTO brought_files (hash, person, at) SELECT DISTINCT hash, person, 0 FROM announced_files";
        const KEPT: &str = "INSERT INTO files (hash, pack, at, bytes, kept_at) SELECT hash, 0, 0, MAX(bytes), 0 FROM announced_files GROUP BY hash";
        const LOOKED: &str = "INSERT INTO looked_files (hash, at) SELECT hash, 0 FROM files";
        let mut job = WriteJob::default();
        self.dossiers.close(&mut job, None);
        for (fact, at) in job.facts.iter_mut().zip(self.taken_at) {
            fact.at = at;
        }
        if !job.is_empty() {
            assert_eq!(zone.shared.writer.write(job).await.unwrap(), Written::Durable);
        }
        let pool = &zone.shared.pool;
        tamper(pool, BROUGHT, &[]).await;
        tamper(pool, KEPT, &[]).await;
        tamper(pool, LOOKED, &[]).await;
        if self.stage.there.is_some() {
            tamper(pool, "UPDATE files SET damaged_at = 1", &[]).await;
            for photo in self.there {
                let text = "UPDATE files SET damaged_at = NULL WHERE hash = $1";
                tamper(pool, text, &[photo.as_bytes().to_vec()]).await;
            }
        }
    }
}

/// A statement in a stream as a changed client signs it, which asks neither form nor gate.
pub(crate) fn signed(statement: Statement, stream: StreamId, stamp: Stamp, hand: &Hand) -> Fact {
    let body = Body {
        version: VERSION,
        suite: hand.signer.suite(),
        kind: statement.kind(),
        critical: true,
        stream,
        author: stamp.author,
        device: stamp.device,
        wall: stamp.clock.wall,
        trace: Digest::of(&cbor::to_vec(&stamp.trace())),
        statement: statement.to_bytes().into(),
    };
    Fact::sign(body, stamp.trace(), statement, &hand.signer).unwrap()
}

/// A statement as the next fact of a device that asks neither form nor gate.
pub(crate) fn insist(hand: &mut Hand, statement: Statement, wall: Timestamp) -> Fact {
    hand.seq += 1;
    let stamp = Stamp {
        author: hand.person.id,
        device: hand.device,
        seq: hand.seq,
        prev: hand.prev,
        clock: SignedClock { wall, monotonic_ms: hand.seq, boot: [1; 8], beacon: None },
        salt: [3; 16],
    };
    let stream = statement.stream().unwrap();
    let fact = signed(statement, stream, stamp, hand);
    hand.prev = Some(fact.link());
    fact
}

/// What becomes of a statement: none if it is taken over, otherwise how it is turned down and why.
pub(crate) type Answer = Option<(Disposition, Code)>;

/// The first condition that does not hold decides.
pub(crate) fn by_first(codes: &[Code]) -> Answer {
    codes.first().map(|code| (code.disposition(), *code))
}

pub(crate) fn answer(outcome: &Outcome) -> Answer {
    match outcome {
        Outcome::Accepted => None,
        Outcome::Refused(it) => Some((Disposition::Refuse, it.code)),
        Outcome::Quarantined(it) => Some((Disposition::Quarantine, it.code)),
        Outcome::Retry(it) => Some((Disposition::Retry, it.code)),
    }
}
