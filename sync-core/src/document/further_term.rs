//! 再次责令限期整改指令书: the term that a supervisor sets after a recheck that failed.

use super::form::{Counting, Form};
use super::{Paper, Signer, Sources};
use crate::act::notice::{DeadlineAssigned, Recheck, TermOrdered};
use crate::case::{Case, Of};
use crate::domain::papers::PaperKind;

pub(super) fn paper(
    case: &Case,
    ordered: Of<'_, TermOrdered>,
    sources: &Sources<'_>,
) -> Option<Paper> {
    let notice = case.notice(ordered.body.notice)?.body;
    let hazard = case.hazard(ordered.body.hazard)?;
    let recheck = hazard.all::<Recheck>().find(|it| it.fact == ordered.body.recheck)?;
    let on = ordered.wall.date();
    let mut form = Form::new(PaperKind::FurtherTerm, sources, &notice.department, on);
    form.enterprise("被检查单位", notice.enterprise);
    let title = sources.title(PaperKind::RectificationNotice, &notice.department, notice.issued_on);
    let issued = notice.issued_on.in_words();
    form.field("原决定日期、名称、文号", format!("{issued}　《{title}》　{}", notice.number));
    form.passage("", "opening");
    let at = notice.items.iter().position(|it| it.hazard == ordered.body.hazard)? + 1;
    let item = hazard.item?;
    form.field("未完成整改的隐患", format!("第 {at} 项　{}", hazard.name()));
    let basis = form.cited_in_full(&item.basis);
    form.field("违反的规定", basis);
    let seen = recheck.wall.date().in_words();
    form.field("复查日期和情况", format!("{seen}　{}", recheck.body.opinion));
    form.text("再次责令限期的理由", vec![ordered.body.reason.clone()]);
    let caused = hazard.all::<DeadlineAssigned>().find(|it| it.body.cause == ordered.fact);
    let until = caused.map(|it| format!("，至{}前（含当日）", it.body.deadline.date.in_words()));
    let term = format!("{}内整改{}", ordered.body.term, until.unwrap_or_default());
    form.field("整改期限", term);
    let counted: Vec<Counting> =
        caused.map(|it| (at, it.body.deadline.clone())).into_iter().collect();
    form.counted("期限的计算", &counted, "再次责令");
    form.passage("整改期间的安全措施", "safety");
    form.passage("逾期不整改的后果", "consequences");
    form.passage("救济途径", "remedies");
    let supervisor = Signer { on: Some(on), ..form.person(ordered.by, &notice.officers) };
    form.signatures("批准人", vec![supervisor], 0);
    form.signatures("被检查单位负责人（签收）", Vec::new(), 1);
    Some(form.sealed(Some(on)))
}
