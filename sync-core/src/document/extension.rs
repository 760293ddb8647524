//! 延期整改审批: what the enterprise asked for, why, and what was decided.

use super::form::{Form, is_before};
use super::{Paper, Signer, Sources};
use crate::act::hazard::HazardCase;
use crate::act::notice::{DeadlineAssigned, ExtensionDecision, ExtensionRequest};
use crate::calendar::{deadline, reasons};
use crate::case::{Case, Of};
use crate::domain::papers::PaperKind;
use crate::time::CivilDate;

pub(super) fn paper(
    case: &Case,
    decided: Of<'_, ExtensionDecision>,
    sources: &Sources<'_>,
) -> Option<Paper> {
    let notice = case.notice(decided.body.notice)?.body;
    let hazard = case.hazard(decided.body.hazard)?;
    let asked = hazard.all::<ExtensionRequest>().find(|it| it.fact == decided.body.request)?;
    let on = decided.wall.date();
    let mut form = Form::new(PaperKind::Extension, sources, &notice.department, on);
    form.enterprise("申请单位", notice.enterprise);
    let item = notice.items.iter().position(|it| it.hazard == decided.body.hazard);
    let item = item.map_or_else(String::new, |at| format!("第 {} 项　", at + 1));
    form.field("原文号、项号", format!("{}　{item}{}", notice.number, hazard.name()));
    let before = before(&hazard, decided);
    let date = before.map(|it| valid_at(&hazard, it, decided));
    form.field("原期限", date.map(CivilDate::in_words).unwrap_or_default());
    let until = date.map(|date| deadline::count(date, asked.body.term, &sources.calendars).date);
    let until = until.map(|it| format!("{}（延长 {}）", it.in_words(), asked.body.term));
    form.field("申请延至", until.unwrap_or_else(|| format!("延长 {}", asked.body.term)));
    form.field("申请日期", asked.wall.date().in_words());
    form.text("申请理由", vec![asked.body.reason.clone()]);
    // The enterprise states a reason alone when it asks: what else it did and does is filled in by hand.
    form.field("已做工作及延期期间安全措施", "");
    // Who prepares the decision states nothing in the system, and signs by hand.
    form.signatures("承办人意见", Vec::new(), 1);
    let decision = match decided.body.granted {
        Some(term) => format!("审批意见：同意延期 {term}"),
        None => "审批意见：不同意延期".to_owned(),
    };
    let approver = Signer { on: Some(on), ..form.person(decided.by, &[]) };
    form.signatures(&decision, vec![approver], 0);
    form.text("审批理由", vec![decided.body.reason.clone()]);
    if let (None, Some(date)) = (decided.body.granted, date) {
        let result = format!("不同意延期，整改期限仍为{}前（含当日）", date.in_words());
        form.field("审批结果", result);
    }
    let mut of_hazard = hazard.all::<DeadlineAssigned>();
    if let Some(it) = of_hazard.find(|it| it.body.cause == decided.fact) {
        let deadline = &it.body.deadline;
        form.field("同意延至", deadline.date.in_words());
        let rule = sources.catalogue.papers.counting(deadline.start);
        let steps = reasons::of_deadline(deadline, "原期限届满", &sources.calendars, rule);
        form.text("期限的计算", steps);
    }
    form.passage("", "notes");
    // The decision is handed over on paper: whoever takes it signs there.
    form.field("送达单位（签收）、日期", "");
    Some(form.sealed(Some(on)))
}

/// The deadline that was valid when it was decided.
fn before<'c>(
    hazard: &HazardCase<'c>,
    decided: Of<'_, ExtensionDecision>,
) -> Option<Of<'c, DeadlineAssigned>> {
    hazard.all().rfind(|it| is_before(*it, decided))
}

/// The date of a deadline that counted when it was decided: what is counted again later changes no paper.
fn valid_at<'c>(
    hazard: &HazardCase<'c>,
    assigned: Of<'c, DeadlineAssigned>,
    decided: Of<'_, ExtensionDecision>,
) -> CivilDate {
    let earlier = hazard.recounts(assigned.fact).filter(|it| is_before(*it, decided));
    earlier.map(|it| it.body.deadline.date).fold(assigned.body.deadline.date, CivilDate::max)
}
