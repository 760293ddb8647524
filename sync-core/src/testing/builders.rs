//! Plain values with sensible contents. Change fields after building where a test is about them.

use super::cast::{ENTERPRISE, Who, department};
use crate::act::notice::Reply;
use crate::act::visit::{Arrival, Supplement};
use crate::act::{Capture, Statement};
use crate::calendar::Calendars;
use crate::domain::calendar::WorkCalendar;
use crate::domain::evidence::{Photo, Purpose, Source};
use crate::domain::hazard::{Clause, Grade, Hazard, Measure};
use crate::domain::inspection::{
    Answer, Part, Plan, Record, SignOutcome, Verdict, VisitKind, photos,
};
use crate::domain::notice::{DocumentNumber, Notice, NoticeItem, OfficerLine};
use crate::domain::term::Term;
use crate::draft::EditSession;
use crate::id::{BlobHash, DeviceId, Digest, FactId, HazardId, InspectionId, NoticeId, PersonId};
use crate::ledger::stream::StreamId;
use crate::time::{CivilDate, Timestamp};

/// The visit of the tests.
pub const INSPECTION: InspectionId = InspectionId::from_bytes([0x11; 16]);
/// Its notice.
pub const NOTICE: NoticeId = NoticeId::from_bytes([0x22; 16]);
/// A notice that is issued on the spot.
pub const NOTICE_ON_SITE: NoticeId = NoticeId::from_bytes([0x77; 16]);
/// The stream of the visit.
pub const VISIT_STREAM: StreamId = StreamId::inspection(INSPECTION);
/// The stream of the notice.
pub const NOTICE_STREAM: StreamId = StreamId::notice(NOTICE);

/// The n-th hazard.
#[must_use]
pub const fn hazard_id(n: u8) -> HazardId {
    HazardId::from_bytes([0x40 + n; 16])
}

/// The digest of a photo that is told apart by its name.
#[must_use]
pub fn blob(name: &str) -> BlobHash {
    Digest::of(name.as_bytes())
}

/// A date.
#[must_use]
pub fn date(text: &str) -> CivilDate {
    text.parse().expect("a date")
}

/// Ten in the morning of a date in China.
#[must_use]
pub fn morning(text: &str) -> Timestamp {
    date(text).start().plus_millis(10 * 3_600_000)
}

/// A law's clause.
#[must_use]
pub fn clause() -> Clause {
    Clause { document: "AQF".to_owned(), clause: "第三十六条".to_owned() }
}

/// The published calendar of 2026, shortened to what tests of other things need.
#[must_use]
pub fn calendars() -> Calendars {
    let spring = (15..=23).map(|day| date(&format!("2026-02-{day}")));
    let autumn = (1..=7).map(|day| date(&format!("2026-10-0{day}")));
    Calendars::new([WorkCalendar {
        year: 2026,
        version: "1".to_owned(),
        holidays: spring.chain(autumn).collect(),
        workdays: ["2026-02-14", "2026-02-28", "2026-09-20", "2026-10-10"].map(date).to_vec(),
    }])
}

/// A planned unannounced visit of the whole team.
#[must_use]
pub fn plan() -> Plan {
    let team = [
        Who::Lead,
        Who::Second,
        Who::Uncertified,
        Who::Assistant,
        Who::Expert,
        Who::WitnessSupervisor,
    ];
    Plan {
        inspection: INSPECTION,
        enterprise: ENTERPRISE,
        department: department(),
        team: team.map(Who::id).to_vec(),
        kind: VisitKind::Unannounced,
        sectors: vec!["XF".parse().expect("a sector")],
        from: date("2026-11-01"),
        to: date("2026-11-30"),
        approval: "高应急检审〔2026〕12号".to_owned(),
        recheck_of: None,
    }
}

/// An arrival with the certificate shown.
#[must_use]
pub fn arrival() -> Arrival {
    Arrival { inspection: INSPECTION, certificate_shown: true, plate: None, fix: None }
}

/// A photo of a hazard.
#[must_use]
pub fn photo(name: &str, purpose: Purpose, hazard: Option<HazardId>) -> Photo {
    let drawn = purpose == Purpose::Signature;
    Photo {
        blob: blob(name),
        bytes: 240_000,
        width: 1_600,
        height: 1_200,
        purpose,
        hazard,
        source: if drawn { Source::Drawing } else { Source::Camera },
        fix: None,
        derived_from: None,
    }
}

/// The capture of a photo of the first hazard, in the stream where its purpose belongs.
#[must_use]
pub fn capture(name: &str, purpose: Purpose) -> Capture {
    let stream = match purpose {
        Purpose::Found | Purpose::FixedOnSpot | Purpose::Signature => VISIT_STREAM,
        Purpose::Rectified | Purpose::Recheck => NOTICE_STREAM,
    };
    let hazard = (purpose != Purpose::Signature).then_some(hazard_id(1));
    Capture { stream, photo: photo(name, purpose, hazard) }
}

/// The n-th hazard, to be rectified within 15 days, found by the lead.
#[must_use]
pub fn hazard(n: u8, found: &[&str]) -> Hazard {
    Hazard {
        id: hazard_id(n),
        item: Some(format!("XF-{n:02}").parse().expect("an item")),
        description: format!("疏散通道被货物占用，第{n}处"),
        place: "二号仓库东侧".to_owned(),
        basis: clause(),
        grade: Grade::General,
        criterion: None,
        measure: Measure::Rectify { term: Term::natural(15) },
        photos: found.iter().map(|name| blob(name)).collect(),
        found_by: Who::Lead.id(),
    }
}

/// Every other member of the team of [`plan`] than `by`, with a reason why a record is sealed without.
#[must_use]
pub fn without_others(by: Who) -> Vec<Part> {
    let others = plan().team.into_iter().filter(|officer| *officer != by.id());
    let mut parts: Vec<Part> =
        others.map(|officer| Part::without(officer, "由主检人员统一记录")).collect();
    parts.sort_by_key(|part| part.officer);
    parts
}

/// A supplement of these hazards to a sealed record.
#[must_use]
pub fn supplement(seal: FactId, hazards: Vec<Hazard>) -> Supplement {
    let Record { inspection, answers, hazards, manifest, catalogue, draft, .. } = record(hazards);
    Supplement { inspection, seal, answers, hazards, manifest, catalogue, draft }
}

/// A record of these hazards with one answer each, sealed by the lead without the parts of the others.
#[must_use]
pub fn record(mut hazards: Vec<Hazard>) -> Record {
    hazards.sort_by_key(|hazard| hazard.id);
    let manifest: std::collections::BTreeSet<BlobHash> =
        hazards.iter().flat_map(photos).copied().collect();
    let mut answers: Vec<Answer> = hazards
        .iter()
        .filter_map(|hazard| hazard.item.clone())
        .map(|item| Answer { item, verdict: Verdict::Fail, note: String::new() })
        .collect();
    answers.sort_by(|a, b| a.item.cmp(&b.item));
    Record {
        draft: Vec::new(),
        inspection: INSPECTION,
        arrived: morning("2026-11-02"),
        finished: morning("2026-11-02").plus_millis(3_600_000),
        answers,
        hazards,
        manifest: manifest.into_iter().collect(),
        catalogue: "2026-11-01".to_owned(),
        parts: without_others(Who::Lead),
    }
}

/// A refusal to sign.
#[must_use]
pub fn refused() -> SignOutcome {
    SignOutcome::Refused {
        reason: "负责人称需请示".to_owned(), witness: Some("王某".to_owned())
    }
}

/// A notice of these items.
#[must_use]
pub fn notice(items: Vec<NoticeItem>, serial: u32) -> Notice {
    let officer = |who: Who| {
        let person = who.person();
        OfficerLine {
            id: person.id,
            name: person.name,
            certificate: person.certificate.unwrap_or_default(),
        }
    };
    Notice {
        id: NOTICE,
        number: DocumentNumber {
            area: "枣高".to_owned(),
            series: "应急责改".to_owned(),
            year: 2026,
            serial,
        },
        enterprise: ENTERPRISE,
        department: department(),
        officers: [Who::Lead, Who::Second].map(officer).to_vec(),
        issued_on: date("2026-11-02"),
        items,
    }
}

/// A reply for the first hazard with these photos.
#[must_use]
pub fn reply(names: &[&str]) -> Statement {
    Statement::Replied(Reply {
        notice: NOTICE,
        hazard: hazard_id(1),
        measures: "已清理通道并划线".to_owned(),
        responsible: "张某".to_owned(),
        finished_on: date("2026-11-05"),
        photos: names.iter().map(|name| blob(name)).collect(),
    })
}

/// A writing session of a person; `n` tells several apart.
#[must_use]
pub const fn edit_session(person: PersonId, n: u8) -> EditSession {
    EditSession::new(person, DeviceId::from_bytes([n; 16]), [n; 16])
}
