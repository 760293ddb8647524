//! Which papers a case has, and each of them by what names it: its kind and the fact that it rests on.

use serde::{Deserialize, Serialize};

use super::{Paper, Sources};
use super::{
    extension, measure, notice, plan, recheck, record, referral, service, supervision, visit_notice,
};
use crate::act::notice::{Dismissed, Escalated, ExtensionDecision, Recheck};
use crate::act::visit::MeasureOrdered;
use crate::case::{About, Case};
use crate::domain::escalation::Escalation;
use crate::domain::notice::Service;
use crate::domain::papers::PaperKind;
use crate::id::{Digest, FactId};
use crate::time::CivilDate;

/// A paper in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaperRow {
    /// Which kind.
    pub kind: PaperKind,
    /// The fact that it rests on.
    pub fact: FactId,
    /// Title.
    pub title: String,
    /// Number, where it has one.
    pub number: Option<String>,
    /// Date.
    pub on: Option<CivilDate>,
    /// Digest of its canonical bytes.
    pub digest: Digest,
    /// Whether everything that its notice orders was taken back.
    #[serde(default)]
    pub withdrawn: bool,
}

/// Whether a paper about something was taken back: it is of a notice, and every hazard of it was dismissed.
#[must_use]
pub fn is_withdrawn(case: &Case, about: About) -> bool {
    let Some(notice) = about.stream.as_notice().and_then(|id| case.notice(id)) else {
        return false;
    };
    let dismissed =
        |hazard| case.hazard(hazard).is_some_and(|hazard| hazard.first::<Dismissed>().is_some());
    notice.body.items.iter().all(|item| dismissed(item.hazard))
}

/// Every paper of a case that its facts give, in the order in which they lie in a case file.
#[must_use]
pub fn papers(case: &Case, sources: &Sources<'_>) -> Vec<PaperRow> {
    rows(case, sources, |_| true)
}

/// The papers of some kinds.
pub(super) fn rows(
    case: &Case,
    sources: &Sources<'_>,
    wanted: impl Fn(PaperKind) -> bool,
) -> Vec<PaperRow> {
    let row = |(kind, fact)| {
        let paper = paper(case, kind, fact, sources)?;
        let digest = paper.digest();
        let stated = case.stated().iter().find(|it| it.fact == fact);
        let about = case.issued_by(fact).map(|it| it.about).or(stated.map(|it| it.about));
        let withdrawn = about.is_some_and(|about| is_withdrawn(case, about));
        let Paper { title, number, date: on, .. } = paper;
        Some(PaperRow { kind, fact, title, number, on, digest, withdrawn })
    };
    names(case).into_iter().filter(|(kind, _)| wanted(*kind)).filter_map(row).collect()
}

/// One paper of a case; none where there is no such fact or it gives no such paper.
#[must_use]
pub fn paper(case: &Case, kind: PaperKind, fact: FactId, sources: &Sources<'_>) -> Option<Paper> {
    let stated = case.stated().iter().find(|it| it.fact == fact)?;
    match kind {
        PaperKind::InspectionPlan => Some(plan::paper(stated.as_act()?, sources)),
        PaperKind::VisitNotice => visit_notice::paper(case, stated.as_act()?, sources),
        PaperKind::InspectionRecord => match stated.as_act() {
            Some(seal) => record::paper(case, seal, sources),
            None => record::supplement(case, stated.as_act()?, sources),
        },
        PaperKind::RectificationNotice => {
            let issued = case.issued_by(fact)?;
            Some(notice(case, issued.body, sources))
        }
        PaperKind::ProofOfService => service::paper(case, stated.as_act()?, sources),
        PaperKind::Extension => extension::paper(case, stated.as_act()?, sources),
        PaperKind::RecheckOpinion => recheck::paper(case, stated.as_act()?, sources),
        PaperKind::ListedSupervision => supervision::paper(case, stated.as_act()?, sources),
        PaperKind::Referral => {
            let escalated = stated.as_act::<Escalated>()?;
            let referred = escalated.body.step == Escalation::Referral;
            referred.then(|| referral::paper(case, escalated, sources))?
        }
        PaperKind::MeasureDecision => measure::paper(case, stated.as_act()?, sources),
        // Cover and index lie around the others.
        PaperKind::FileCover | PaperKind::FileIndex => None,
    }
}

/// Kind and fact of each paper, by kind, then in the order in which the facts count.
fn names(case: &Case) -> Vec<(PaperKind, FactId)> {
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
    let first = case.every::<Recheck>().filter(|it| {
        recheck::together(case, *it).next().is_some_and(|first| first.fact == it.fact)
    });
    names.extend(first.map(|it| it.fact).map(of(PaperKind::RecheckOpinion)));
    names.extend(supervision::facts(case).map(of(PaperKind::ListedSupervision)));
    let referred = case.every::<Escalated>().filter(|it| it.body.step == Escalation::Referral);
    names.extend(referred.map(|it| it.fact).map(of(PaperKind::Referral)));
    names
}
