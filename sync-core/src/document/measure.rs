//! 现场处理措施决定书: what is ordered at once. It is described from plain values, so that whatever states a measure can
//! have its paper.

use super::form::{Form, officers};
use super::{Paper, Sources};
use crate::act::visit::{Arrival, MeasureOrdered};
use crate::case::{Case, Of};
use crate::domain::hazard::Clause;
use crate::domain::notice::{DocumentNumber, Notice, OfficerLine};
use crate::domain::papers::PaperKind;
use crate::domain::site_measure::SiteMeasure;
use crate::id::{BlobHash, DepartmentId, EnterpriseId};
use crate::time::CivilDate;

/// What a decision on measures says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureInput {
    /// Who decides.
    pub department: DepartmentId,
    /// About whose premises.
    pub enterprise: EnterpriseId,
    /// Its number, where it has one.
    pub number: Option<DocumentNumber>,
    /// When it was inspected.
    pub inspected_on: CivilDate,
    /// When it is decided.
    pub decided_on: CivilDate,
    /// What was found, each with the duty that it breaks.
    pub found: Vec<(String, Clause)>,
    /// The clauses that the decision rests on.
    pub basis: Vec<Clause>,
    /// What is ordered: the measure, its scope, until when.
    pub ordered: Vec<[String; 3]>,
    /// Why.
    pub reason: String,
    /// Who decides it on the spot.
    pub officers: Vec<OfficerLine>,
    /// What was photographed.
    pub photos: Vec<BlobHash>,
}

/// The decision that an officer stated at a visit. Before the record is sealed it says what the officer ordered and why;
/// the finding with its clause stands in it from then on.
pub(super) fn paper(
    case: &Case,
    ordered: Of<'_, MeasureOrdered>,
    sources: &Sources<'_>,
) -> Option<Paper> {
    let plan = case.plan()?.body;
    let order = &ordered.body.order;
    let arrived = case.every::<Arrival>().map(|it| it.wall.date()).min().unwrap_or(order.on);
    let sealed = case.hazard(ordered.body.hazard).and_then(|it| it.record);
    let until = |lasts: bool| if lasts { "至恢复经审查同意之日" } else { "立即" };
    let decided = |it: &SiteMeasure| {
        [it.title().to_owned(), order.scope.clone(), until(it.needs_consent()).to_owned()]
    };
    let input = MeasureInput {
        department: plan.department.clone(),
        enterprise: plan.enterprise,
        number: None,
        inspected_on: arrived,
        decided_on: order.on,
        found: sealed.map(|it| (it.description.clone(), it.basis.clone())).into_iter().collect(),
        basis: sealed.and_then(|it| it.criterion.clone()).into_iter().collect(),
        ordered: order.measures.iter().map(decided).collect(),
        reason: order.reason.clone(),
        officers: Notice::officers_of(case, &sources.catalogue.colleagues),
        photos: sealed.map(|it| it.photos.clone()).unwrap_or_default(),
    };
    Some(measure(&input, sources))
}

/// The decision as a paper.
#[must_use]
pub fn measure(input: &MeasureInput, sources: &Sources<'_>) -> Paper {
    let on = input.decided_on;
    let mut form = Form::new(PaperKind::MeasureDecision, sources, &input.department, on);
    if let Some(number) = &input.number {
        form = form.numbered(number);
    }
    form.enterprise("被检查单位", input.enterprise);
    form.field("检查时间", input.inspected_on.in_words());
    form.passage("", "opening");
    let mut rows = Vec::new();
    for (at, (what, clause)) in input.found.iter().enumerate() {
        rows.push(vec![(at + 1).to_string(), what.clone(), form.cited_in_full(clause)]);
    }
    if !rows.is_empty() {
        let columns = [("项", 1), ("违法行为和隐患", 6), ("违反的规定", 6)];
        form.table("违法行为和隐患", &columns, rows);
    }
    form.passage("处理依据", "basis");
    if !input.basis.is_empty() {
        let basis = input.basis.iter().map(|clause| form.cited_in_full(clause)).collect();
        form.text("判定依据", basis);
    }
    let columns = [("处理决定", 4), ("范围", 5), ("期限", 4)];
    form.table("处理决定", &columns, input.ordered.iter().map(|it| it.to_vec()).collect());
    if !input.reason.is_empty() {
        form.text("理由", vec![input.reason.clone()]);
    }
    form.passage("解除和恢复", "lifting");
    form.passage("救济途径", "remedies");
    form.signatures("执法人员（签名）", officers(&input.officers), 0);
    form.signatures("被检查单位负责人（签名）", Vec::new(), 1);
    for photo in &input.photos {
        form.photo(*photo, "处理措施");
    }
    form.sealed(Some(on))
}
