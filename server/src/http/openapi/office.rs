//! Samples of what people at a desk ask for.

use serde_json::Value;
use sync_core::act::Statement;
use sync_core::act::state::{HazardState, HazardStatus, InspectionState};
use sync_core::act::visit::Arrival;
use sync_core::domain::hazard::Grade;
use sync_core::id::{Digest, EnterpriseId, HazardId, InspectionId, NoticeId};
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Code;
use sync_core::time::TimeBounds;
use sync_core::wire::api_office::{
    CaseHazard, CaseTimeline, HazardListRow, HazardPage, QuarantineDecision, QuarantineItem,
    QuarantinePage, QuarantineState, TimelineEntry, WeeklyCounts, WeeklyReport, WeeklyRow,
};

use super::sample::{AT, DEVICE, PERSON, value};

const INSPECTION: InspectionId =
    InspectionId::from_bytes(*b"\x10\xd6\x86\xdc\x22\x37\x4d\xb6\xb2\xc2\x36\xe5\x8e\xc4\xcd\x03");
const NOTICE: NoticeId =
    NoticeId::from_bytes(*b"\x20\xd6\x86\xdc\x22\x37\x4d\xb6\xb2\xc2\x36\xe5\x8e\xc4\xcd\x04");
const HAZARD: HazardId =
    HazardId::from_bytes(*b"\x30\xd6\x86\xdc\x22\x37\x4d\xb6\xb2\xc2\x36\xe5\x8e\xc4\xcd\x05");
const ENTERPRISE: EnterpriseId =
    EnterpriseId::from_bytes(*b"\x40\xd6\x86\xdc\x22\x37\x4d\xb6\xb2\xc2\x36\xe5\x8e\xc4\xcd\x06");

fn hazard() -> Option<HazardListRow> {
    Some(HazardListRow {
        hazard: HAZARD,
        inspection: Some(INSPECTION),
        notice: Some(NOTICE),
        number: Some("（枣高）应急责改〔2026〕12号".to_owned()),
        enterprise: ENTERPRISE,
        enterprise_name: "枣庄高新区某某有限公司".to_owned(),
        street: "370403003".to_owned(),
        sectors: vec!["GM".to_owned()],
        department: "yingji".parse().ok()?,
        grade: Grade::General,
        description: "配电箱未上锁".to_owned(),
        place: "一车间".to_owned(),
        state: HazardState::Rectifying,
        state_title: HazardState::Rectifying.title().to_owned(),
        overdue: false,
        deadline: Some(AT.date().plus_days(15)),
        extension_pending: false,
        round: 1,
        escalation: None,
        found_at: AT,
        closed_at: None,
    })
}

pub(crate) fn hazards() -> Value {
    let next = Some(format!("{}~{HAZARD}", AT.as_millis()));
    value(HazardPage { at: AT, total: 1, rows: hazard().into_iter().collect(), next })
}

pub(crate) fn case() -> Value {
    let statement = Statement::Arrived(Arrival {
        inspection: INSPECTION,
        certificate_shown: true,
        plate: None,
        fix: None,
    });
    let entry = TimelineEntry {
        fact: Digest::of(b"fact"),
        stream: StreamId::inspection(INSPECTION),
        place: 2,
        received_at: AT,
        kind: "arrived".to_owned(),
        title: "到达现场".to_owned(),
        author: PERSON,
        author_name: Some("何桐".to_owned()),
        device: DEVICE,
        claimed_at: AT,
        bounds: TimeBounds { not_before: Some(AT), not_after: AT, wall_plausible: true },
        bytes: 260,
        statement,
    };
    let status = HazardStatus {
        state: HazardState::Rectifying,
        grade: Some(Grade::General),
        overdue: false,
        deadline: None,
        days_left: None,
        extension_pending: false,
        round: 1,
        escalation: None,
    };
    value(CaseTimeline {
        inspection: Some(INSPECTION),
        notice: Some(NOTICE),
        state: Some(InspectionState::NoticeIssued),
        hazards: vec![CaseHazard { hazard: HAZARD, status }],
        entries: vec![entry],
    })
}

fn item() -> QuarantineItem {
    QuarantineItem {
        item: Digest::of(b"item"),
        title: Some("到达现场".to_owned()),
        stream: Some(StreamId::inspection(INSPECTION)),
        author: PERSON,
        author_name: Some("何桐".to_owned()),
        device: DEVICE,
        department: "yingji".parse().ok(),
        code: Code::AuthorRevoked,
        sentence: Code::AuthorRevoked.sentence().to_owned(),
        detail: Some("before".to_owned()),
        received_at: AT,
        claimed_at: Some(AT),
        bytes: 260,
        state: QuarantineState::Waiting,
        decided_by: None,
        decided_at: None,
        reason: None,
    }
}

pub(crate) fn quarantined() -> Value {
    value(item())
}

pub(crate) fn quarantine() -> Value {
    value(QuarantinePage { rows: vec![item()], next: None })
}

pub(crate) fn decision() -> Value {
    value(QuarantineDecision {
        accept: true, reason: "经核实，检查发生在停职之前".to_owned()
    })
}

pub(crate) fn weekly() -> Value {
    let counts = WeeklyCounts { found: 12, major: 1, closed: 9, extended: 1, open: 7, overdue: 1 };
    let rows = "yingji".parse().ok().map(|department| WeeklyRow {
        department,
        street: "370403003".to_owned(),
        counts,
    });
    let from = AT.date();
    value(WeeklyReport {
        from,
        to: from.plus_days(6),
        frozen_at: AT,
        total: counts,
        rows: rows.into_iter().collect(),
    })
}
