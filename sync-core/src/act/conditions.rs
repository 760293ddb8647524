//! Conditions that several kinds share. Each notes what does not hold.

use crate::case::Case;
use crate::case::act::{Context, Unmet};
use crate::case::offer::Offer;
use crate::domain::account::Role;
use crate::domain::hazard::Clause;
use crate::domain::procedure::{Ground, Grounds, Procedure};
use crate::id::{DepartmentId, EnterpriseId, HazardId, InspectionId, NoticeId, PersonId};
use crate::refusal::{Code, Refusal};

use super::hazard::HazardCase;
use super::state;

/// The author has one of the roles.
pub(super) fn role(context: &Context<'_>, roles: &[Role], unmet: &mut Unmet) {
    unmet.require(roles.contains(&context.author.role), Code::RoleNotAllowed);
}

/// The author is an inspector with a certificate.
pub(super) fn officer(context: &Context<'_>, unmet: &mut Unmet) {
    role(context, &[Role::Inspector], unmet);
    let uncertified =
        context.author.role == Role::Inspector && context.author.certificate.is_none();
    unmet.require(!uncertified, Code::CertificateMissing);
}

/// The author belongs to the department.
pub(super) fn of_department(context: &Context<'_>, department: &DepartmentId, unmet: &mut Unmet) {
    let own = context.author.department.as_ref() == Some(department);
    unmet.require(own, Code::OtherDepartment);
}

/// The notice is issued and the author speaks for the enterprise that it orders to act.
pub(super) fn of_enterprise(
    context: &Context<'_>,
    enterprise: Option<EnterpriseId>,
    unmet: &mut Unmet,
) {
    unmet.require(enterprise.is_some(), Code::NoticeNotIssued);
    role(context, &[Role::Enterprise], unmet);
    let own = enterprise.is_none() || context.author.enterprise == enterprise;
    unmet.require(own || context.author.role != Role::Enterprise, Code::OtherEnterprise);
}

/// The author is a supervisor of the department.
pub(super) fn supervisor(
    context: &Context<'_>,
    department: Option<&DepartmentId>,
    unmet: &mut Unmet,
) {
    role(context, &[Role::Supervisor], unmet);
    match department {
        Some(department) if context.author.role == Role::Supervisor => {
            of_department(context, department, unmet);
        }
        Some(_) => {}
        None => unmet.require(false, Code::NoticeNotIssued),
    }
}

/// The author is an officer of the department that issued the notice.
pub(super) fn officer_of_notice(
    context: &Context<'_>,
    department: Option<&DepartmentId>,
    unmet: &mut Unmet,
) {
    officer(context, unmet);
    match department {
        Some(department) if context.author.role == Role::Inspector => {
            of_department(context, department, unmet);
        }
        Some(_) => {}
        None => unmet.require(false, Code::NoticeNotIssued),
    }
}

/// The notice orders the hazard.
pub(super) fn ordered<'c>(
    case: &'c Case,
    notice: NoticeId,
    hazard: HazardId,
    unmet: &mut Unmet,
) -> Option<HazardCase<'c>> {
    if case.notice(notice).is_none() {
        unmet.require(false, Code::NoticeNotIssued);
        return None;
    }
    let ordered = case.hazard(hazard).filter(|it| it.is_ordered_by(notice));
    unmet.require(ordered.is_some(), Code::HazardUnknown);
    ordered
}

/// What a part of the procedure rests on.
pub(super) type Part = fn(&Grounds) -> &Ground;

/// The bounds of the procedure where a part of them binds; see [`Ground::binds`].
pub(super) fn binding<'a>(context: &Context<'a>, part: Part) -> Option<&'a Procedure> {
    let bounds = context.zone.procedure(context.stated.date());
    bounds.filter(|bounds| part(&bounds.grounds).binds())
}

/// An offer that tells what the procedure says in a part that does not bind, with what that rests on.
pub(super) fn told(
    offer: Offer,
    context: &Context<'_>,
    part: Part,
    says: impl FnOnce(&Procedure) -> Option<String>,
) -> Offer {
    let bounds = context.zone.procedure(context.stated.date());
    let loose = bounds.filter(|bounds| !part(&bounds.grounds).binds());
    let told = loose.and_then(|bounds| Some((says(bounds)?, part(&bounds.grounds))));
    match told {
        Some((says, ground)) => offer.background(format!("{says}（{}）", doubt(ground, context))),
        None => offer,
    }
}

fn doubt(ground: &Ground, context: &Context<'_>) -> String {
    let title = |it: &Clause| {
        let law = context.zone.laws.iter().find(|law| law.id == it.document);
        format!("《{}》{}", law.map_or(&it.document, |law| &law.title), it.clause)
    };
    let clauses: Vec<String> = ground.basis.iter().map(title).collect();
    match clauses.as_slice() {
        [] => "依据尚未核实，仅作提示".to_owned(),
        clauses => format!("{}，尚未核实，仅作提示", clauses.join("、")),
    }
}

/// The bounds of the procedure that ask for two officers; none where one is enough.
pub(super) fn two_officers<'a>(context: &Context<'a>) -> Option<&'a Procedure> {
    binding(context, |it| &it.two_officers).filter(|bounds| bounds.two_officers)
}

/// An offer that tells that two officers are asked for, where that does not bind.
pub(super) fn two_officers_told(offer: Offer, context: &Context<'_>) -> Offer {
    told(
        offer,
        context,
        |it| &it.two_officers,
        |bounds| bounds.two_officers.then(|| "规定应由两名执法人员办理，送达应有证明".to_owned()),
    )
}

/// An offer that tells how many terms officers may set after failed rechecks, and how long, where that does not bind.
pub(super) fn retries_told(offer: Offer, context: &Context<'_>) -> Offer {
    told(
        offer,
        context,
        |it| &it.retries,
        |bounds| {
            let (times, days) = (bounds.retries, bounds.retry_days);
            Some(format!("规定执法人员再次限期至多 {times} 次，每次至多 {days} 日"))
        },
    )
}

/// An offer that tells how many extensions there may be, and how long, where that does not bind.
pub(super) fn extensions_told(offer: Offer, context: &Context<'_>) -> Offer {
    told(
        offer,
        context,
        |it| &it.extensions,
        |bounds| {
            let (times, days) = (bounds.extensions, bounds.extension_days);
            Some(format!("规定延期至多 {times} 次，每次至多 {days} 日"))
        },
    )
}

/// Another officer of the department with a certificate is named, who will sign too.
pub(super) fn second_officer(
    second: Option<PersonId>,
    department: Option<&DepartmentId>,
    context: &Context<'_>,
    unmet: &mut Unmet,
) {
    let known = second.filter(|it| *it != context.author.id);
    let officer = known.and_then(|it| context.zone.officer(it));
    let fits = officer.is_some_and(|it| department.is_none_or(|own| it.department == *own));
    if !fits && (second.is_some() || two_officers(context).is_some()) {
        unmet.add(Refusal::new(Code::TwoOfficersNeeded).field("second"));
    }
}

/// What the enterprise must not read is stated in the stream of the visit.
pub(super) fn internal(case: &Case, inspection: Option<InspectionId>, unmet: &mut Unmet) {
    unmet.require(inspection.is_some(), Code::InternalMatter);
    let Some(inspection) = inspection else { return };
    match case.plan() {
        None => unmet.require(false, Code::NotPlanned),
        Some(plan) => unmet.require(plan.body.inspection == inspection, Code::WrongStream),
    }
}

/// The hazard is not closed, dismissed or fixed on the spot.
pub(super) fn unsettled(hazard: &HazardCase<'_>, unmet: &mut Unmet) {
    unmet.require(!state::of_hazard(hazard).is_settled(), Code::HazardClosed);
}

/// The notice orders the hazard, it is served, and the hazard is not settled.
pub(super) fn open<'c>(
    case: &'c Case,
    notice: NoticeId,
    hazard: HazardId,
    unmet: &mut Unmet,
) -> Option<HazardCase<'c>> {
    let hazard = ordered(case, notice, hazard, unmet)?;
    unmet.require(hazard.service().is_some(), Code::NotServed);
    unsettled(&hazard, unmet);
    Some(hazard)
}
