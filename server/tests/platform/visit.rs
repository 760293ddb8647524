//! Devices that sign and exchange, and a visit with a photo.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use image::codecs::jpeg::JpegEncoder;
use server::auth::entropy;
use server::jobs;
use sync_core::act::Fact;
use sync_core::act::visit::{Arrival, Cosign, PartySign};
use sync_core::act::{Capture, Statement};
use sync_core::domain::evidence::{Photo, Purpose, Source};
use sync_core::domain::hazard::{Clause, Grade, Hazard, Measure};
use sync_core::domain::inspection::{Part, Plan, Record, SignOutcome, VisitKind};
use sync_core::domain::term::Term;
use sync_core::id::{BlobHash, DeviceId, Digest, HazardId, InspectionId, NoticeId, PersonId};
use sync_core::ledger::fact::{Signer as _, Stamp};
use sync_core::ledger::stream::StreamId;
use sync_core::ledger::suites::SoftSigner;
use sync_core::time::SignedClock;
use sync_core::wire::api::{Challenge, Enrol, Enrolled, enrol_message};
use sync_core::wire::codec;
use sync_core::wire::exchange::{Item, Outcome, Request, Response, VERSION};

use crate::world::{Answer, ENTERPRISE, MORNING, Zone, send};

/// A person with an enrolled device.
pub(crate) struct Hand {
    pub(crate) token: String,
    pub(crate) person: PersonId,
    pub(crate) device: DeviceId,
    pub(crate) signer: SoftSigner,
    seq: u64,
    prev: Option<Digest>,
}

pub(crate) fn key(seed: u8) -> SoftSigner {
    SoftSigner::from_secret(&[seed; 32]).unwrap()
}

pub(crate) async fn challenge(zone: &Zone, token: &str) -> String {
    let answer = zone.post("/api/v1/devices/challenge", token, &()).await;
    answer.read::<Challenge>().challenge
}

pub(crate) fn proof(challenge: &str, key: &SoftSigner) -> Enrol {
    Enrol {
        challenge: challenge.to_owned(),
        public_key: URL_SAFE_NO_PAD.encode(key.public_key()),
        signature: URL_SAFE_NO_PAD.encode(key.sign(&enrol_message(challenge)).unwrap()),
        label: "手机".to_owned(),
    }
}

pub(crate) async fn enrol(zone: &Zone, token: &str, key: &SoftSigner) -> Answer {
    let challenge = challenge(zone, token).await;
    zone.post("/api/v1/devices", token, &proof(&challenge, key)).await
}

impl Hand {
    pub(crate) async fn new(zone: &Zone, name: &str, seed: u8) -> Self {
        let (token, signer) = (zone.token(name).await, key(seed));
        let enrolled: Enrolled = enrol(zone, &token, &signer).await.read();
        let person = enrolled.device.person;
        Self { token, person, device: enrolled.device.id, signer, seq: 0, prev: None }
    }

    pub(crate) fn state(&mut self, statement: Statement) -> Fact {
        self.seq += 1;
        let clock =
            SignedClock { wall: MORNING, monotonic_ms: self.seq, boot: [1; 8], beacon: None };
        let stamp = Stamp {
            author: self.person,
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

    pub(crate) async fn exchange(&self, zone: &Zone, facts: &[Fact]) -> Response {
        let request = Request {
            version: VERSION,
            device: self.device,
            cursor: Vec::new().into(),
            facts: facts.iter().map(|fact| fact.bytes().to_vec().into()).collect(),
            drafts: Vec::new(),
            max_bytes: u32::MAX,
            catalogue: None,
            reads: None,
            file_receipt: None,
            held: None,
            coming: None,
        };
        let request = zone
            .request("POST", "/sync/v1/exchange", &self.token)
            .header("content-type", codec::CONTENT_TYPE)
            .body(codec::pack(&request));
        let answer = send(request).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        sync_core::cbor::from_slice(&codec::unpack(&answer.body).unwrap()).unwrap()
    }

    /// States and pushes what must be accepted; gives the last fact.
    pub(crate) async fn say(&mut self, zone: &Zone, statements: Vec<Statement>) -> Fact {
        let facts: Vec<Fact> = statements.into_iter().map(|it| self.state(it)).collect();
        let response = self.exchange(zone, &facts).await;
        assert_eq!(response.verdicts.len(), facts.len());
        for verdict in &response.verdicts {
            assert_eq!(verdict.outcome, Outcome::Accepted);
        }
        facts.into_iter().next_back().unwrap()
    }

    pub(crate) async fn put(
        &self,
        zone: &Zone,
        hash: BlobHash,
        offset: usize,
        part: &[u8],
    ) -> Answer {
        let path = format!("/sync/v1/blobs/{hash}?offset={offset}");
        send(zone.request("PUT", &path, &self.token).body(part.to_vec())).await
    }
}

/// A JPEG with a place in its metadata, and content that depends on `seed`.
pub(crate) fn photo(seed: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(900, 700, |x, y| {
        let value = u8::try_from((x * 7 + y * 13 + u32::from(seed) * 31) % 251).unwrap();
        image::Rgb([value, value.wrapping_mul(3), seed])
    });
    let mut plain = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut plain, 90)).unwrap();
    let exif = b"Exif\0\0SECRET PLACE";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, exif, &plain[2..]].concat()
}

pub(crate) fn inspection() -> InspectionId {
    InspectionId::from_entropy([4; 16])
}

pub(crate) fn hazard() -> HazardId {
    HazardId::from_entropy([5; 16])
}

/// The plan of a visit by a team.
pub(crate) fn planned(team: &[&Hand]) -> Statement {
    Statement::Planned(Plan {
        inspection: inspection(),
        enterprise: ENTERPRISE.parse().unwrap(),
        department: "yingji".parse().unwrap(),
        team: team.iter().map(|hand| hand.person).collect(),
        kind: VisitKind::Unannounced,
        sectors: vec!["GM".parse().unwrap()],
        from: MORNING.date(),
        to: MORNING.date().plus_days(30),
        approval: "枣高应急批〔2026〕1号".into(),
        recheck_of: None,
    })
}

pub(crate) fn arrived() -> Statement {
    let inspection = inspection();
    Statement::Arrived(Arrival { inspection, certificate_shown: true, plate: None, fix: None })
}

pub(crate) fn captured(stream: StreamId, bytes: &[u8], purpose: Purpose) -> Statement {
    Statement::Captured(Capture {
        stream,
        photo: Photo {
            blob: Digest::of(bytes),
            bytes: bytes.len() as u64,
            width: 900,
            height: 700,
            purpose,
            hazard: Some(hazard()),
            source: Source::Camera,
            fix: None,
            derived_from: None,
        },
    })
}

fn sealed(photo: BlobHash, term: Term, by: PersonId, other: PersonId) -> Statement {
    let hazard = Hazard {
        id: hazard(),
        item: None,
        description: "配电箱未上锁".into(),
        place: "一车间".into(),
        basis: Clause { document: "AQF".into(), clause: "第三十六条".into() },
        grade: Grade::General,
        criterion: None,
        measure: Measure::Rectify { term },
        photos: vec![photo],
        found_by: by,
    };
    Statement::Sealed(Record {
        draft: Vec::new(),
        inspection: inspection(),
        arrived: MORNING,
        finished: MORNING,
        answers: Vec::new(),
        hazards: vec![hazard],
        manifest: vec![photo],
        catalogue: "2026-11-23".into(),
        parts: vec![Part::without(other, "由封存人统一记录")],
    })
}

/// A visit that has arrived, with photos announced by the first officer.
pub(crate) struct Visit {
    pub(crate) supervisor: Hand,
    pub(crate) first: Hand,
    pub(crate) second: Hand,
}

impl Visit {
    pub(crate) async fn with_photos(zone: &Zone, photos: &[&[u8]]) -> Self {
        let mut supervisor = Hand::new(zone, "supervisor", 1).await;
        let mut first = Hand::new(zone, "inspector", 2).await;
        let second = Hand::new(zone, "second", 3).await;
        supervisor.say(zone, vec![planned(&[&first, &second])]).await;
        let stream = StreamId::inspection(inspection());
        let announced = photos.iter().map(|it| captured(stream, it, Purpose::Found));
        first.say(zone, std::iter::once(arrived()).chain(announced).collect()).await;
        Self { supervisor, first, second }
    }

    /// Seals the record with a photo on its hazard, has it signed, and lets the clerk issue the
    /// notice.
    pub(crate) async fn notice(&mut self, zone: &Zone, photo: BlobHash) -> NoticeId {
        self.notice_within(zone, photo, Term::natural(15)).await
    }

    /// The same with a term.
    pub(crate) async fn notice_within(
        &mut self,
        zone: &Zone,
        photo: BlobHash,
        term: Term,
    ) -> NoticeId {
        let seal = sealed(photo, term, self.first.person, self.second.person);
        let seal = self.first.say(zone, vec![seal]).await.id;
        let outcome = SignOutcome::Refused { reason: "负责人不在场".into(), witness: None };
        let signed = PartySign { inspection: inspection(), seal, outcome };
        self.first.say(zone, vec![Statement::PartySigned(signed)]).await;
        let cosigned = Cosign { inspection: inspection(), seal };
        self.second.say(zone, vec![arrived(), Statement::Cosigned(cosigned)]).await;
        clerk(zone).await;
        let items = self.supervisor.exchange(zone, &[]).await.items;
        let facts = items.iter().filter_map(|item| match item {
            Item::Fact { bytes, .. } => Some(Fact::decode(bytes).unwrap().statement),
            _ => None,
        });
        let mut notices = facts.filter_map(|it| match it {
            Statement::NoticeIssued(notice) => Some(notice.id),
            _ => None,
        });
        notices.next().unwrap()
    }
}

/// Lets the clerk state what is owed.
pub(crate) async fn clerk(zone: &Zone) {
    let (shared, now) = (&zone.running.app.shared, zone.clock.now());
    jobs::clerk::run_once(shared, now, entropy::system_entropy).await.unwrap();
}
