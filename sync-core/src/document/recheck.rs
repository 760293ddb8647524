//! 整改复查意见书: what an officer saw of the items of a notice on one day.

use super::form::{Counted, Counting, Form};
use super::{Paper, Sources};
use crate::act::notice::{DeadlineAssigned, Recheck};
use crate::act::paper::opinion;
use crate::case::{Case, Of};
use crate::domain::papers::PaperKind;

pub(super) fn paper(case: &Case, first: Of<'_, Recheck>, sources: &Sources<'_>) -> Option<Paper> {
    let notice = case.notice(first.body.notice)?.body;
    let on = first.wall.date();
    let mut form = Form::new(PaperKind::RecheckOpinion, sources, &notice.department, on);
    form.enterprise("被复查单位", notice.enterprise);
    form.name("number", notice.number.to_string());
    form.name("issued_on", notice.issued_on.in_words());
    form.name("date", on.in_words());
    let title = sources.title(PaperKind::RectificationNotice, &notice.department, notice.issued_on);
    let (issued, number) = (notice.issued_on.in_words(), &notice.number);
    form.field("原决定日期、名称、文号", format!("{issued}　《{title}》　{number}"));
    form.passage("", "opening");
    let (mut rows, mut failed) = (Vec::new(), false);
    let mut deadlines: Vec<Counting> = Vec::new();
    for recheck in opinion(case, first) {
        let hazard = case.hazard(recheck.body.hazard)?;
        let at = notice.items.iter().position(|it| it.hazard == recheck.body.hazard);
        let at = at.map(|at| at + 1);
        let item = at.map_or_else(String::new, |at| format!("第 {at} 项"));
        let caused = hazard.all::<DeadlineAssigned>().find(|it| it.body.cause == recheck.fact);
        let deadline = caused.map(|it| &it.body.deadline);
        let until = deadline.map(|it| format!("，至{}前（含当日）", it.date.in_words()));
        let opinion = match (recheck.body.passed, recheck.body.new_term) {
            (true, _) => "合格，已完成整改".to_owned(),
            (false, Some(term)) => {
                format!("不合格，再限 {term}内整改{}", until.unwrap_or_default())
            }
            (false, None) => "不合格".to_owned(),
        };
        failed |= !recheck.body.passed;
        deadlines.extend(at.zip(deadline.cloned()));
        for photo in &recheck.body.photos {
            form.photo(*photo, &format!("复查　{item}"));
        }
        rows.push(vec![item, hazard.name(), opinion, recheck.body.opinion.clone()]);
    }
    let columns = [("项", 2), ("问题和隐患", 6), ("复查意见", 4), ("说明", 4)];
    form.table("复查意见", &columns, rows);
    // A term runs from the day on which the recheck came in.
    let late = deadlines.iter().any(|(_, deadline)| deadline.start != on);
    let event = if late { "系统收到复查意见" } else { "复查" };
    form.counted("期限的计算", &deadlines, event);
    if failed {
        form.passage("未完成整改的后果", "consequences");
    }
    form.signatures("被复查单位负责人（签名）", Vec::new(), 1);
    let stated = Counted { fact: first.fact, by: first.by, on, second: first.body.second };
    form.both_officers("复查人员（签名）", case, &stated, notice);
    Some(form.sealed(Some(on)))
}
