//! Which papers a case has, and each of them by what names it: its kind and the fact that it rests on.

use serde::{Deserialize, Serialize};

use super::{Paper, Sources};
use super::{
    correction, extension, further_term, measure, notice, plan, recheck, record, referral,
    resumption, service, supervision, visit_notice,
};
use crate::act::notice::{Dismissed, Escalated};
use crate::act::paper::{PaperEdition, PaperName, names, stream_of};
use crate::case::{About, Case};
use crate::domain::escalation::Escalation;
use crate::domain::notice::DocumentNumber;
use crate::domain::numbers::Series;
use crate::domain::papers::PaperKind;
use crate::id::{Digest, FactId};
use crate::time::CivilDate;

/// A paper in a list. Each edition of it has a row of its own, the one that stands comes last.
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
    /// The day on which the server issued it, word for word; none while something may still be added to it.
    #[serde(default)]
    pub issued: Option<CivilDate>,
    /// Which edition it is, from one.
    #[serde(default = "first")]
    pub edition: u32,
    /// Whether it was corrected: another edition stands in its place, or is about to.
    #[serde(default)]
    pub replaced: bool,
}

const fn first() -> u32 {
    1
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

/// Whether a paper with this digest was issued and corrected since.
#[must_use]
pub fn is_replaced(case: &Case, name: PaperName, digest: Digest) -> bool {
    let mut corrections =
        stream_of(case, name).into_iter().flat_map(|stream| case.corrections(stream, name));
    corrections.any(|it| it.body.replaces == digest)
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
    let names = names(case).into_iter().filter(|(kind, _)| wanted(*kind));
    names.flat_map(|name| editions(case, name, sources)).collect()
}

/// A row for each edition that was issued, and one for what is not issued yet.
fn editions(case: &Case, name: PaperName, sources: &Sources<'_>) -> Vec<PaperRow> {
    let (kind, fact) = name;
    let Some(paper) = paper(case, kind, fact, sources) else { return Vec::new() };
    let stated = case.stated().iter().find(|it| it.fact == fact);
    let about = case.issued_by(fact).map(|it| it.about).or(stated.map(|it| it.about));
    let withdrawn = about.is_some_and(|about| is_withdrawn(case, about));
    let issued = case.editions(name);
    let waits = issued.last().is_none_or(|it| is_replaced(case, name, it.digest));
    let drawn = waits.then(|| (paper.digest(), None));
    let of = |it: &PaperEdition| (it.digest, Some(it.at.date()));
    let all = issued.iter().map(of).chain(drawn).zip(1..);
    let row = |((digest, issued), edition)| PaperRow {
        kind,
        fact,
        title: paper.title.clone(),
        number: paper.number.clone(),
        on: paper.date,
        digest,
        withdrawn,
        issued,
        edition,
        replaced: is_replaced(case, name, digest),
    };
    all.map(row).collect()
}

/// One paper of a case as its facts and this reference data give it; none where there is no such fact or it gives no
/// such paper. What was corrected stands at its beginning.
#[must_use]
pub fn paper(case: &Case, kind: PaperKind, fact: FactId, sources: &Sources<'_>) -> Option<Paper> {
    let name = (kind, fact);
    with_number(case, name, case.paper_number(name), sources)
}

/// One paper with the number that it is given, or was.
#[must_use]
pub fn with_number(
    case: &Case,
    name: PaperName,
    number: Option<&DocumentNumber>,
    sources: &Sources<'_>,
) -> Option<Paper> {
    let mut paper = drawn(case, name.0, name.1, sources)?;
    if let Some(number) = number {
        paper.number = Some(number.to_string());
    }
    Some(correction::noted(case, name, paper))
}

/// The series in which the server numbers a paper when it issues it for the first time; none for a paper that has a
/// number, that has none at all, or whose organ has no numbers.
#[must_use]
pub fn series(case: &Case, name: PaperName, sources: &Sources<'_>) -> Option<Series> {
    let (kind, fact) = name;
    // A notice has the number of the fact that issued it.
    if kind == PaperKind::RectificationNotice || !case.editions(name).is_empty() {
        return None;
    }
    let department = case.organ_of(stream_of(case, name)?)?;
    let on = drawn(case, kind, fact, sources)?.date?;
    sources.series(kind, department, on)
}

fn drawn(case: &Case, kind: PaperKind, fact: FactId, sources: &Sources<'_>) -> Option<Paper> {
    let stated = case.stated().iter().find(|it| it.fact == fact)?;
    match kind {
        PaperKind::InspectionPlan => Some(plan::paper(case, stated.as_act()?, sources)),
        PaperKind::VisitNotice => visit_notice::paper(case, stated.as_act()?, sources),
        PaperKind::InspectionRecord => match stated.as_act() {
            Some(seal) => record::paper(case, seal, sources),
            None => record::supplement(case, stated.as_act()?, sources),
        },
        PaperKind::RectificationNotice => {
            let issued = case.issued_by(fact)?;
            Some(notice(issued.body, sources))
        }
        PaperKind::ProofOfService => service::paper(case, stated.as_act()?, sources),
        PaperKind::Extension => extension::paper(case, stated.as_act()?, sources),
        PaperKind::RecheckOpinion => recheck::paper(case, stated.as_act()?, sources),
        PaperKind::FurtherTerm => further_term::paper(case, stated.as_act()?, sources),
        PaperKind::ResumptionOpinion => resumption::paper(case, stated.as_act()?, sources),
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
