//! The visit: plan, arrival, differing opinions, parts, record, supplements, signatures.

mod arrive;
mod cosign;
mod decide;
mod finish_part;
mod issue_on_site;
mod order_measure;
mod party_sign;
mod plan;
mod seal;
mod supplement;

use std::collections::BTreeSet;

pub use arrive::Arrival;
pub use cosign::Cosign;
pub use decide::ParallelDecision;
pub use finish_part::PartFinished;
pub use issue_on_site::IssuedOnSite;
pub use order_measure::MeasureOrdered;
pub use party_sign::PartySign;
pub use supplement::Supplement;

use crate::case::act::{Context, Unmet, Zone};
use crate::case::{Case, Of};
use crate::domain::account::{Person, Role};
use crate::domain::inspection::{Plan, Record};
use crate::id::{FactId, HazardId, PersonId};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

use super::conditions::role;
use super::streams::Audience;

impl Case {
    /// The plan; the first one counts.
    #[must_use]
    pub fn plan(&self) -> Option<Of<'_, Plan>> {
        self.every().next()
    }

    /// The sealed record; the first one counts.
    #[must_use]
    pub fn seal(&self) -> Option<Of<'_, Record>> {
        self.every().next()
    }

    /// What was added to the record after it was sealed, in the order in which it counts.
    pub fn supplements(&self) -> impl Iterator<Item = Of<'_, Supplement>> {
        self.every()
    }

    /// What a member of the team stated last of the own part.
    #[must_use]
    pub fn last_part(&self, person: PersonId) -> Option<Of<'_, PartFinished>> {
        self.every::<PartFinished>().filter(|part| part.by == person).last()
    }

    /// Whether an officer's own arrival is known.
    #[must_use]
    pub fn has_arrived(&self, person: PersonId) -> bool {
        self.every::<Arrival>().any(|arrival| arrival.by == person)
    }

    /// Who decides between differing values: the first officer of the team.
    #[must_use]
    pub fn decider(&self) -> Option<PersonId> {
        self.plan()?.body.team.first().copied()
    }
}

/// The visit is planned and the author is on its team.
pub(super) fn on_team(case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
    match case.plan() {
        None => unmet.require(false, Code::NotPlanned),
        Some(plan) => {
            unmet.require(plan.body.team.contains(&context.author.id), Code::NotOnTeam);
        }
    }
}

/// The author's own arrival counts, so that the order in which the team's phones synchronise does not matter.
/// Assistants and experts cannot arrive and need not.
pub(super) fn arrived(case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
    unmet.require(case.has_arrived(context.author.id), Code::NotArrived);
}

pub(super) fn not_sealed(case: &Case, unmet: &mut Unmet) {
    unmet.require(case.seal().is_none(), Code::AlreadySealed);
}

/// What is stated fits a visit that is under way, or a hazard that the sealed record does not hold: whoever recorded
/// it did not know of the seal, or is about to add it.
pub(super) fn not_recorded(case: &Case, hazard: Option<HazardId>, unmet: &mut Unmet) {
    let outside = hazard.is_some_and(|hazard| case.hazard(hazard).is_none());
    unmet.require(case.seal().is_none() || outside, Code::AlreadySealed);
}

/// The record is sealed, and it is the one that was shown.
fn sealed(case: &Case, seal: FactId, unmet: &mut Unmet) {
    let sealed = case.seal();
    unmet.require(sealed.is_some(), Code::NotSealed);
    unmet.require(sealed.is_none_or(|sealed| sealed.fact == seal), Code::SealMismatch);
}

/// Whoever records at a visit: its inspectors once they have arrived, and the assistants and experts of its team.
pub(super) fn records(case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
    role(context, &[Role::Inspector, Role::Assistant, Role::Expert], unmet);
    on_team(case, context, unmet);
    if context.author.role == Role::Inspector {
        arrived(case, context, unmet);
    }
}

/// Who may write the draft of a visit: the team, until it is sealed.
pub fn check_draft_writer(case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
    on_team(case, context, unmet);
    not_sealed(case, unmet);
}

/// Whether two people check together: what one of them has signed reaches the server by the other one's phone, too.
#[must_use]
pub fn is_colleague(case: &Case, one: &Person, other: &Person) -> bool {
    let on_team = |team: &[PersonId]| team.contains(&one.id) && team.contains(&other.id);
    case.plan().is_some_and(|plan| on_team(&plan.body.team))
}

/// Refuses whoever may not write the draft of a visit.
///
/// # Errors
/// `not_planned`, `not_on_team` or `already_sealed`.
pub fn may_write_draft(person: &Person, case: &Case) -> Result<(), Refusal> {
    let mut unmet = Unmet::default();
    check_draft_writer(
        case,
        &Context::new(person, Timestamp::default(), Zone::default()),
        &mut unmet,
    );
    unmet.into_result()
}

/// Who may read the stream of a visit. Before the first arrival it is known to its team and the department's
/// supervisors alone.
pub(super) fn readers(case: &Case) -> BTreeSet<Audience> {
    let mut readers = planners(case);
    if let (Some(plan), Some(_)) = (case.plan(), case.every::<Arrival>().next()) {
        readers.insert(Audience::Department(plan.body.department.clone()));
    }
    if case.seal().is_some() {
        readers.insert(Audience::Office);
    }
    readers
}

/// Who knows of a visit from its plan on.
pub(super) fn planners(case: &Case) -> BTreeSet<Audience> {
    let Some(plan) = case.plan() else { return BTreeSet::new() };
    let team = plan.body.team.iter().copied().map(Audience::Person);
    team.chain([Audience::Leads(plan.body.department.clone())]).collect()
}
