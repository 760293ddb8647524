//! What honest people state at each step of the loop, with words in it that are not for everybody.

use sync_core::act::notice::DismissalProposed;
use sync_core::act::visit::{Arrival, Cosign, MeasureOrdered, PartFinished, PartySign};
use sync_core::act::{Capture, Statement};
use sync_core::case::Case;
use sync_core::domain::evidence::{Photo, Purpose, Source};
use sync_core::domain::hazard::{Clause, Grade, Hazard, Measure};
use sync_core::domain::inspection::{Answer, Part, Plan, Record, SignOutcome, Verdict, VisitKind};
use sync_core::domain::notice::{Service, ServiceMethod};
use sync_core::domain::site_measure::{SiteMeasure, SiteOrder};
use sync_core::domain::term::Term;
use sync_core::id::{BlobHash, Digest, HazardId, InspectionId, NoticeId, PersonId};
use sync_core::ledger::stream::StreamId;

use super::cast::{self, place};
use super::honest::{Course, Step};
use super::rectified::Rectified;
use super::world::{Planted, Secret, World};

pub(crate) fn id(kind: u8, number: u32) -> [u8; 16] {
    let mut bytes = [kind; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    bytes
}

pub(crate) fn inspection(number: u32) -> InspectionId {
    InspectionId::from_entropy(id(4, number))
}

pub(crate) fn hazard_id(number: u32) -> HazardId {
    HazardId::from_entropy(id(5, number))
}

/// The bytes of a photo; what was found is a picture.
pub(crate) fn photo_of(number: u32, what: &str) -> Vec<u8> {
    if what == "found" {
        let [_, red, green, blue] = number.wrapping_mul(2_654_435_761).to_be_bytes();
        let picture = image::RgbImage::from_fn(16, 16, |x, y| {
            let [x, y] = [x, y].map(|it| u8::try_from(it * 15).unwrap());
            image::Rgb([red ^ x, green ^ y, blue ^ x ^ y])
        });
        let mut jpeg = Vec::new();
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 90);
        picture.write_with_encoder(encoder).unwrap();
        return jpeg;
    }
    format!("photo-{what}-of-visit-{number}-").into_bytes()
}

fn blob(number: u32, what: &str) -> BlobHash {
    Digest::of(&photo_of(number, what))
}

pub(crate) fn captured(
    stream: StreamId,
    bytes: &[u8],
    purpose: Purpose,
    hazard: HazardId,
) -> Statement {
    Statement::Captured(Capture {
        stream,
        photo: Photo {
            blob: Digest::of(bytes),
            bytes: bytes.len() as u64,
            width: 900,
            height: 700,
            purpose,
            hazard: (purpose != Purpose::Signature).then_some(hazard),
            source: Source::Camera,
            fix: None,
            derived_from: None,
        },
    })
}

pub(crate) fn clause() -> Clause {
    Clause { document: "AQF".into(), clause: "第三十六条".into() }
}

/// What a step states, and the photos that are brought after it.
pub(crate) fn statements(
    world: &mut World,
    index: usize,
    who: usize,
    step: Step,
) -> (Vec<Statement>, Vec<Vec<u8>>) {
    let visit = &world.visits[index];
    let (number, inspection, stream, hazard) =
        (visit.number(), visit.inspection(), visit.stream(), visit.hazard());
    let person = world.phones[who].person.clone();
    let case = world.model.whole_case(stream).cloned().unwrap_or_default();
    let seal = case.seal().map(|it| it.fact);
    let notice = world.model.notices(stream).first().and_then(StreamId::as_notice);
    let found = |what: &str| photo_of(number, what);
    let none = Vec::new;
    let arrived = || {
        let (certificate_shown, plate, fix) = (true, None, None);
        Statement::Arrived(Arrival { inspection, certificate_shown, plate, fix })
    };
    let seal_or_none = seal.unwrap_or(Digest::of(b"nothing"));
    let notice = notice.unwrap_or(NoticeId::from_bytes([0; 16]));
    match step {
        Step::Plan => (vec![planned(world, index)], none()),
        Step::Arrive => (vec![arrived()], none()),
        Step::Photograph => {
            let photos = vec![found("found"), found("unlisted")];
            let unlisted = Digest::of(&photos[1]);
            let word = unlisted.as_bytes().to_vec();
            world.secrets.push(Secret { word, at: Planted::Facts });
            let taken = photos.iter().map(|it| captured(stream, it, Purpose::Found, hazard));
            (taken.collect(), photos)
        }
        Step::OrderMeasure => {
            let reason = visit.word("ORDER");
            let word = reason.clone().into_bytes();
            world.secrets.push(Secret { word, at: Planted::Facts });
            let measures = vec![SiteMeasure::StopUse];
            let (scope, on) = ("一车间".into(), world.now.date());
            let order = SiteOrder { measures, scope, reason, on };
            (vec![Statement::MeasureOrdered(MeasureOrdered { inspection, hazard, order })], none())
        }
        Step::FinishPart => {
            let heads = Vec::new();
            (vec![Statement::PartFinished(PartFinished { inspection, heads })], none())
        }
        Step::Seal => (vec![sealed(world, index, &case, person.id)], none()),
        Step::Cosign => {
            (vec![Statement::Cosigned(Cosign { inspection, seal: seal_or_none })], none())
        }
        Step::PartySign => {
            let outcome =
                SignOutcome::Refused { reason: "负责人不在场".into(), witness: None };
            let sign = PartySign { inspection, seal: seal_or_none, outcome };
            (vec![Statement::PartySigned(sign)], none())
        }
        Step::Serve => {
            let receiver = visit.word("SERVICE");
            let word = receiver.clone().into_bytes();
            world.secrets.push(Secret { word, at: Planted::Facts });
            let drawn = found("received");
            let second = world.phones[world.visits[index].who("partner")].person.id;
            let served = Service {
                second: Some(second),
                signature: Some(Digest::of(&drawn)),
                ..Service::new(notice, ServiceMethod::InPerson, receiver)
            };
            let taken = captured(StreamId::notice(notice), &drawn, Purpose::Signature, hazard);
            (vec![taken, Statement::NoticeServed(served)], vec![drawn])
        }
        Step::Propose => {
            let reason = visit.word("PROPOSAL");
            let word = reason.clone().into_bytes();
            world.secrets.push(Secret { word, at: Planted::Facts });
            let inspection = Some(inspection);
            let proposed = DismissalProposed { notice, hazard, reason, inspection };
            (vec![Statement::DismissalProposed(proposed)], none())
        }
        _ => {
            let officer = world.phones[visit.who("officer")].person.id;
            let case = Rectified { notice, hazard, number, case: &case, officer };
            case.step(step, world.now)
        }
    }
}

fn planned(world: &mut World, index: usize) -> Statement {
    let visit = &world.visits[index];
    let approval = visit.word("PLAN");
    let member = |name: &str| world.phones[place(name)].person.id;
    let mut team: Vec<PersonId> =
        ["officer", "partner"].map(|role| world.phones[visit.who(role)].person.id).to_vec();
    if visit.mixed() {
        team.extend(["hostile officer", "hostile expert"].map(member));
    }
    let department = if visit.strict { "xiaofang" } else { "yingji" };
    let plan = Plan {
        inspection: visit.inspection(),
        enterprise: cast::enterprise(if visit.strict { 2 } else { 1 }),
        department: department.parse().unwrap(),
        team,
        kind: VisitKind::Unannounced,
        sectors: vec!["industry".parse().unwrap()],
        from: world.now.date(),
        to: world.now.date().plus_days(30),
        approval: approval.clone(),
        recheck_of: None,
    };
    world.secrets.push(Secret { word: approval.into_bytes(), at: Planted::Facts });
    Statement::Planned(plan)
}

/// A record of one hazard, with the parts that are known and reasons for the others.
fn sealed(world: &mut World, index: usize, case: &Case, by: PersonId) -> Statement {
    let visit = &world.visits[index];
    let note = visit.word("RECORD");
    let team = case.plan().map(|it| it.body.team.clone()).unwrap_or_default();
    let part = |officer: PersonId| match case.last_part(officer) {
        Some(part) => Part::taken_in(officer, part.fact),
        None => Part::without(officer, "由封存人统一记录"),
    };
    let mut parts: Vec<Part> = team.into_iter().filter(|it| *it != by).map(part).collect();
    parts.sort_by_key(|part| part.officer);
    let found = blob(visit.number(), "found");
    let major = visit.course() == Course::Major;
    let grade = if major { Grade::Major } else { Grade::General };
    let record = Record {
        draft: Vec::new(),
        inspection: visit.inspection(),
        arrived: world.now,
        finished: world.now,
        answers: vec![Answer {
            item: "GM-01".parse().unwrap(),
            verdict: Verdict::Fail,
            note: note.clone(),
        }],
        hazards: vec![Hazard {
            id: visit.hazard(),
            item: None,
            description: "配电箱未上锁".into(),
            place: "一车间".into(),
            basis: clause(),
            grade,
            criterion: (grade == Grade::Major).then(clause),
            measure: Measure::Rectify { term: Term::natural(15) },
            photos: vec![found],
            found_by: by,
        }],
        manifest: vec![found],
        catalogue: "2026-11-23".into(),
        parts,
    };
    world.secrets.push(Secret { word: note.into_bytes(), at: Planted::Facts });
    Statement::Sealed(record)
}
