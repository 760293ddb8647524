//! 挂牌督办通知书: a major hazard that is listed, until when and why.

use super::form::{Form, is_before};
use super::{Paper, Sources};
use crate::act::hazard::HazardCase;
use crate::act::notice::{RectificationPlan, SupervisionListed};
use crate::case::{Case, Of};
use crate::domain::papers::PaperKind;
use crate::id::EnterpriseId;

/// What stands where the enterprise has submitted no plan.
const NO_PLAN: &str = "整改方案尚未提交";

pub(super) fn paper(
    case: &Case,
    listed: Of<'_, SupervisionListed>,
    sources: &Sources<'_>,
) -> Option<Paper> {
    let notice = case.notice(listed.body.notice)?.body;
    let hazard = case.hazard(listed.body.hazard)?;
    let on = listed.wall.date();
    let mut form = Form::new(PaperKind::ListedSupervision, sources, &notice.department, on);
    form.enterprise("被督办单位", notice.enterprise);
    form.field("原文号", notice.number.to_string());
    form.passage("", "opening");
    form.field("重大事故隐患", hazard.name());
    let criterion = hazard.item.and_then(|it| it.criterion.as_ref());
    let criterion = criterion.map(|it| form.cited_in_full(it)).unwrap_or_default();
    form.field("判定依据", criterion);
    form.field("督办期限", format!("{}前（含当日）", listed.body.until.in_words()));
    form.text("督办理由", vec![listed.body.reason.clone()]);
    rectification(&mut form, &hazard, listed, notice.enterprise);
    form.passage("督办要求", "demands");
    form.passage("验收和销号", "acceptance");
    let by = form.person(listed.by, &notice.officers).name;
    form.field("督办单位、联系人", format!("{}　{by}", sources.organ(&notice.department, on)));
    // Whoever signs decides to whom else it goes: filled in by hand.
    form.field("抄送", "");
    for photo in &listed.body.photos {
        form.photo(*photo, "督办隐患");
    }
    Some(form.sealed(Some(on)))
}

/// Who rectifies, what is reached, and the plan of the enterprise as it was when the hazard was listed.
fn rectification(
    form: &mut Form<'_, '_>,
    hazard: &HazardCase<'_>,
    listed: Of<'_, SupervisionListed>,
    enterprise: EnterpriseId,
) {
    let mut plans = hazard.all::<RectificationPlan>();
    let plan = plans.rfind(|it| is_before(*it, listed)).map(|it| it.body);
    let unit = form.sources.enterprise(enterprise).map(|it| it.name.as_str()).unwrap_or_default();
    let who = plan.map_or(NO_PLAN, |it| it.responsible.as_str());
    form.field("整改责任单位、责任人", format!("{unit}　责任人：{who}"));
    let reached = hazard.item.map(|it| format!("消除该隐患，达到{}的规定", form.cited(&it.basis)));
    form.field("整改目标", reached.unwrap_or_default());
    let Some(plan) = plan else {
        form.field("整改措施、资金、时限、预案", NO_PLAN);
        return;
    };
    form.field("整改措施", plan.measures.as_str());
    form.field("整改资金", plan.funds.as_str());
    form.field("整改时限", format!("{}前（含当日）", plan.until.in_words()));
    form.field("应急预案", plan.emergency.as_str());
}
