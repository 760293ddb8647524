//! Which papers the facts of a case give, and where each of them belongs.

use std::collections::BTreeMap;

use crate::act::notice::{Escalated, Recheck};
use crate::act::visit::IssuedOnSite;
use crate::case::{Case, Of, Stated};
use crate::domain::escalation::Escalation;
use crate::domain::inspection::{Plan, Record};
use crate::domain::papers::PaperKind;
use crate::id::{FactId, HazardId};
use crate::ledger::stream::StreamId;

/// What names a paper, in all its editions: its kind and the fact that it rests on.
pub type PaperName = (PaperKind, FactId);

/// The papers of a case, by kind, then in the order in which their facts count.
#[must_use]
pub fn names(case: &Case) -> Vec<PaperName> {
    let given = case.stated().iter().filter(|it| !it.kind.papers.is_empty() && gives(case, it));
    let mut names: Vec<PaperName> =
        given.flat_map(|it| it.kind.papers.iter().map(|kind| (*kind, it.fact))).collect();
    names.sort_by_key(|(kind, _)| *kind);
    names
}

/// Whether a statement gives its papers: of what counts once the first one does, several rechecks give one opinion, and
/// one step of pressure has a paper.
fn gives(case: &Case, stated: &Stated) -> bool {
    if let Some(plan) = stated.as_act::<Plan>() {
        return case.plan().is_some_and(|it| it.fact == plan.fact);
    }
    if let Some(seal) = stated.as_act::<Record>() {
        return case.seal().is_some_and(|it| it.fact == seal.fact);
    }
    if stated.as_act::<IssuedOnSite>().is_some() {
        return case.unrepeated().any(|it| it.fact == stated.fact);
    }
    if let Some(recheck) = stated.as_act::<Recheck>() {
        return opinion(case, recheck).first().is_some_and(|it| it.fact == recheck.fact);
    }
    stated.as_act::<Escalated>().is_none_or(|it| it.body.step == Escalation::Referral)
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
