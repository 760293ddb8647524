//! What follows the notice: service, the decision on a major grade, replies, extensions, rechecks, closure,
//! escalation, dismissal.

use std::collections::BTreeSet;

use super::{
    Context, captured, fresh, of_department, of_enterprise, officer, open, ordered, require, role,
};
use crate::domain::account::Role;
use crate::domain::evidence::Purpose;
use crate::domain::hazard::Grade;
use crate::domain::notice::{Notice, Service, ServiceMethod};
use crate::id::{HazardId, PersonId};
use crate::ledger::case::{Case, HazardCase};
use crate::ledger::statement::{ClosureDecision, ExtensionDecision, Recheck, Reply};
use crate::refusal::{Code, Refusal};
use crate::rules::{deadline, status};

fn notice(case: &Case) -> Result<&Notice, Refusal> {
    case.notice.as_ref().map(|it| &it.body).ok_or(Refusal::new(Code::NoticeNotIssued))
}

fn supervisor(case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    role(context, &[Role::Supervisor])?;
    of_department(context, &notice(case)?.department)
}

/// The enterprise confirms in the system, or an officer hands over or leaves the paper.
pub(super) fn serve(it: &Service, case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    let notice = notice(case)?;
    match it.method {
        ServiceMethod::Electronic => of_enterprise(context, notice.enterprise)?,
        ServiceMethod::InPerson | ServiceMethod::Left => {
            officer(context)?;
            of_department(context, &notice.department)?;
        }
    }
    require(case.service.is_none(), Code::AlreadyServed)
}

/// A supervisor who took no part in the visit decides on a major grade, once, from the issue of the notice until the
/// hazard is settled. Neither service nor rectification waits for it.
pub(super) fn decide_major(
    id: HazardId,
    case: &Case,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    supervisor(case, context)?;
    let hazard = ordered(case, id)?;
    require(!status::hazard(case, id, context.now)?.state.is_settled(), Code::HazardClosed)?;
    require(graded_major(hazard), Code::NotMajor)?;
    require(!visited(case, hazard).contains(&context.author.id), Code::SamePerson)?;
    require(hazard.major_decision.is_none(), Code::AlreadyDecided)
}

/// Whether the notice says major, whatever was decided since.
fn graded_major(hazard: &HazardCase) -> bool {
    hazard.item.as_ref().is_some_and(|item| item.grade == Grade::Major)
}

pub(super) fn reply(it: &Reply, case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    of_enterprise(context, notice(case)?.enterprise)?;
    let hazard = open(case, it.hazard, context.now)?;
    fresh(hazard, &it.photos)?;
    captured(case, &it.photos, Purpose::Rectified, it.hazard)
}

pub(super) fn request_extension(
    id: HazardId,
    case: &Case,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    of_enterprise(context, notice(case)?.enterprise)?;
    let hazard = open(case, id, context.now)?;
    require(status::pending_extension(hazard).is_none(), Code::ExtensionPending)?;
    let late = hazard
        .deadlines
        .last()
        .is_some_and(|last| deadline::has_passed(&last.body.deadline, context.now));
    require(!late, Code::ExtensionTooLate)
}

pub(super) fn decide_extension(
    it: &ExtensionDecision,
    case: &Case,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    supervisor(case, context)?;
    let hazard = open(case, it.hazard, context.now)?;
    let asked = hazard.extension_requests.iter().any(|request| request.fact == it.request);
    require(asked, Code::ExtensionUnknown)?;
    let decided = hazard.extension_decisions.iter().any(|known| known.body.request == it.request);
    require(!decided, Code::AlreadyDecided)
}

/// An officer of the department looks again, after the reply or once the deadline has passed.
pub(super) fn recheck(it: &Recheck, case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    may_recheck(it.hazard, case, context)?;
    let hazard = open(case, it.hazard, context.now)?;
    require(!it.passed || !it.photos.is_empty(), Code::PhotoNeeded)?;
    fresh(hazard, &it.photos)?;
    captured(case, &it.photos, Purpose::Recheck, it.hazard)
}

pub(super) fn may_recheck(id: HazardId, case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    officer(context)?;
    of_department(context, &notice(case)?.department)?;
    let hazard = open(case, id, context.now)?;
    let overdue = status::hazard(case, id, context.now)?.overdue;
    require(overdue || status::open_reply(hazard).is_some(), Code::NotReplied)?;
    require(status::passed_recheck(hazard).is_none(), Code::AlreadyExists)
}

/// 销号: a supervisor who neither inspected nor rectified, on a passed recheck, looking at photos of
/// the state after that are not the found ones. A major grade is decided before.
pub(super) fn close(
    it: &ClosureDecision,
    case: &Case,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    may_close(it.hazard, case, context)?;
    let hazard = open(case, it.hazard, context.now)?;
    let recheck = status::passed_recheck(hazard).ok_or(Refusal::new(Code::NotRechecked))?;
    require(recheck.fact == it.recheck, Code::NotRechecked)?;
    if !it.approved {
        return Ok(());
    }
    require(!it.evidence.is_empty(), Code::PhotoNeeded)?;
    let found = hazard.item.iter().flat_map(|item| &item.photos);
    let reused = found.into_iter().any(|blob| it.evidence.contains(blob));
    require(!reused, Code::PhotoReused)?;
    let mut after = status::round_photos(hazard);
    after.extend(&recheck.body.photos);
    require(it.evidence.iter().all(|blob| after.contains(blob)), Code::PhotoUnknown)
}

pub(super) fn may_close(id: HazardId, case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    supervisor(case, context)?;
    let hazard = open(case, id, context.now)?;
    require(status::passed_recheck(hazard).is_some(), Code::NotRechecked)?;
    require(!involved(case, hazard).contains(&context.author.id), Code::SamePerson)?;
    require(!graded_major(hazard) || hazard.major_decision.is_some(), Code::MajorUndecided)
}

/// Everyone who inspected, graded or signed: whoever was on the team could write the draft.
fn visited(case: &Case, hazard: &HazardCase) -> BTreeSet<PersonId> {
    let officers = case.notice.iter().flat_map(|notice| &notice.body.officers).map(|it| it.id);
    officers
        .chain(case.plan.iter().flat_map(|plan| plan.body.team.iter().copied()))
        .chain(case.seal.iter().map(|seal| seal.by))
        .chain(case.cosigns.iter().map(|cosign| cosign.by))
        .chain(hazard.record.iter().map(|record| record.found_by))
        .collect()
}

/// Everyone who took part in the visit, rectified or rechecked.
fn involved(case: &Case, hazard: &HazardCase) -> BTreeSet<PersonId> {
    let mut people = visited(case, hazard);
    people.extend(hazard.replies.iter().map(|reply| reply.by));
    people.extend(hazard.rechecks.iter().map(|recheck| recheck.by));
    people
}

pub(super) fn escalate(id: HazardId, case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    role(context, &[Role::Supervisor, Role::Coordinator])?;
    if context.author.role == Role::Supervisor {
        of_department(context, &notice(case)?.department)?;
    }
    open(case, id, context.now).map(drop)
}

pub(super) fn propose_dismissal(
    id: HazardId,
    case: &Case,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    officer(context)?;
    of_department(context, &notice(case)?.department)?;
    ordered(case, id)?;
    require(!status::hazard(case, id, context.now)?.state.is_settled(), Code::HazardClosed)
}

/// A supervisor confirms what another person proposed.
pub(super) fn dismiss(id: HazardId, case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    supervisor(case, context)?;
    let hazard = ordered(case, id)?;
    require(!status::hazard(case, id, context.now)?.state.is_settled(), Code::HazardClosed)?;
    require(!hazard.dismissal_proposals.is_empty(), Code::NothingToDecide)?;
    let own = hazard.dismissal_proposals.iter().all(|proposal| proposal.by == context.author.id);
    require(!own, Code::SamePerson)
}
