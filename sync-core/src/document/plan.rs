//! 现场检查方案: what is going to be inspected, by whom, and who approved it.

use super::form::Form;
use super::{Paper, Signer, Sources};
use crate::case::{Case, Of};
use crate::domain::inspection::{Plan, VisitKind};
use crate::domain::papers::PaperKind;
use crate::id::PersonId;
use crate::time::CivilDate;

pub(super) fn paper(case: &Case, plan: Of<'_, Plan>, sources: &Sources<'_>) -> Paper {
    let on = plan.wall.date();
    let body = plan.body;
    let mut form = Form::new(PaperKind::InspectionPlan, sources, &body.department, on);
    form.enterprise("被检查单位", body.enterprise);
    let sectors: Vec<String> = body.sectors.iter().map(|code| sources.sector(code)).collect();
    form.field("所属行业", sectors.join("、"));
    form.field("检查类型", kind(body.kind));
    form.field("任务来源", source(case, body, sources, on));
    form.field("审批文号", body.approval.as_str());
    form.field("检查时间", window(body));
    let (officers, others) = team(body, sources);
    form.field("行政执法人员", form.people(&officers));
    form.field("协助人员", count(&form.people(&others), others.len()));
    // A case knows its own visit alone, neither the others of the year nor their bound: filled in by hand.
    form.field("本年度第几次检查／上限", "");
    form.passage("检查依据", "basis");
    form.text("检查内容", content(body, sources));
    form.passage("检查方式", "manner");
    form.signatures("审核意见", Vec::new(), 1);
    let approver = form.person(plan.by, &[]);
    form.signatures("审批意见：同意", vec![Signer { on: Some(on), ..approver }], 0);
    // A plan is approved before the visit; what was approved after it, and remarks, are filled in by hand.
    form.field("紧急检查补办审批情况", "");
    form.field("备注", "");
    form.unsealed(Some(on))
}

/// What a visit comes from: the notice that is rechecked. A plan says nothing of tips, orders from above or programmes, so
/// for every other visit the source is filled in by hand.
fn source(case: &Case, plan: &Plan, sources: &Sources<'_>, on: CivilDate) -> String {
    let Some(notice) = plan.recheck_of else { return String::new() };
    let title = sources.title(PaperKind::RectificationNotice, &plan.department, on);
    let number = case.notice(notice).map(|it| it.body.number.to_string());
    format!("对《{title}》{}的整改复查", number.unwrap_or_default())
}

/// Kinds of visits as papers call them.
pub(super) fn kind(kind: VisitKind) -> &'static str {
    match kind {
        VisitKind::Unannounced => "现场检查（四不两直）",
        VisitKind::Announced => "现场检查（事先通知）",
        VisitKind::Recheck => "整改复查",
    }
}

/// The days in which the visit may take place.
pub(super) fn window(plan: &Plan) -> String {
    format!("{}至{}", plan.from.in_words(), plan.to.in_words())
}

/// Those of the team who have a certificate, and the others.
pub(super) fn team(plan: &Plan, sources: &Sources<'_>) -> (Vec<PersonId>, Vec<PersonId>) {
    let certified =
        |id: &PersonId| sources.colleague(*id).is_some_and(|it| it.certificate.is_some());
    plan.team.iter().copied().partition(certified)
}

/// What is going to be checked: the checklists with how many items each has.
pub(super) fn content(plan: &Plan, sources: &Sources<'_>) -> Vec<String> {
    let one = |code: &crate::id::SectorCode| {
        let known = sources.catalogue.checklists.iter().find(|it| it.sector == *code);
        match known {
            Some(known) => format!("{}：{} 项", known.title, known.items.len()),
            None => code.to_string(),
        }
    };
    plan.sectors.iter().map(one).collect()
}

fn count(names: &str, people: usize) -> String {
    match people {
        0 => "无".to_owned(),
        people => format!("{people} 人　{names}"),
    }
}
