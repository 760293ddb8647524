//! 案件移送书: a matter goes to another organ. The enterprise is never given it.

use super::form::Form;
use super::list::{PaperRow, rows};
use super::{Paper, Signer, Sources};
use crate::act::notice::Escalated;
use crate::case::{Case, Of};
use crate::domain::papers::PaperKind;

pub(super) fn paper(
    case: &Case,
    referred: Of<'_, Escalated>,
    sources: &Sources<'_>,
) -> Option<Paper> {
    let notice = case.notice(referred.body.notice)?.body;
    let hazard = case.hazard(referred.body.hazard)?;
    let on = referred.wall.date();
    let mut form = Form::new(PaperKind::Referral, sources, &notice.department, on);
    form.field("受移送机关", referred.body.to.clone().unwrap_or_default());
    form.enterprise("涉及单位", notice.enterprise);
    form.passage("", "opening");
    let inspected = case.seal().map(|it| it.body.finished.date().in_words());
    form.field("调查（检查）日期", inspected.unwrap_or_default());
    form.text("发现的问题", vec![hazard.name()]);
    let basis = hazard.item.map(|it| form.cited_in_full(&it.basis)).unwrap_or_default();
    form.field("违反的规定", basis);
    form.text("移送理由", vec![referred.body.reason.clone()]);
    form.passage("移送依据", "basis");
    // Each paper is enclosed once; how many pages it has shows when it is printed.
    let filed = rows(case, sources, |kind| !kind.is_internal());
    let row = |(at, it): (usize, PaperRow)| {
        vec![(at + 1).to_string(), it.title, it.number.unwrap_or_default(), "1".to_owned()]
    };
    let columns = [("序号", 1), ("附送材料", 6), ("文号", 6), ("份数", 1)];
    form.table(
        "附送材料",
        &columns,
        filed.into_iter().filter(|it| !it.replaced).enumerate().map(row).collect(),
    );
    let officer = Signer { on: Some(on), ..form.person(referred.by, &notice.officers) };
    form.signatures("承办人（签名）", vec![officer], 1);
    // The other organ fills it in and sends it back.
    form.field("回执：收件人、日期、处理结果", "");
    Some(form.sealed(Some(on)))
}
