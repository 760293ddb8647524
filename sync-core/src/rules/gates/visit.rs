//! The visit: plan, arrival, photos, decisions, seal, signatures.

use super::{Context, captured, of_department, officer, refuse, require, role};
use crate::domain::account::{Person, Role};
use crate::domain::evidence::Purpose;
use crate::domain::hazard::{Hazard, Measure};
use crate::domain::inspection::{Plan, Record};
use crate::id::{FactId, PersonId};
use crate::ledger::case::{Case, Stated};
use crate::ledger::statement::{Capture, Cosign, ParallelDecision, PartySign, StreamId};
use crate::refusal::{Code, Refusal};
use crate::rules::status;

/// A supervisor plans for the own department, which must have enforcement power.
pub(super) fn plan(it: &Plan, case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    role(context, &[Role::Supervisor])?;
    of_department(context, &it.department)?;
    let power = |known: &crate::domain::catalogue::Department| {
        known.id == it.department && known.enforcement
    };
    require(context.departments.iter().any(power), Code::DepartmentNoPower)?;
    require(case.plan.is_none(), Code::AlreadyExists)
}

fn on_team<'c>(case: &'c Case, person: &Person) -> Result<&'c Stated<Plan>, Refusal> {
    let plan = case.plan.as_ref().ok_or(Refusal::new(Code::NotPlanned))?;
    require(plan.body.team.contains(&person.id), Code::NotOnTeam)?;
    Ok(plan)
}

/// An officer's own arrival counts, so that the answer does not hang on which phone of the team was
/// heard first. Who cannot arrive as an officer needs none.
fn arrived(case: &Case, person: &Person) -> Result<(), Refusal> {
    let own = case.arrivals.iter().any(|arrival| arrival.by == person.id);
    require(own, Code::NotArrived)
}

pub(super) fn arrive(case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    officer(context)?;
    on_team(case, context.author)?;
    require(case.seal.is_none(), Code::AlreadySealed)?;
    let again = case.arrivals.iter().any(|arrival| arrival.by == context.author.id);
    require(!again, Code::AlreadyExists)
}

/// Photos of the visit by its team, experts and assistants included; photos of the rectification
/// by the enterprise; photos of the recheck by officers of the department.
pub(super) fn capture(it: &Capture, case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    let photo = &it.photo;
    let original = photo.derived_from.is_none_or(|of| case.photos.contains_key(&of));
    require(original, Code::PhotoUnknown)?;
    match (it.stream, photo.purpose) {
        (StreamId::Inspection(_), Purpose::Found | Purpose::FixedOnSpot) => {
            role(context, &[Role::Inspector, Role::Assistant, Role::Expert])?;
            on_team(case, context.author)?;
            if context.author.role == Role::Inspector {
                arrived(case, context.author)?;
            }
            require(case.seal.is_none(), Code::AlreadySealed)?;
            require(photo.hazard.is_some(), Code::HazardUnknown)
        }
        (StreamId::Inspection(_), Purpose::Signature) => {
            officer(context)?;
            on_team(case, context.author)?;
            require(case.seal.is_some(), Code::NotSealed)
        }
        (StreamId::Notice(_), Purpose::Rectified) => {
            let notice = case.notice.as_ref().ok_or(Refusal::new(Code::NoticeNotIssued))?;
            super::of_enterprise(context, notice.body.enterprise)?;
            let hazard = photo.hazard.ok_or(Refusal::new(Code::HazardUnknown))?;
            super::open(case, hazard, context.now).map(drop)
        }
        (StreamId::Notice(_), Purpose::Recheck) => {
            let notice = case.notice.as_ref().ok_or(Refusal::new(Code::NoticeNotIssued))?;
            officer(context)?;
            of_department(context, &notice.body.department)?;
            let hazard = photo.hazard.ok_or(Refusal::new(Code::HazardUnknown))?;
            super::open(case, hazard, context.now).map(drop)
        }
        (StreamId::Inspection(_), Purpose::Rectified | Purpose::Recheck)
        | (StreamId::Notice(_), Purpose::Found | Purpose::FixedOnSpot | Purpose::Signature) => {
            refuse(Code::WrongStream)
        }
    }
}

/// Who decides between differing values: the first officer of the team.
#[must_use]
pub fn decider(case: &Case) -> Option<PersonId> {
    case.plan.as_ref().and_then(|plan| plan.body.team.first().copied())
}

pub(super) fn decide_parallel(
    it: &ParallelDecision,
    case: &Case,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    officer(context)?;
    on_team(case, context.author)?;
    require(decider(case) == Some(context.author.id), Code::NotTheDecider)?;
    require(case.seal.is_none(), Code::AlreadySealed)?;
    let distinct: std::collections::BTreeSet<_> = it.values.iter().map(|v| &v.value).collect();
    require(distinct.len() > 1, Code::NothingToDecide)
}

pub(super) fn seal(it: &Record, case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    officer(context)?;
    on_team(case, context.author)?;
    arrived(case, context.author)?;
    require(case.seal.is_none(), Code::AlreadySealed)?;
    it.hazards.iter().try_for_each(|hazard| sealed_hazard(hazard, case))
}

fn sealed_hazard(hazard: &Hazard, case: &Case) -> Result<(), Refusal> {
    captured(case, &hazard.photos, Purpose::Found, hazard.id)?;
    match &hazard.measure {
        Measure::Rectify { .. } => Ok(()),
        Measure::FixedOnSpot { after } => captured(case, after, Purpose::FixedOnSpot, hazard.id),
    }
}

fn sealed(case: &Case, seal: FactId) -> Result<&Stated<Record>, Refusal> {
    let sealed = case.seal.as_ref().ok_or(Refusal::new(Code::NotSealed))?;
    require(sealed.fact == seal, Code::SealMismatch)?;
    Ok(sealed)
}

/// Another officer of the team than the one who sealed.
pub(super) fn cosign(it: &Cosign, case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    officer(context)?;
    on_team(case, context.author)?;
    let sealed = sealed(case, it.seal)?;
    require(sealed.by != context.author.id, Code::SamePerson)?;
    let again = case.cosigns.iter().any(|cosign| cosign.by == context.author.id);
    require(!again, Code::AlreadyExists)
}

/// An officer records how the enterprise's person met the record.
pub(super) fn party_sign(
    it: &PartySign,
    case: &Case,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    officer(context)?;
    on_team(case, context.author)?;
    sealed(case, it.seal)?;
    if let crate::domain::inspection::SignOutcome::Signed { drawing, .. } = &it.outcome {
        let drawn = case.photos.get(drawing);
        let drawn = drawn.is_some_and(|drawn| drawn.body.photo.purpose == Purpose::Signature);
        require(drawn, Code::PhotoUnknown)?;
    }
    require(case.party.is_none(), Code::AlreadyExists)?;
    status::require_known(case)
}
