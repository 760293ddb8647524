//! 行政检查通知书: what is shown at the door. Its sentences of rights and rules are dated data.

use super::form::Form;
use super::plan::{content, kind, team, window};
use super::{Paper, Sources};
use crate::act::visit::Arrival;
use crate::case::{Case, Of};
use crate::domain::inspection::Plan;
use crate::domain::notice::Notice;
use crate::domain::papers::PaperKind;
use crate::id::PersonId;

/// Nobody is told of a visit before somebody has arrived: until then there is no such paper.
pub(super) fn paper(case: &Case, plan: Of<'_, Plan>, sources: &Sources<'_>) -> Option<Paper> {
    let arrived = case.every::<Arrival>().map(|it| it.wall.date()).min()?;
    let body = plan.body;
    let mut form = Form::new(PaperKind::VisitNotice, sources, &body.department, arrived);
    form.enterprise("被检查单位", body.enterprise);
    form.name("approval", body.approval.as_str());
    form.passage("", "opening");
    form.passage("检查依据", "basis");
    form.field("检查类型", kind(body.kind));
    form.field("审批文号", body.approval.as_str());
    form.text("检查事项", content(body, sources));
    form.field("检查时间", format!("{}（批准的期间：{}）", arrived.in_words(), window(body)));
    let officers = Notice::officers_of(case, &sources.catalogue.colleagues);
    let officers: Vec<PersonId> = officers.iter().map(|it| it.id).collect();
    form.field("检查人员", form.people(&officers));
    form.field("协助人员", helpers(body, sources));
    form.passage("你单位的权利", "rights");
    form.passage("检查人员须遵守的规定", "conduct");
    form.passage("监督电话", "complaints");
    let signers = officers.iter().map(|id| form.person(*id, &[])).collect();
    form.signatures("检查人员（签名）", signers, 0);
    form.signatures("被检查单位签收人（签名）", Vec::new(), 1);
    Some(form.sealed(Some(arrived)))
}

/// Who only helps states no arrival: what is known of them is what was planned.
fn helpers(plan: &Plan, sources: &Sources<'_>) -> String {
    match team(plan, sources).1.len() {
        0 => "无".to_owned(),
        helpers => format!("{helpers} 人（按检查方案）"),
    }
}
