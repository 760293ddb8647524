//! 恢复审查意见书: whether what was stopped on the spot may go on, after what the enterprise did.

use super::form::Form;
use super::{Paper, Signer, Sources};
use crate::act::notice::{ResumptionDecision, ResumptionRequest};
use crate::case::{Case, Of};
use crate::domain::papers::PaperKind;

pub(super) fn paper(
    case: &Case,
    decided: Of<'_, ResumptionDecision>,
    sources: &Sources<'_>,
) -> Option<Paper> {
    let notice = case.notice(decided.body.notice)?.body;
    let hazard = case.hazard(decided.body.hazard)?;
    let mut requests = hazard.all::<ResumptionRequest>();
    let asked = requests.find(|it| it.fact == decided.body.request)?;
    let order = hazard.item?.site_order.as_ref()?;
    let on = decided.wall.date();
    let mut form = Form::new(PaperKind::ResumptionOpinion, sources, &notice.department, on);
    form.enterprise("申请单位", notice.enterprise);
    form.field("整改指令书文号", notice.number.to_string());
    form.field("隐患", hazard.name());
    form.field("原决定日期", order.on.in_words());
    form.field("原决定的现场处理措施", order.words());
    form.field("申请日期", asked.wall.date().in_words());
    form.text("已采取的措施", vec![asked.body.measures.clone()]);
    form.passage("审查依据", "basis");
    form.text("审查情况", vec![decided.body.reason.clone()]);
    let opinion = if decided.body.granted { "granted" } else { "refused" };
    form.passage("审查意见", opinion);
    if !decided.body.granted {
        form.passage("救济途径", "remedies");
    }
    let approver = Signer { on: Some(on), ..form.person(decided.by, &notice.officers) };
    form.signatures("审批人", vec![approver], 0);
    form.signatures("申请单位负责人（签收）", Vec::new(), 1);
    for photo in &decided.body.photos {
        form.photo(*photo, "申请恢复时的现场");
    }
    Some(form.sealed(Some(on)))
}
