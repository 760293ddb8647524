//! Which papers are complete, so that the server issues them.

use std::collections::BTreeMap;

use super::names::{PaperName, names, opinion, stream_of};
use crate::act::notice::{DeadlineAssigned, ExtensionDecision, Recheck, TermOrdered};
use crate::act::state;
use crate::act::visit::{MeasureOrdered, Supplement};
use crate::case::{About, Case, Of};
use crate::domain::notice::{Notice, Service};
use crate::domain::papers::PaperKind;
use crate::id::{FactId, PersonId};
use crate::ledger::stream::StreamId;
use crate::time::Timestamp;

/// The papers that are complete and were not issued, or were corrected since, by the stream in which they are issued.
#[must_use]
pub fn owed(case: &Case, now: Timestamp) -> BTreeMap<StreamId, Vec<PaperName>> {
    let mut owed: BTreeMap<StreamId, Vec<PaperName>> = BTreeMap::new();
    for name in names(case) {
        let Some(stream) = stream_of(case, name) else { continue };
        // What is kept from the enterprise is not even named where the enterprise reads.
        if name.0.is_internal() && stream.as_notice().is_some() {
            continue;
        }
        let wanted = 1 + case.corrections(stream, name).count();
        if case.editions(name).len() < wanted && is_complete(case, name, now) {
            owed.entry(stream).or_default().push(name);
        }
    }
    owed
}

/// When time alone makes a paper complete: an opinion takes what is rechecked until the end of its day.
pub fn look_again(case: &Case) -> impl Iterator<Item = Timestamp> {
    let open =
        |it: &Of<'_, Recheck>| case.editions((PaperKind::RecheckOpinion, it.fact)).is_empty();
    case.every::<Recheck>().filter(open).map(day_ends)
}

fn day_ends(recheck: Of<'_, Recheck>) -> Timestamp {
    recheck.wall.date().plus_days(1).start()
}

/// Whether nothing is added any more to what a paper says.
fn is_complete(case: &Case, (kind, fact): PaperName, now: Timestamp) -> bool {
    let Some(stated) = case.stated().iter().find(|it| it.fact == fact) else { return false };
    match kind {
        PaperKind::InspectionPlan
        | PaperKind::ListedSupervision
        | PaperKind::Referral
        | PaperKind::ResumptionOpinion => true,
        // Who arrives first says the day of the visit, and until the record is sealed somebody may.
        PaperKind::VisitNotice => case.seal().is_some(),
        // The finding and its clauses come with the record, in which the order stands: another officer signs both.
        PaperKind::MeasureDecision => stated.as_act::<MeasureOrdered>().is_some_and(|it| {
            let sealed = case.hazard(it.body.hazard).and_then(|hazard| hazard.sealed);
            sealed.is_some_and(|it| state::is_cosigned(case, it.fact, it.by))
        }),
        PaperKind::InspectionRecord => match stated.as_act::<Supplement>() {
            Some(added) => state::is_confirmed(case, added),
            None => state::is_signed(case),
        },
        // One from the spot waits until the enterprise can read it.
        PaperKind::RectificationNotice => stated.as_act::<Notice>().is_some(),
        PaperKind::ProofOfService => {
            stated.as_act().is_some_and(|service| is_proved(case, service))
        }
        PaperKind::FurtherTerm => stated.as_act::<TermOrdered>().is_some_and(|it| {
            let mut deadlines = case.all::<DeadlineAssigned>(it.about);
            deadlines.any(|assigned| assigned.body.cause == it.fact)
        }),
        PaperKind::Extension => stated.as_act().is_some_and(|it| is_counted(case, it)),
        PaperKind::RecheckOpinion => stated.as_act().is_some_and(|it| is_given(case, it, now)),
        PaperKind::FileCover | PaperKind::FileIndex => false,
    }
}

/// Both officers have signed, and each deadline that follows is counted.
fn is_proved(case: &Case, service: Of<'_, Service>) -> bool {
    let signed = is_signed_by(case, service.about, service.fact, service.body.second);
    let notice = case.notice(service.body.notice);
    let mut items = notice.into_iter().flat_map(|it| &it.body.items);
    let counted = items.all(|item| {
        let Some(hazard) = case.hazard(item.hazard) else { return true };
        let starts = hazard.service().is_some_and(|it| it.fact == service.fact);
        !starts || hazard.all::<DeadlineAssigned>().any(|it| it.body.cause == service.fact)
    });
    signed && counted
}

/// It was turned down, or the deadline that follows is counted.
fn is_counted(case: &Case, decided: Of<'_, ExtensionDecision>) -> bool {
    let mut deadlines = case.all::<DeadlineAssigned>(decided.about);
    decided.body.granted.is_none() || deadlines.any(|it| it.body.cause == decided.fact)
}

/// Both officers have signed each recheck of it, new terms have their dates, and nothing can be added: every hazard that is still open was rechecked,
/// or the day is over.
fn is_given(case: &Case, first: Of<'_, Recheck>, now: Timestamp) -> bool {
    let signed = |it: Of<'_, Recheck>| is_signed_by(case, it.about, it.fact, it.body.second);
    let opinion = opinion(case, first);
    if !opinion.iter().all(|it| signed(*it) && is_dated(case, *it)) {
        return false;
    }
    let mut items = case.notice(first.body.notice).into_iter().flat_map(|it| &it.body.items);
    let seen = |hazard| opinion.iter().any(|it| it.body.hazard == hazard);
    let settled =
        |hazard| case.hazard(hazard).is_some_and(|hazard| state::of_hazard(&hazard).is_settled());
    day_ends(first) <= now || items.all(|item| seen(item.hazard) || settled(item.hazard))
}

/// A recheck orders no new term, or the deadline that follows from it is counted.
fn is_dated(case: &Case, recheck: Of<'_, Recheck>) -> bool {
    let Some(hazard) = case.hazard(recheck.body.hazard) else { return true };
    let counts = hazard.rechecks().any(|it| it.fact == recheck.fact);
    let mut deadlines = hazard.all::<DeadlineAssigned>();
    let ordered = recheck.body.new_term.is_some() && counts;
    !ordered || deadlines.any(|it| it.body.cause == recheck.fact)
}

fn is_signed_by(case: &Case, about: About, fact: FactId, second: Option<PersonId>) -> bool {
    second.is_none_or(|second| case.is_countersigned(about, fact, second))
}
