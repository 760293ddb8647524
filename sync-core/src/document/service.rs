//! 送达回证: that a paper reached the enterprise, how and when.

use super::form::{Counted, Counting, Form};
use super::{Paper, Signer, Sources};
use crate::act::notice::DeadlineAssigned;
use crate::case::{Case, Of};
use crate::domain::notice::{Notice, Service, ServiceMethod};
use crate::domain::papers::PaperKind;

pub(super) fn paper(case: &Case, service: Of<'_, Service>, sources: &Sources<'_>) -> Option<Paper> {
    let notice = case.notice(service.body.notice)?.body;
    let on = service.wall.date();
    let mut form = Form::new(PaperKind::ProofOfService, sources, &notice.department, on);
    form.enterprise("受送达单位", notice.enterprise);
    let notice_kind = PaperKind::RectificationNotice;
    let title = sources.title(notice_kind, &notice.department, notice.issued_on);
    let columns = [("文书名称", 4), ("文号", 5), ("份数", 1)];
    form.table("送达文书", &columns, vec![vec![title, notice.number.to_string(), "1".to_owned()]]);
    let receiver = service.body.receiver.clone();
    let signer = |on| Signer { name: receiver.clone(), on, ..Signer::default() };
    match service.body.method {
        ServiceMethod::Electronic => {
            form.field("送达方式", "电子送达（受送达单位在系统中确认收到）");
            form.field("送达地点", "直查系统");
            form.field("电子确认编号", service.fact.to_string());
            day(&mut form, "收到日期", service);
            form.signatures("收件人（系统确认）", vec![signer(Some(on))], 0);
        }
        ServiceMethod::InPerson => {
            form.field("送达方式", "直接送达");
            // Where it was handed over is not stated: filled in by hand.
            form.field("送达地点", "");
            day(&mut form, "收到日期", service);
            let drawn = service.body.signature;
            let signer = Signer { drawing: drawn, ..signer(drawn.map(|_| on)) };
            form.signatures("收件人（签名）", vec![signer], 0);
            // Whether somebody else took it, and what ties them to the enterprise, is not stated: filled in by hand.
            form.field("代收人与受送达单位的关系", "");
        }
        ServiceMethod::Left => {
            form.field("送达方式", "留置送达");
            // Where it was left is not stated: filled in by hand.
            form.field("送达地点", "");
            day(&mut form, "留置日期", service);
            // Before a reason of the refusal was asked for, who witnessed it was stated as the receiver.
            let (refused, witness) = match (&service.body.refusal, &service.body.witness) {
                (None, None) => (String::new(), Some(receiver)),
                (_, witness) => (receiver, witness.clone()),
            };
            form.field("应收件人（拒收人）", refused);
            form.field("拒收事由", service.body.refusal.clone().unwrap_or_default());
            if let Some(name) = witness {
                form.signatures("见证人（签名）", vec![Signer { name, ..Signer::default() }], 0);
            }
            if let Some(photo) = service.body.photo {
                form.photo(photo, "留置送达");
            }
        }
    }
    if service.body.method != ServiceMethod::Electronic {
        let (fact, by, on) = (service.fact, service.by, service.wall.date());
        let stated = Counted { fact, by, on, second: service.body.second };
        form.both_officers("送达人（签名）", case, &stated, notice);
    }
    deadlines(&mut form, case, service, notice);
    // Room for what the officers want to add by hand.
    form.field("备注", "");
    form.passage("", "notes");
    Some(form.sealed(Some(on)))
}

/// The day that was stated, and the one on which it came in where that is another one: terms run from there.
fn day(form: &mut Form<'_, '_>, label: &str, service: Of<'_, Service>) {
    let (stated, received) = (service.wall.date(), service.at.date());
    form.field(label, stated.in_words());
    if received != stated {
        form.field("系统收到日期", format!("{}（期限按此日计算）", received.in_words()));
    }
}

/// The dates that count from this service on.
fn deadlines(form: &mut Form<'_, '_>, case: &Case, service: Of<'_, Service>, notice: &Notice) {
    let counted = notice.items.iter().zip(1..).filter_map(|(item, at)| {
        let hazard = case.hazard(item.hazard)?;
        let mut deadlines = hazard.all::<DeadlineAssigned>();
        let caused = deadlines.find(|it| it.body.cause == service.fact)?;
        Some((at, caused.body.deadline.clone()))
    });
    let counted: Vec<Counting> = counted.collect();
    if counted.is_empty() {
        return;
    }
    let row = |(at, deadline): &Counting| {
        vec![format!("第 {at} 项"), format!("{}前（含当日）", deadline.date.in_words())]
    };
    let rows = counted.iter().map(row).collect();
    form.table("自送达起算的整改期限", &[("指令书项号", 2), ("整改期限", 5)], rows);
    form.counted("期限的计算", &counted, "送达");
}
