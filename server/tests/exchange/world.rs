//! A small zone over a real store: people, devices, visits, and pushes as devices send them.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use server::auth::keys::Keys;
use server::directory::{CurrentDirectory, Directory};
use server::exchange;
use server::jobs::clerk;
use server::state::Shared;
use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::act::visit::{Arrival, Cosign, PartySign};
use sync_core::domain::account::{EnrolledDevice, Person, Role};
use sync_core::domain::catalogue::{Catalogue, Department, Street};
use sync_core::domain::enterprise::{Enterprise, RiskClass};
use sync_core::domain::hazard::{Clause, Grade, Hazard, Measure};
use sync_core::domain::inspection::{Part, Plan, Record, SignOutcome, VisitKind};
use sync_core::domain::notice::{Service, ServiceMethod};
use sync_core::domain::term::Term;
use sync_core::id::{
    DeviceId, Digest, EnterpriseId, FactId, HazardId, InspectionId, NoticeId, PersonId,
};
use sync_core::ledger::fact::{Signer as _, Stamp};
use sync_core::ledger::receipt::Receipt;
use sync_core::ledger::suites::{SoftSigner, SoftVerifier};
use sync_core::refusal::Refusal;
use sync_core::time::{SignedClock, Timestamp};
use sync_core::wire::codec;
use sync_core::wire::exchange::{DraftPush, Item, Outcome, Request, Response, VERSION};
use tokio::sync::Semaphore;
use tokio::task::JoinError;

/// 2026-11-23 09:00 in Beijing.
pub(crate) const MORNING: Timestamp = Timestamp::from_millis(1_795_395_600_000);

/// The address of whoever asks without a network.
pub(crate) const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

pub(crate) fn id(kind: u8, number: u32) -> [u8; 16] {
    let mut bytes = [kind; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// Bytes in no order, and the same ones in every run.
#[expect(clippy::unnecessary_wraps, reason = "the clerk takes sources that can fail")]
fn counted_entropy() -> Result<[u8; 16], Refusal> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let digest = Digest::of(&count.to_be_bytes());
    Ok(std::array::from_fn(|at| digest.as_bytes()[at + 1]))
}

/// One person with a device and a chain.
pub(crate) struct Hand {
    pub(crate) person: Person,
    pub(crate) device: DeviceId,
    pub(crate) signer: SoftSigner,
    pub(crate) seq: u64,
    pub(crate) prev: Option<Digest>,
    pub(crate) cursor: Vec<u8>,
    pub(crate) catalogue: Option<Digest>,
}

impl Hand {
    pub(crate) fn new(number: u32, role: Role) -> Self {
        let secret: [u8; 32] = std::array::from_fn(|at| {
            u8::try_from(at).unwrap() ^ number.to_be_bytes()[at % 4] ^ 0x5a
        });
        let staff = !matches!(role, Role::Enterprise);
        let person = Person {
            id: PersonId::from_entropy(id(1, number)),
            name: format!("人员{number}"),
            role,
            department: staff.then(|| "yingji".parse().unwrap()),
            enterprise: (!staff).then(enterprise),
            certificate: (role == Role::Inspector).then(|| format!("证{number}")),
            from: Timestamp::from_millis(0),
            revoked_at: None,
        };
        Self {
            person,
            device: DeviceId::from_entropy(id(2, number)),
            signer: SoftSigner::from_secret(&secret).unwrap(),
            seq: 0,
            prev: None,
            cursor: Vec::new(),
            catalogue: None,
        }
    }

    pub(crate) fn enrolled(&self) -> EnrolledDevice {
        EnrolledDevice {
            id: self.device,
            person: self.person.id,
            public_key: self.signer.public_key(),
            from: Timestamp::from_millis(0),
            revoked_at: None,
        }
    }

    pub(crate) fn state(&mut self, statement: Statement, at: Timestamp) -> Fact {
        self.seq += 1;
        let clock = SignedClock { wall: at, monotonic_ms: self.seq, boot: [1; 8], beacon: None };
        let stamp = Stamp {
            author: self.person.id,
            device: self.device,
            seq: self.seq,
            prev: self.prev,
            clock,
            salt: [3; 16],
        };
        let fact = Fact::state(statement, stamp, &self.signer).unwrap();
        self.prev = Some(fact.link());
        fact
    }

    pub(crate) fn sign_draft(&self, inspection: InspectionId, changes: &[Vec<u8>]) -> DraftPush {
        let message = DraftPush::signed_message(inspection, changes.last().unwrap());
        DraftPush {
            inspection,
            changes: changes.iter().map(|it| it.clone().into()).collect(),
            signature: self.signer.sign(&message).unwrap().into(),
            device: None,
        }
    }

    pub(crate) fn request(&self, facts: &[Fact], drafts: Vec<DraftPush>) -> Request {
        Request {
            version: VERSION,
            device: self.device,
            cursor: self.cursor.clone().into(),
            facts: facts.iter().map(|fact| fact.bytes().to_vec().into()).collect(),
            drafts,
            max_bytes: u32::MAX,
            catalogue: self.catalogue,
            reads: None,
            file_receipt: None,
            held: None,
            coming: None,
        }
    }
}

pub(crate) fn enterprise() -> EnterpriseId {
    EnterpriseId::from_entropy(id(3, 1))
}

pub(crate) fn catalogue() -> Catalogue {
    Catalogue {
        version: "2026-11-23".into(),
        departments: vec![Department {
            id: "yingji".parse().unwrap(),
            name: "应急管理局".into(),
            enforcement: true,
            series: Some(("枣高".into(), "应急责改".into())),
        }],
        enterprises: vec![Enterprise {
            id: enterprise(),
            name: "山东测试机械有限公司".into(),
            credit_code: None,
            street: "370402001".parse().unwrap(),
            sectors: vec!["industry".parse().unwrap()],
            address: "光明大道1号".into(),
            principal: "王某".into(),
            risk_class: RiskClass::C,
            position: None,
        }],
        streets: vec![Street { code: "370402001".parse().unwrap(), name: "光明街道".into() }],
        ..Catalogue::default()
    }
}

/// The zone's server over one file.
pub(crate) struct Zone {
    pub(crate) shared: Arc<Shared>,
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) fn directory(hands: &[&Hand]) -> Directory {
    Directory::new(
        hands.iter().map(|hand| hand.person.clone()),
        hands.iter().map(|hand| hand.enrolled()),
        &catalogue(),
        &Catalogue::default(),
    )
}

pub(crate) async fn open(folder: &std::path::Path, directory: Directory) -> Arc<Shared> {
    let keys = Arc::new(Keys::derive(&[7; 32]).unwrap());
    let directory = Arc::new(CurrentDirectory::new(directory));
    crate::database::choose(folder);
    let pool = server::store::open(folder).await.unwrap();
    Shared::open(pool, directory, keys, [9; 16]).await.unwrap()
}

impl Zone {
    pub(crate) async fn new(hands: &[&Hand]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { shared: open(folder.path(), directory(hands)).await, folder }
    }

    pub(crate) async fn send(&self, hand: &Hand, request: &Request, now: Timestamp) -> Response {
        let person = self.shared.directory.snapshot().persons[&hand.person.id].clone();
        let packed = exchange::run(&self.shared, person, codec::pack(request), now).await.unwrap();
        sync_core::cbor::from_slice(&codec::unpack(&packed).unwrap()).unwrap()
    }

    /// Pushes facts and follows the answer: the cursor moves, items are returned.
    pub(crate) async fn push(
        &self,
        hand: &mut Hand,
        facts: &[Fact],
        now: Timestamp,
    ) -> Vec<Outcome> {
        let response = self.send(hand, &hand.request(facts, Vec::new()), now).await;
        hand.cursor = response.cursor.to_vec();
        response.verdicts.into_iter().map(|verdict| verdict.outcome).collect()
    }

    pub(crate) async fn pull(&self, hand: &mut Hand, now: Timestamp) -> Vec<Item> {
        let mut items = Vec::new();
        loop {
            let response = self.send(hand, &hand.request(&[], Vec::new()), now).await;
            hand.cursor = response.cursor.to_vec();
            items.extend(response.items);
            if !response.more {
                return items;
            }
        }
    }

    pub(crate) async fn clerk(&self, now: Timestamp) -> usize {
        clerk::run_once(&self.shared, now, counted_entropy).await.unwrap()
    }
}

pub(crate) fn receipts(response: &Response) -> Vec<Receipt> {
    let key = Keys::derive(&[7; 32]).unwrap().public_key();
    response.receipts.as_ref().unwrap().open(&SoftVerifier, &key).unwrap()
}

pub(crate) fn facts_of(items: &[Item]) -> Vec<Fact> {
    items
        .iter()
        .filter_map(|item| match item {
            Item::Fact { bytes, .. } => Some(Fact::decode(bytes).unwrap()),
            _ => None,
        })
        .collect()
}

pub(crate) fn inspection(number: u32) -> InspectionId {
    InspectionId::from_entropy(id(4, number))
}

pub(crate) fn plan(number: u32, team: &[&Hand]) -> Statement {
    Statement::Planned(Plan {
        inspection: inspection(number),
        enterprise: enterprise(),
        department: "yingji".parse().unwrap(),
        team: team.iter().map(|hand| hand.person.id).collect(),
        kind: VisitKind::Unannounced,
        sectors: vec!["industry".parse().unwrap()],
        from: MORNING.date(),
        to: MORNING.date().plus_days(30),
        approval: "枣高应急批〔2026〕1号".into(),
        recheck_of: None,
    })
}

pub(crate) fn arrival(number: u32) -> Statement {
    Statement::Arrived(Arrival {
        inspection: inspection(number),
        certificate_shown: true,
        plate: None,
        fix: None,
    })
}

pub(crate) fn hazard(number: u32, index: u32, by: PersonId) -> Hazard {
    Hazard {
        id: HazardId::from_entropy(id(5, number * 100 + index)),
        item: None,
        description: format!("配电箱未上锁{index}"),
        place: "一车间".into(),
        basis: Clause { document: "AQF".into(), clause: "第三十六条".into() },
        grade: Grade::General,
        criterion: None,
        measure: Measure::Rectify { term: Term::natural(15) },
        photos: Vec::new(),
        found_by: by,
    }
}

pub(crate) fn seal(number: u32, hazards: u32, by: PersonId, at: Timestamp) -> Statement {
    let mut hazards: Vec<Hazard> = (0..hazards).map(|index| hazard(number, index, by)).collect();
    hazards.sort_by_key(|hazard| hazard.id);
    Statement::Sealed(Record {
        draft: Vec::new(),
        inspection: inspection(number),
        arrived: at,
        finished: at,
        answers: Vec::new(),
        hazards,
        manifest: Vec::new(),
        catalogue: "2026-11-23".into(),
        // Whoever is on the team besides.
        parts: (1..=8)
            .chain([22, 23])
            .map(|number| PersonId::from_entropy(id(1, number)))
            .filter(|other| *other != by)
            .map(|other| Part::without(other, "由封存人统一记录"))
            .collect(),
    })
}

pub(crate) fn cosign(number: u32, seal: FactId) -> Statement {
    Statement::Cosigned(Cosign { inspection: inspection(number), seal })
}

pub(crate) fn party(number: u32, seal: FactId) -> Statement {
    let outcome = SignOutcome::Refused { reason: "负责人不在场".into(), witness: None };
    Statement::PartySigned(PartySign { inspection: inspection(number), seal, outcome })
}

pub(crate) fn serve(notice: NoticeId) -> Statement {
    Statement::NoticeServed(Service::new(notice, ServiceMethod::InPerson, "王某"))
}

/// Runs tasks, a few at once: each has a store of its own, and a database gives so many connections.
pub(crate) async fn few_at_once<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<Result<T, JoinError>> {
    let free = Arc::new(Semaphore::new(3));
    let begin = |task| {
        let free = Arc::clone(&free);
        tokio::spawn(async move {
            let _turn = free.acquire().await.unwrap();
            Box::pin(task).await
        })
    };
    let running: Vec<_> = tasks.into_iter().map(begin).collect();
    let mut done = Vec::with_capacity(running.len());
    for task in running {
        done.push(task.await);
    }
    done
}
