//! 责令限期整改指令书: each hazard with its basis, what must be reached and until when, and what follows.

use serde::Serialize;

use super::form::{Counting, Form, officers};
use super::{Paper, Sources};
use crate::calendar::deadline;
use crate::domain::hazard::Grade;
use crate::domain::notice::{Notice, NoticeItem};
use crate::domain::papers::PaperKind;

/// The paper of a notice. It says nothing that is not known when it is issued.
#[must_use]
pub fn notice(body: &Notice, sources: &Sources<'_>) -> Paper {
    let on = body.issued_on;
    let same_day = |item: &NoticeItem| deadline::count(on, item.term, &sources.calendars);
    let form = Form::new(PaperKind::RectificationNotice, sources, &body.department, on);
    let mut form = form.numbered(&body.number);
    form.enterprise("被检查单位", body.enterprise);
    form.passage("", "opening");
    found(&mut form, &body.items);
    let orders = body
        .items
        .iter()
        .zip(1..)
        .filter_map(|(item, at)| Some((format!("第 {at} 项"), item.site_order.as_ref()?)));
    form.site_orders("项", orders);
    let deadlines: Vec<Counting> = (1..).zip(body.items.iter().map(same_day)).collect();
    ordered(&mut form, body, &deadlines);
    if body.items.iter().any(|it| it.grade == Grade::Major) {
        form.passage("重大事故隐患", "major");
    }
    form.passage("整改期间的安全措施", "safety");
    form.passage("逾期不整改的后果", "consequences");
    form.passage("救济途径", "remedies");
    form.counted("期限的计算（出具当日送达的）", &deadlines, "送达");
    form.signatures("执法人员（签名）", officers(&body.officers), 0);
    form.signatures("被检查单位现场负责人（签名）", Vec::new(), 1);
    form.signatures("见证人（签名）", Vec::new(), 1);
    form.sealed(Some(on))
}

/// What follows when a notice is not obeyed, as its paper says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Consequences {
    /// For every hazard.
    pub every: Vec<String>,
    /// What a major one brings along besides.
    pub major: Vec<String>,
}

/// What follows when a notice is not obeyed, with the form that was in use when it was issued.
#[must_use]
pub fn consequences(notice: &Notice, sources: &Sources<'_>) -> Consequences {
    let kind = PaperKind::RectificationNotice;
    let said = |place| {
        let mut form = Form::new(kind, sources, &notice.department, notice.issued_on);
        form.passage("", place);
        form.paragraphs()
    };
    Consequences { every: said("consequences"), major: said("major") }
}

fn found(form: &mut Form<'_, '_>, items: &[NoticeItem]) {
    let mut rows = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let number = at + 1;
        let mut basis = vec![form.cited_in_full(&item.basis)];
        if let Some(criterion) = &item.criterion {
            basis.push(format!("判定依据：{}", form.cited_in_full(criterion)));
        }
        rows.push(vec![
            number.to_string(),
            format!("{}　{}", item.description, item.place).trim_end().to_owned(),
            basis.join("；"),
            item.grade.title().to_owned(),
        ]);
        for photo in &item.photos {
            form.photo(*photo, &format!("第 {number} 项"));
        }
    }
    let columns = [("项", 1), ("存在的问题和隐患", 6), ("违反的规定", 6), ("等级", 2)];
    form.table("存在的问题和隐患", &columns, rows);
}

/// The term of each item from service on, with the date that follows where it is served on the day on which it is issued.
/// What else follows from a later service stands in the proof of service: the notice is not changed any more.
fn ordered(form: &mut Form<'_, '_>, notice: &Notice, deadlines: &[Counting]) {
    let on = notice.issued_on.in_words();
    let mut rows = Vec::new();
    for ((at, deadline), item) in deadlines.iter().zip(&notice.items) {
        let date = deadline.date.in_words();
        let until = format!("自送达之日起 {}内；{on}送达的，为{date}前（含当日）", item.term);
        let reached = format!("消除上述问题和隐患，达到{}的规定", form.cited(&item.basis));
        rows.push(vec![format!("第 {at} 项"), until, reached]);
    }
    let columns = [("责令整改", 2), ("整改期限", 5), ("达到的要求", 6)];
    form.table("责令限期整改", &columns, rows);
    form.passage("", "reach");
}
