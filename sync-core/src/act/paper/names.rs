//! Which papers the facts of a case give, and where each of them belongs.

use std::collections::BTreeMap;

use crate::act::notice::{Escalated, ExtensionDecision, Recheck, SupervisionListed};
use crate::act::visit::MeasureOrdered;
use crate::case::{Case, Of};
use crate::domain::escalation::Escalation;
use crate::domain::notice::Service;
use crate::domain::papers::PaperKind;
use crate::id::{FactId, HazardId};
use crate::ledger::stream::StreamId;

/// What names a paper, in all its editions: its kind and the fact that it rests on.
pub type PaperName = (PaperKind, FactId);

/// The papers of a case, by kind, then in the order in which their facts count.
#[must_use]
pub fn names(case: &Case) -> Vec<PaperName> {
    let mut names = Vec::new();
    let of = |kind| move |fact| (kind, fact);
    if let Some(plan) = case.plan() {
        names.push((PaperKind::InspectionPlan, plan.fact));
        names.push((PaperKind::VisitNotice, plan.fact));
    }
    let ordered = case.every::<MeasureOrdered>().map(|it| it.fact);
    names.extend(ordered.map(of(PaperKind::MeasureDecision)));
    let records = case.seal().map(|it| it.fact).into_iter();
    let records = records.chain(case.supplements().map(|it| it.fact));
    names.extend(records.map(of(PaperKind::InspectionRecord)));
    names.extend(case.notices().map(|it| it.fact).map(of(PaperKind::RectificationNotice)));
    names.extend(case.every::<Service>().map(|it| it.fact).map(of(PaperKind::ProofOfService)));
    let decided = case.every::<ExtensionDecision>().map(|it| it.fact);
    names.extend(decided.map(of(PaperKind::Extension)));
    let first = case
        .every::<Recheck>()
        .filter(|it| opinion(case, *it).first().is_some_and(|first| first.fact == it.fact));
    names.extend(first.map(|it| it.fact).map(of(PaperKind::RecheckOpinion)));
    let listed = case.every::<SupervisionListed>().map(|it| it.fact);
    names.extend(listed.map(of(PaperKind::ListedSupervision)));
    let referred = case.every::<Escalated>().filter(|it| it.body.step == Escalation::Referral);
    names.extend(referred.map(|it| it.fact).map(of(PaperKind::Referral)));
    names
}

/// The rechecks that one opinion holds, in the order in which they count: of one notice, by one officer, on one day. A
/// hazard stands in it once; one that is rechecked again that day begins another opinion.
#[must_use]
pub fn opinion<'c>(case: &'c Case, one: Of<'c, Recheck>) -> Vec<Of<'c, Recheck>> {
    let on = one.wall.date();
    let same = |it: &Of<'_, Recheck>| {
        it.body.notice == one.body.notice && it.by == one.by && it.wall.date() == on
    };
    let mut all: Vec<_> = case.every::<Recheck>().filter(same).collect();
    all.sort_by_key(|it| (it.place.unwrap_or(u64::MAX), it.at, it.fact));
    let mut times: BTreeMap<HazardId, usize> = BTreeMap::new();
    let ranked = all.into_iter().map(|it| {
        let time = times.entry(it.body.hazard).or_default();
        *time += 1;
        (*time, it)
    });
    let ranked: Vec<_> = ranked.collect();
    let rank = ranked.iter().find(|(_, it)| it.fact == one.fact).map(|(time, _)| *time);
    ranked.into_iter().filter(|(time, _)| Some(*time) == rank).map(|(_, it)| it).collect()
}

/// The stream in which a paper is issued: that of the fact that it rests on, for a notice the one that the enterprise
/// reads. None while there is no such stream, and for what lies around the papers of a file.
#[must_use]
pub fn stream_of(case: &Case, (kind, fact): PaperName) -> Option<StreamId> {
    if kind == PaperKind::RectificationNotice {
        return case.issued_by(fact).map(|it| it.about.stream);
    }
    case.stated().iter().find(|it| it.fact == fact).map(|it| it.about.stream)
}
