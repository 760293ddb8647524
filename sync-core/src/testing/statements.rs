//! Statements about the case of [`super::stages`], as someone would make them.

use super::builders::{
    INSPECTION, NOTICE, NOTICE_ON_SITE, blob, capture, clause, date, hazard, hazard_id, notice,
};
use super::cast::{Who, department};
use super::world::World;
use crate::act::notice::{
    ClosureDecision, Countersigned, DismissalProposed, Dismissed, Escalated, ExtensionDecision,
    ExtensionRequest, GradeRaised, MajorDecision, Recheck, RectificationPlan, ResumptionDecision,
    ResumptionRequest, TermOrdered, items_of,
};
use crate::act::numbers::NumbersRequested;
use crate::act::visit::{IssuedOnSite, MeasureOrdered};
use crate::act::{Capture, Statement};
use crate::domain::escalation::Escalation;
use crate::domain::evidence::Purpose;
use crate::domain::notice::{Notice, Service, ServiceMethod};
use crate::domain::numbers::Series;
use crate::domain::site_measure::{SiteMeasure, SiteOrder};
use crate::domain::term::Term;
use crate::id::{BlobHash, FactId, HazardId};

/// The seal of the world, or the name of nothing.
#[must_use]
pub fn seal_of(world: &World) -> FactId {
    world.case.seal().map_or(blob("nothing"), |seal| seal.fact)
}

/// Service by some way.
#[must_use]
pub fn service(method: ServiceMethod) -> Statement {
    let service = Service::new(NOTICE, method, "张某");
    Statement::NoticeServed(match method {
        ServiceMethod::Electronic => Service::agreed(NOTICE, "张某"),
        ServiceMethod::InPerson => Service {
            second: Some(Who::Second.id()),
            signature: Some(blob("received-1")),
            ..service
        },
        ServiceMethod::Left => Service {
            second: Some(Who::Second.id()),
            refusal: Some("称需请示".to_owned()),
            witness: Some("居委会 王某".to_owned()),
            ..service
        },
    })
}

/// The other officer's signature under a service or a recheck.
#[must_use]
pub fn countersigned(hazard: Option<HazardId>, statement: FactId) -> Statement {
    Statement::Countersigned(Countersigned { notice: NOTICE, hazard, statement })
}

/// The order to stop using a device because of the first hazard.
#[must_use]
pub fn measure_ordered() -> Statement {
    Statement::MeasureOrdered(MeasureOrdered {
        inspection: INSPECTION,
        hazard: hazard_id(1),
        order: SiteOrder {
            measures: vec![SiteMeasure::RemoveAtOnce, SiteMeasure::StopUse],
            scope: "二号仓库".to_owned(),
            reason: "疏散通道全部被占用".to_owned(),
            on: date("2026-11-02"),
        },
    })
}

/// The notice of the record as an officer issues it on the spot.
#[must_use]
pub fn issued_on_site(world: &World) -> Statement {
    let recorded = world.case.seal().map(|it| it.body.hazards.clone());
    let recorded = recorded.unwrap_or_else(|| vec![hazard(1, &["found-1"])]);
    let mut notice = notice(items_of(&world.case, &recorded), 107);
    notice.id = NOTICE_ON_SITE;
    notice.officers = Notice::officers_of(&world.case, &world.zone.colleagues);
    notice.issued_on = world.now.date();
    let (lease, paper) = (blob("a lease"), blob("a paper"));
    Statement::IssuedOnSite(IssuedOnSite { inspection: INSPECTION, notice, lease, paper })
}

/// The series of the department's notices in the year of the world.
#[must_use]
pub fn series(world: &World) -> Series {
    let year = world.now.date().year();
    Series { area: "枣高".to_owned(), series: "应急责改".to_owned(), year }
}

/// A device asks for numbers.
#[must_use]
pub fn numbers_requested(world: &World) -> Statement {
    Statement::NumbersRequested(NumbersRequested {
        series: series(world),
        department: department(),
    })
}

/// The enterprise's plan for the first hazard.
#[must_use]
pub fn plan_submitted() -> Statement {
    Statement::PlanSubmitted(RectificationPlan {
        notice: NOTICE,
        hazard: hazard_id(1),
        responsible: "张某，安全科长".to_owned(),
        measures: "清空通道，另设货架".to_owned(),
        funds: "2 万元，自筹".to_owned(),
        until: date("2026-11-15"),
        emergency: "期间停止该仓库作业，专人看守".to_owned(),
    })
}

/// The enterprise asks to go on with what was stopped.
#[must_use]
pub fn resumption_request() -> Statement {
    Statement::ResumptionRequested(ResumptionRequest {
        notice: NOTICE,
        hazard: hazard_id(1),
        measures: "通道已清空".to_owned(),
        photos: blobs(&["after-1"]),
    })
}

/// A decision on the latest request to go on.
#[must_use]
pub fn resumption_decision(world: &World, granted: bool) -> Statement {
    let asked = world.case.hazard(hazard_id(1)).and_then(|it| it.last::<ResumptionRequest>());
    Statement::ResumptionDecided(ResumptionDecision {
        notice: NOTICE,
        hazard: hazard_id(1),
        request: asked.map_or(blob("nothing"), |it| it.fact),
        granted,
        reason: "现场情况与说明一致".to_owned(),
        photos: blobs(&["after-1"]),
    })
}

/// Another term for the first hazard after the latest recheck of the world.
#[must_use]
pub fn term_ordered(world: &World) -> Statement {
    let recheck = world.case.hazard(hazard_id(1)).and_then(|it| it.last::<Recheck>());
    Statement::TermOrdered(TermOrdered {
        notice: NOTICE,
        hazard: hazard_id(1),
        recheck: recheck.map_or(blob("nothing"), |it| it.fact),
        term: Term::natural(5),
        reason: "设备已到货，正在安装".to_owned(),
    })
}

/// The first hazard is major after all.
#[must_use]
pub fn grade_raised() -> Statement {
    Statement::GradeRaised(GradeRaised {
        notice: NOTICE,
        hazard: hazard_id(1),
        criterion: clause(),
        reason: "通道全部堵塞，符合判定标准".to_owned(),
    })
}

/// Ten days more for the first hazard.
#[must_use]
pub fn extension_request() -> Statement {
    Statement::ExtensionRequested(ExtensionRequest {
        notice: NOTICE,
        hazard: hazard_id(1),
        term: Term::natural(10),
        reason: "配件到货延迟".to_owned(),
    })
}

/// A decision on the latest request of the world.
#[must_use]
pub fn extension_decision(world: &World, granted: Option<Term>) -> Statement {
    let asked = world
        .case
        .hazard(hazard_id(1))
        .and_then(|it| it.last::<ExtensionRequest>())
        .map(|it| it.fact);
    Statement::ExtensionDecided(ExtensionDecision {
        notice: NOTICE,
        hazard: hazard_id(1),
        request: asked.unwrap_or(blob("nothing")),
        granted,
        reason: "情况属实".to_owned(),
    })
}

/// A recheck of the first hazard; a failed one orders seven more days.
#[must_use]
pub fn recheck(passed: bool, names: &[&str]) -> Statement {
    Statement::Rechecked(Recheck {
        notice: NOTICE,
        hazard: hazard_id(1),
        passed,
        opinion: if passed { "已整改到位" } else { "通道仍被占用" }.to_owned(),
        photos: blobs(names),
        new_term: (!passed).then_some(Term::natural(7)),
        second: Some(Who::Second.id()),
        reply: None,
    })
}

/// A decision on the latest recheck of the world.
#[must_use]
pub fn closure(world: &World, approved: bool, evidence: &[&str]) -> Statement {
    let recheck =
        world.case.hazard(hazard_id(1)).and_then(|it| it.last::<Recheck>()).map(|it| it.fact);
    Statement::ClosureDecided(ClosureDecision {
        notice: NOTICE,
        hazard: hazard_id(1),
        recheck: recheck.unwrap_or(blob("nothing")),
        approved,
        reason: if approved { "" } else { "照片看不清" }.to_owned(),
        evidence: blobs(evidence),
    })
}

/// A decision on the major grade of the first hazard.
#[must_use]
pub fn major_decision(upheld: bool) -> Statement {
    let reason = if upheld {
        "占用疏散通道，符合判定标准"
    } else {
        "通道余宽仍满足疏散要求"
    };
    Statement::MajorDecided(MajorDecision {
        notice: NOTICE,
        hazard: hazard_id(1),
        upheld,
        reason: reason.to_owned(),
    })
}

/// The proposal to dismiss the first hazard.
#[must_use]
pub fn dismissal_proposed() -> Statement {
    Statement::DismissalProposed(DismissalProposed {
        notice: NOTICE,
        hazard: hazard_id(1),
        reason: "重复登记".to_owned(),
        inspection: Some(INSPECTION),
    })
}

/// The dismissal of the first hazard.
#[must_use]
pub fn dismissed() -> Statement {
    let reason = "重复登记".to_owned();
    Statement::Dismissed(Dismissed { notice: NOTICE, hazard: hazard_id(1), reason })
}

/// A step of the ladder for the first hazard.
#[must_use]
pub fn escalation(step: Escalation) -> Statement {
    let reason = "逾期未整改".to_owned();
    let inspection = step.is_internal().then_some(INSPECTION);
    let to = (step == Escalation::Referral).then(|| "枣庄市公安局高新区分局".to_owned());
    Statement::Escalated(Escalated {
        notice: NOTICE,
        hazard: hazard_id(1),
        step,
        reason,
        inspection,
        to,
    })
}

/// A photo as a statement.
#[must_use]
pub fn captured(name: &str, purpose: Purpose) -> Statement {
    let capture: Capture = capture(name, purpose);
    Statement::Captured(capture)
}

pub(super) fn blobs(names: &[&str]) -> Vec<BlobHash> {
    names.iter().map(|name| blob(name)).collect()
}
