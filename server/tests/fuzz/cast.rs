//! The people of a fuzzed zone with their devices: honest ones who carry cases through the loop, and hostile accounts that
//! are genuine and run a changed client.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::LazyLock;

use server::auth::passwords;
use server::store::accounts::{self, Account as Stored};
use server::store::devices::{self, Labelled};
use server::store::{self, catalogues};
use sync_core::act::{Fact, Statement};
use sync_core::domain::account::{EnrolledDevice, Person, Role};
use sync_core::domain::catalogue::{Catalogue, Department, Street};
use sync_core::domain::enterprise::{Enterprise, RiskClass};
use sync_core::domain::procedure::Procedure;
use sync_core::id::{DeviceId, Digest, EnterpriseId, InspectionId, PersonId};
use sync_core::ledger::fact::{Signer as _, Stamp};
use sync_core::ledger::suites::SoftSigner;
use sync_core::time::{Beacon, SignedClock, Timestamp};
use sync_core::wire::exchange::{DraftPush, Request, VERSION};

/// 2026-11-23 09:00 in Beijing.
pub(crate) const MORNING: Timestamp = Timestamp::from_millis(1_795_395_600_000);
/// When trust in the revoked officer ended: before anything begins.
pub(crate) const REVOKED: Timestamp = Timestamp::from_millis(1_795_395_000_000);

/// One account.
pub(crate) struct Account {
    pub(crate) name: &'static str,
    role: Role,
    department: Option<&'static str>,
    enterprise: Option<u8>,
    pub(crate) hostile: bool,
}

const fn account(
    name: &'static str,
    role: Role,
    department: Option<&'static str>,
    enterprise: Option<u8>,
    hostile: bool,
) -> Account {
    Account { name, role, department, enterprise, hostile }
}

const FIRST: Option<&str> = Some("yingji");
const SECOND: Option<&str> = Some("xiaofang");

/// In the second department and in its enterprise everybody is honest: what they begin they bring to its end.
pub(crate) const ACCOUNTS: &[Account] = &[
    account("first supervisor", Role::Supervisor, FIRST, None, false),
    account("first officer", Role::Inspector, FIRST, None, false),
    account("first partner", Role::Inspector, FIRST, None, false),
    account("first enterprise", Role::Enterprise, None, Some(1), false),
    account("second supervisor", Role::Supervisor, SECOND, None, false),
    account("second officer", Role::Inspector, SECOND, None, false),
    account("second partner", Role::Inspector, SECOND, None, false),
    account("second enterprise", Role::Enterprise, None, Some(2), false),
    account("hostile officer", Role::Inspector, FIRST, None, true),
    account("hostile supervisor", Role::Supervisor, FIRST, None, true),
    account("hostile assistant", Role::Assistant, FIRST, None, true),
    account("hostile expert", Role::Expert, None, None, true),
    account("hostile enterprise", Role::Enterprise, None, Some(1), true),
    account("hostile neighbour", Role::Enterprise, None, Some(3), true),
    account("hostile third supervisor", Role::Supervisor, Some("jianshe"), None, true),
    account("hostile third officer", Role::Inspector, Some("jianshe"), None, true),
    account("hostile coordinator", Role::Coordinator, None, None, true),
    account("hostile auditor", Role::Auditor, None, None, true),
    account("revoked officer", Role::Inspector, SECOND, None, true),
    account("first administrator", Role::Administrator, None, None, false),
    account("second administrator", Role::Administrator, None, None, false),
];

pub(crate) fn enterprise(number: u8) -> EnterpriseId {
    EnterpriseId::from_entropy([0xE0 + number; 16])
}

/// One device with its key and its chain.
pub(crate) struct Phone {
    pub(crate) person: Person,
    pub(crate) hostile: bool,
    pub(crate) device: DeviceId,
    pub(crate) signer: SoftSigner,
    pub(crate) seq: u64,
    pub(crate) prev: Option<Digest>,
    pub(crate) cursor: Vec<u8>,
    pub(crate) beacon: Option<Beacon>,
    /// Sessions that ended.
    pub(crate) ended: u8,
}

impl Phone {
    fn new(number: usize, account: &Account) -> Self {
        let byte = u8::try_from(number).unwrap();
        let certified = account.role == Role::Inspector;
        let person = Person {
            id: PersonId::from_entropy([0x10 + byte; 16]),
            name: account.name.to_owned(),
            role: account.role,
            department: account.department.map(|it| it.parse().unwrap()),
            enterprise: account.enterprise.map(enterprise),
            certificate: certified.then(|| format!("DEM{number:04}")),
            from: Timestamp::from_millis(0),
            revoked_at: account.name.starts_with("revoked").then_some(REVOKED),
        };
        Self {
            person,
            hostile: account.hostile,
            device: DeviceId::from_entropy([0x50 + byte; 16]),
            signer: SoftSigner::from_secret(&[0x21 + byte; 32]).unwrap(),
            seq: 0,
            prev: None,
            cursor: Vec::new(),
            beacon: None,
            ended: 0,
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

    /// What the next fact of the chain is stamped with, as an honest device does it.
    pub(crate) fn stamp(&self, now: Timestamp) -> Stamp {
        let seq = self.seq + 1;
        let mut salt = [0x5A; 16];
        salt[..8].copy_from_slice(&seq.to_be_bytes());
        Stamp {
            author: self.person.id,
            device: self.device,
            seq,
            prev: self.prev,
            clock: SignedClock {
                wall: now,
                monotonic_ms: u64::try_from(now.as_millis()).unwrap(),
                boot: [1; 8],
                beacon: self.beacon,
            },
            salt,
        }
    }

    /// States something as the next fact of the chain.
    pub(crate) fn state(&mut self, statement: Statement, now: Timestamp) -> Fact {
        let fact = Fact::state(statement, self.stamp(now), &self.signer).unwrap();
        self.follow(&fact);
        fact
    }

    /// Goes on behind a fact.
    pub(crate) fn follow(&mut self, fact: &Fact) {
        (self.seq, self.prev) = (self.seq + 1, Some(fact.link()));
    }

    /// The changes of a draft under the signature of this device.
    pub(crate) fn sign_draft(&self, inspection: InspectionId, changes: &[Vec<u8>]) -> DraftPush {
        let last = changes.last().map(Vec::as_slice).unwrap_or_default();
        let message = DraftPush::signed_message(inspection, last);
        DraftPush {
            inspection,
            changes: changes.iter().map(|it| it.clone().into()).collect(),
            signature: self.signer.sign(&message).unwrap().into(),
            device: None,
        }
    }

    pub(crate) fn request(&self, facts: Vec<Vec<u8>>, drafts: Vec<DraftPush>) -> Request {
        Request {
            version: VERSION,
            device: self.device,
            cursor: self.cursor.clone().into(),
            facts: facts.into_iter().map(Into::into).collect(),
            drafts,
            max_bytes: u32::MAX,
            catalogue: Some(Digest::of(&sync_core::cbor::to_vec(&catalogue()))),
            file_receipt: None,
            held: None,
            coming: None,
            reads: None,
        }
    }
}

/// The devices of all accounts, in their order.
pub(crate) fn phones() -> Vec<Phone> {
    ACCOUNTS.iter().enumerate().map(|(number, account)| Phone::new(number, account)).collect()
}

/// The place of an account.
pub(crate) fn place(name: &str) -> usize {
    ACCOUNTS.iter().position(|account| account.name == name).unwrap()
}

pub(crate) fn catalogue() -> Catalogue {
    let department = |id: &str, series: &str| Department {
        id: id.parse().unwrap(),
        name: id.to_owned(),
        enforcement: true,
        series: Some(("枣高".into(), series.into())),
    };
    let registered = |number: u8| Enterprise {
        id: enterprise(number),
        name: format!("山东测试{number}号有限公司"),
        credit_code: None,
        street: "370402001".parse().unwrap(),
        sectors: vec!["industry".parse().unwrap()],
        address: format!("光明大道{number}号"),
        principal: "王某".into(),
        risk_class: RiskClass::C,
        position: None,
    };
    Catalogue {
        version: "2026-11-23".into(),
        departments: vec![
            department("yingji", "应急责改"),
            department("xiaofang", "消防责改"),
            department("jianshe", "建设责改"),
        ],
        enterprises: (1..=3).map(registered).collect(),
        streets: vec![Street { code: "370402001".parse().unwrap(), name: "光明街道".into() }],
        procedures: vec![Procedure {
            from: "2020-01-01".parse().unwrap(),
            until: None,
            retry_days: 30,
            retries: 1,
            extension_days: 30,
            extensions: 1,
            two_officers: true,
            major_plan: true,
            further_terms: None,
            retry_proposed: None,
            extension_proposed: None,
            grounds: sync_core::testing::cast::grounds("2020-01-01".parse().unwrap()),
        }],
        ..Catalogue::default()
    }
}

/// The password of everybody.
pub(crate) const PASSWORD: &str = "a horse in the rain";

static HASHED: LazyLock<String> = LazyLock::new(|| passwords::hash(PASSWORD, &[3; 16]).unwrap());

/// The account name of a person.
pub(crate) fn username(who: usize) -> String {
    format!("person-{who}")
}

/// Where a person's requests come from.
pub(crate) fn address(who: usize) -> SocketAddr {
    let net = if ACCOUNTS[who].hostile { [203, 0, 113] } else { [10, 0, 0] };
    let [a, b, c] = net;
    SocketAddr::from(([a, b, c, u8::try_from(who).unwrap()], 40_000))
}

/// Writes people, devices and reference data into a new data folder.
pub(crate) async fn register(data: &Path, phones: &[Phone]) {
    std::fs::create_dir_all(data).unwrap();
    let pool = store::open(data).await.unwrap();
    let mut db = pool.begin().await.unwrap();
    for (who, phone) in phones.iter().enumerate() {
        let account = Stored {
            person: phone.person.clone(),
            username: username(who),
            password: HASHED.clone(),
            reset_until: None,
        };
        assert!(accounts::add(&mut db, &account).await.unwrap());
        let device = Labelled { device: phone.enrolled(), label: "手机".to_owned() };
        assert!(devices::add(&mut db, &device).await.unwrap());
    }
    catalogues::put(&mut db, "staff", &catalogue(), MORNING).await.unwrap();
    catalogues::put(&mut db, "public", &Catalogue::default(), MORNING).await.unwrap();
    db.commit().await.unwrap();
    pool.close().await;
}
