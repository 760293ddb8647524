//! People, devices and days of work, made without a device's store so that the server alone is
//! measured. Everything is what a phone would send: signed facts, draft changes, one exchange.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sync_core::Refusal;
use sync_core::act::Fact;
use sync_core::act::visit::{Arrival, PartySign};
use sync_core::act::{Capture, Statement};
use sync_core::domain::account::{Person, Role};
use sync_core::domain::evidence::{Photo, Purpose, Source};
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::inspection::{Part, Plan, Record, SignOutcome, Verdict, VisitKind};
use sync_core::domain::term::Term;
use sync_core::draft::{Draft, Edit, EditSession, HazardDraft, MeasureDraft};
use sync_core::id::{DeviceId, Digest, HazardId, InspectionId, PersonId};
use sync_core::ledger::fact::{Signer as _, Stamp};
use sync_core::ledger::stream::StreamId;
use sync_core::ledger::suites::SoftSigner;
use sync_core::time::{Beacon, CivilDate, SignedClock, Timestamp};
use sync_core::wire::api::{Challenge, Enrol, Enrolled, NewAccount, enrol_message};
use sync_core::wire::codec;
use sync_core::wire::exchange::{DraftPush, Item, Outcome, Request, Response, VERSION};

use crate::office::OfficeClient;
use crate::play::missed;

/// Answers of one inspection.
const ANSWERS: usize = 40;
/// Hazards of one inspection.
pub const HAZARDS: usize = 5;

/// A device that is enrolled, with what it knows of its chain and its reader.
#[derive(Clone)]
pub struct Member {
    /// Whose it is.
    pub person: Person,
    /// Signed in.
    pub office: OfficeClient,
    /// Its device.
    pub device: DeviceId,
    signer: SoftSigner,
    seq: u64,
    prev: Option<Digest>,
    cursor: Vec<u8>,
    catalogue: Option<Digest>,
    beacon: Option<Beacon>,
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Member").field("device", &self.device).finish_non_exhaustive()
    }
}

fn entropy<const N: usize>() -> [u8; N] {
    server::config::entropy().unwrap_or([7; N])
}

fn now() -> Timestamp {
    server::clock::ServerClock::System.now()
}

fn read<T: serde::de::DeserializeOwned>(value: Value, what: &str) -> Result<T, Refusal> {
    serde_json::from_value(value).map_err(|_| missed(what))
}

impl Member {
    /// Adds an inspector with an account and an enrolled device.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn inspector(admin: &OfficeClient, address: &str, n: usize) -> Result<Self, Refusal> {
        let username = format!("bench{n}");
        let password = "一个足够长的测试口令".to_owned();
        let body = NewAccount {
            username: username.clone(),
            password: password.clone(),
            name: format!("检查员{n}"),
            role: Role::Inspector,
            department: Some("yingji".parse()?),
            enterprise: None,
            certificate: Some(format!("鲁D-99{n:05}")),
        };
        let added = admin.post("/api/v1/accounts", &body);
        crate::play::expect(added.status == 201, "an account")?;
        Self::enrol(OfficeClient::with_password(address, &username, &password))
    }

    /// Enrols a device for whoever is signed in at a desk.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn enrol(office: OfficeClient) -> Result<Self, Refusal> {
        let person: Person = read(office.get("/api/v1/me").json, "a person")?;
        let signer = SoftSigner::from_secret(&entropy())?;
        let challenge: Challenge =
            read(office.post("/api/v1/devices/challenge", &()).json, "a challenge")?;
        let signature = signer.sign(&enrol_message(&challenge.challenge))?;
        let body = Enrol {
            challenge: challenge.challenge,
            public_key: URL_SAFE_NO_PAD.encode(signer.public_key()),
            signature: URL_SAFE_NO_PAD.encode(signature),
            label: "测速".to_owned(),
        };
        let enrolled: Enrolled = read(office.post("/api/v1/devices", &body).json, "a device")?;
        Ok(Self {
            person,
            office,
            device: enrolled.device.id,
            signer,
            seq: 0,
            prev: None,
            cursor: Vec::new(),
            catalogue: None,
            beacon: None,
        })
    }

    /// States something as the next fact of the device's chain.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn state(&mut self, statement: Statement) -> Result<Fact, Refusal> {
        let clock = SignedClock {
            wall: now(),
            monotonic_ms: 1000 + self.seq,
            boot: [1; 8],
            beacon: self.beacon,
        };
        let stamp = Stamp {
            author: self.person.id,
            device: self.device,
            seq: self.seq + 1,
            prev: self.prev,
            clock,
            salt: [3; 16],
        };
        let fact = Fact::state(statement, stamp, &self.signer)?;
        (self.seq, self.prev) = (self.seq + 1, Some(fact.link()));
        Ok(fact)
    }

    /// Changes of a draft with the signature over the last one.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn push(
        &self,
        inspection: InspectionId,
        changes: Vec<Vec<u8>>,
    ) -> Result<DraftPush, Refusal> {
        let last = changes.last().map(Vec::as_slice).unwrap_or_default();
        let signature = self.signer.sign(&DraftPush::signed_message(inspection, last))?.into();
        let changes = changes.into_iter().map(Into::into).collect();
        Ok(DraftPush { inspection, changes, signature, device: None })
    }

    /// A packed request.
    #[must_use]
    pub fn request(&self, facts: &[Fact], drafts: Vec<DraftPush>) -> Vec<u8> {
        codec::pack(&Request {
            version: VERSION,
            device: self.device,
            cursor: self.cursor.clone().into(),
            facts: facts.iter().map(|fact| fact.bytes().to_vec().into()).collect(),
            drafts,
            max_bytes: 4 * 1024 * 1024,
            catalogue: self.catalogue,
            reads: None,
            file_receipt: None,
            held: None,
            coming: None,
        })
    }

    /// Sends a packed request and takes the answer over.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn exchange(&mut self, packed: Vec<u8>) -> Result<(Response, usize), Refusal> {
        let path = "/sync/v1/exchange";
        let answer = self.office.send("POST", path, packed, Some(codec::CONTENT_TYPE));
        if answer.status != 200 {
            return Err(missed(&format!("the exchange: {}", answer.status)));
        }
        let response = self.take_over(&answer.bytes)?;
        let refused = response.verdicts.iter().find(|it| it.outcome != Outcome::Accepted);
        match refused {
            Some(verdict) => Err(missed(&format!("a verdict: {:?}", verdict.outcome))),
            None => Ok((response, answer.bytes.len())),
        }
    }

    /// Takes over what an exchange answered: how far was read, and what is known of the reference data.
    ///
    /// # Errors
    /// A [`Refusal`] for what is no answer to an exchange.
    pub fn take_over(&mut self, answer: &[u8]) -> Result<Response, Refusal> {
        let response: Response = sync_core::cbor::from_slice(&codec::unpack(answer)?)?;
        self.cursor = response.cursor.clone().into();
        self.beacon = Some(response.beacon);
        for item in &response.items {
            if let Item::Catalogue { bytes } = item {
                self.catalogue = Some(Digest::of(bytes));
            }
        }
        Ok(response)
    }

    /// The same device as it was before it heard anything from the server.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self { cursor: Vec::new(), catalogue: None, beacon: None, ..self.clone() }
    }

    /// Takes everything over that waits; gives requests, bytes and items.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn pull(&mut self) -> Result<(usize, usize, usize), Refusal> {
        let (mut requests, mut bytes, mut items) = (0, 0, 0);
        loop {
            let (response, len) = self.exchange(self.request(&[], Vec::new()))?;
            requests += 1;
            bytes += len;
            items += response.items.len();
            if !response.more {
                return Ok((requests, bytes, items));
            }
        }
    }
}

/// A planned visit of two officers.
///
/// # Errors
/// A [`Refusal`] that names what was missed or what device or server refused.
pub fn plan(team: [&Member; 2], enterprise: sync_core::id::EnterpriseId) -> Result<Plan, Refusal> {
    let today = now().date();
    Ok(Plan {
        inspection: InspectionId::from_entropy(entropy()),
        enterprise,
        department: "yingji".parse()?,
        team: team.map(|member| member.person.id).to_vec(),
        kind: VisitKind::Unannounced,
        sectors: vec!["GM".parse()?],
        from: today,
        to: CivilDate::plus_days(today, 3),
        approval: "测速".to_owned(),
        recheck_of: None,
    })
}

const TEXTS: &[&str] = &[
    "疏散通道被货物占用，剩余宽度不足一点四米，影响紧急疏散",
    "配电箱未跨接接地线，箱门缺失，箱内积尘未清理",
    "可燃气体报警器探头超过检定周期，现场未见合格标识",
    "有限空间作业未落实先通风再检测后作业，现场无监护人员",
    "叉车充电区与可燃物未保持安全距离，未设置灭火器材",
    "除尘器泄爆口正对作业通道，未设置警戒区域",
    "危险化学品未分类分区储存，缺少安全技术说明书",
];

/// Everything that officers write down in one visit.
#[must_use]
pub fn edits(of: &Member, n: usize) -> Vec<Edit> {
    let item = |k: usize| format!("GM-{k:02}").parse().ok();
    let mut edits: Vec<Edit> = (0..ANSWERS)
        .filter_map(|k| {
            let verdict = if k < HAZARDS { Verdict::Fail } else { Verdict::Pass };
            Some(Edit::Answer { item: item(k)?, verdict, note: String::new() })
        })
        .collect();
    for k in 0..HAZARDS {
        let text = TEXTS.get((n * 3 + k) % TEXTS.len()).copied().unwrap_or_default();
        let draft = HazardDraft {
            item: item(k),
            description: format!("{}号车间：{text}", n + k),
            place: format!("{}号车间东侧", n + k),
            basis: Clause { document: "AQF".to_owned(), clause: "第三十六条".to_owned() },
            grade: Grade::General,
            criterion: None,
            measure: MeasureDraft::Rectify(Term::natural(15)),
            found_by: of.person.id,
        };
        edits.push(Edit::AddHazard { hazard: HazardId::from_entropy(entropy()), draft });
    }
    edits
}

/// A day's work as a phone sends it, and the same records as JSON.
pub struct Day {
    /// The packed exchange.
    pub packed: Vec<u8>,
    /// The records, one JSON array.
    pub json: Vec<u8>,
    /// Items pushed.
    pub items: usize,
}

impl std::fmt::Debug for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Day").field("items", &self.items).finish_non_exhaustive()
    }
}

/// Carries out visits: arrival, a draft in one change, the seal, the refusal to sign.
///
/// # Errors
/// A [`Refusal`] that names what was missed or what device or server refused.
pub fn day(member: &mut Member, second: PersonId, visits: &[InspectionId]) -> Result<Day, Refusal> {
    let (mut facts, mut pushes, mut records) = (Vec::new(), Vec::new(), Vec::new());
    for (n, inspection) in visits.iter().copied().enumerate() {
        let edits = edits(member, n);
        let (stated, push, record) = visit(member, second, inspection, &edits, Vec::new())?;
        records.extend(as_json(&record));
        facts.extend(stated);
        pushes.push(push);
    }
    let items = facts.len() + pushes.len();
    let packed = member.request(&facts, pushes);
    Ok(Day { packed, json: serde_json::to_vec(&records).unwrap_or_default(), items })
}

/// One visit: arrival, photos, a draft in one change, the seal, the refusal to sign.
///
/// # Errors
/// A [`Refusal`] that names what was missed or what device or server refused.
pub fn visit(
    member: &mut Member,
    second: PersonId,
    inspection: InspectionId,
    edits: &[Edit],
    photos: Vec<Statement>,
) -> Result<(Vec<Fact>, DraftPush, Record), Refusal> {
    let arrival = Arrival { inspection, certificate_shown: true, plate: None, fix: None };
    let mut facts = vec![member.state(Statement::Arrived(arrival))?];
    for photo in photos {
        facts.push(member.state(photo)?);
    }
    let mut draft = Draft::new(inspection)?;
    let session = EditSession::new(member.person.id, member.device, entropy());
    let changes = draft.commit(session, edits)?;
    let push = member.push(inspection, changes)?;
    let mut record = draft.record(now(), now(), "2026-11-23".to_owned())?;
    record.parts = vec![Part::without(second, "由带队人统一记录")];
    let seal = member.state(Statement::Sealed(record.clone()))?;
    let outcome =
        SignOutcome::Refused { reason: "负责人不在现场".to_owned(), witness: None };
    let party = PartySign { inspection, seal: seal.id, outcome };
    facts.push(seal);
    facts.push(member.state(Statement::PartySigned(party))?);
    Ok((facts, push, record))
}

/// An inspection and its hazards as six records of plain JSON, as an application without this
/// product's formats would send them.
fn as_json(record: &Record) -> Vec<Value> {
    let answers: Value = record
        .answers
        .iter()
        .map(|it| json!({ "item": it.item, "verdict": it.verdict, "note": it.note }))
        .collect();
    let visit = json!({
        "inspection": record.inspection, "arrived": record.arrived, "finished": record.finished,
        "catalogue": record.catalogue, "answers": answers,
    });
    let hazard = |it| json!({ "inspection": record.inspection, "hazard": it });
    std::iter::once(visit).chain(record.hazards.iter().map(hazard)).collect()
}

/// A captured photo of a hazard, for files of any bytes.
#[must_use]
pub fn captured(inspection: InspectionId, bytes: &[u8]) -> Statement {
    let photo = Photo {
        blob: Digest::of(bytes),
        bytes: bytes.len() as u64,
        width: 1280,
        height: 960,
        purpose: Purpose::Found,
        hazard: Some(HazardId::from_bytes(*inspection.as_bytes())),
        source: Source::Camera,
        fix: None,
        derived_from: None,
    };
    Statement::Captured(Capture { stream: StreamId::inspection(inspection), photo })
}
