//! 责令限期整改指令书: each hazard with its basis, what must be reached and until when, and what follows.

use serde::Serialize;

use super::counted::counting;
use super::form::{Form, officers};
use super::{Paper, Sources};
use crate::act::hazard::HazardCase;
use crate::act::notice::DeadlineAssigned;
use crate::case::act::Act as _;
use crate::case::{About, Case, Of};
use crate::domain::notice::{Notice, NoticeItem};
use crate::domain::papers::PaperKind;

/// The paper of a notice of a case.
#[must_use]
pub fn notice(case: &Case, body: &Notice, sources: &Sources<'_>) -> Paper {
    let on = body.issued_on;
    let form = Form::new(PaperKind::RectificationNotice, sources, &body.department, on);
    let mut form = form.numbered(&body.number);
    form.enterprise("被检查单位", body.enterprise);
    form.passage("", "opening");
    found(&mut form, &body.items);
    ordered(&mut form, case, body);
    form.passage("整改期间的安全措施", "safety");
    form.passage("逾期不整改的后果", "consequences");
    form.passage("救济途径", "remedies");
    counted(&mut form, case, body, sources);
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

/// The date of each item once service has started its term, before that the term.
fn ordered(form: &mut Form<'_, '_>, case: &Case, notice: &Notice) {
    let mut rows = Vec::new();
    for (at, item) in notice.items.iter().enumerate() {
        let until = match assigned(case, notice, item) {
            Some((hazard, it)) => {
                format!("{}前（含当日）", hazard.counting(it).date.in_words())
            }
            None => format!("自送达之日起 {}内", item.term),
        };
        let reached = format!("消除上述问题和隐患，达到{}的规定", form.cited(&item.basis));
        rows.push(vec![format!("第 {} 项", at + 1), until, reached]);
    }
    let columns = [("责令整改", 2), ("整改期限", 4), ("达到的要求", 7)];
    form.table("责令限期整改", &columns, rows);
    form.passage("", "reach");
}

/// The deadline that service has caused, whatever was granted since.
fn assigned<'c>(
    case: &'c Case,
    notice: &Notice,
    item: &NoticeItem,
) -> Option<(HazardCase<'c>, Of<'c, DeadlineAssigned>)> {
    let assigned = case.first(About::hazard(notice.about().stream, item.hazard))?;
    Some((case.hazard(item.hazard)?, assigned))
}

/// How each date was counted, once for all items that share it.
fn counted(form: &mut Form<'_, '_>, case: &Case, notice: &Notice, sources: &Sources<'_>) {
    let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for (at, item) in notice.items.iter().enumerate() {
        let Some((hazard, it)) = assigned(case, notice, item) else { continue };
        let rule = sources.catalogue.papers.counting(it.body.deadline.start);
        let steps = counting(&hazard, it, "送达", sources);
        if rule.is_none_or(|it| !it.verified) {
            form.unverified("期限计算规则".to_owned());
        }
        let number = (at + 1).to_string();
        match groups.iter_mut().find(|(_, known)| *known == steps) {
            Some((numbers, _)) => numbers.push(number),
            None => groups.push((vec![number], steps)),
        }
    }
    let line = |(numbers, steps): &(Vec<String>, Vec<String>)| {
        format!("第 {} 项：{}", numbers.join("、"), steps.concat())
    };
    let lines: Vec<String> = groups.iter().map(line).collect();
    if !lines.is_empty() {
        form.text("期限的计算", lines);
    }
}
