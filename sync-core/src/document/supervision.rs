//! 挂牌督办通知书: a major hazard that is listed, until when and why.

use super::form::Form;
use super::{Paper, Sources};
use crate::act::notice::SupervisionListed;
use crate::case::{Case, Of};
use crate::domain::papers::PaperKind;

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
    form.field("整改责任单位、责任人", "");
    form.field("整改目标、措施、资金、时限、预案", "");
    form.passage("督办要求", "demands");
    form.passage("验收和销号", "acceptance");
    let by = form.person(listed.by, &notice.officers).name;
    form.field("督办单位、联系人", format!("{}　{by}", sources.organ(&notice.department, on)));
    form.field("抄送", "");
    for photo in &listed.body.photos {
        form.photo(*photo, "督办隐患");
    }
    Some(form.sealed(Some(on)))
}
