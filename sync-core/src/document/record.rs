//! 现场检查记录: what was found, item by item, and who signed it. A supplement is a record of its own.

use super::form::Form;
use super::{Paper, Signer, Sources};
use crate::act::visit::{Arrival, Cosign, MeasureOrdered, PartySign, Supplement};
use crate::case::{About, Case, Of};
use crate::domain::findings::Findings;
use crate::domain::hazard::{Hazard, Measure};
use crate::domain::inspection::{Plan, Record, SignOutcome, Verdict, photos};
use crate::domain::papers::PaperKind;
use crate::id::{FactId, PersonId};
use crate::time::{CivilDate, Timestamp};

/// A record or supplement: who stated it, when, and what it holds.
struct Sealed<'c> {
    fact: FactId,
    by: PersonId,
    at: Timestamp,
    findings: Findings<'c>,
}

/// The sealed record.
pub(super) fn paper(case: &Case, seal: Of<'_, Record>, sources: &Sources<'_>) -> Option<Paper> {
    let plan = case.plan()?;
    let (from, to) = (seal.body.arrived, seal.body.finished);
    let findings = seal.body.findings();
    let sealed = Sealed { fact: seal.fact, by: seal.by, at: to, findings };
    let span = format!("{from} 至 {to}");
    Some(made(case, plan.body, &sealed, &span, "", sources))
}

/// What was added to it.
pub(super) fn supplement(
    case: &Case,
    added: Of<'_, Supplement>,
    sources: &Sources<'_>,
) -> Option<Paper> {
    let plan = case.plan()?;
    let record = case.seal()?;
    let note = format!(
        "补充{}封存的现场检查记录（校验码 {}）。",
        record.wall.date().in_words(),
        record.fact.hex().get(..16).unwrap_or_default()
    );
    let findings = added.body.findings();
    let sealed = Sealed { fact: added.fact, by: added.by, at: added.wall, findings };
    Some(made(case, plan.body, &sealed, &added.wall.to_string(), &note, sources))
}

fn made(
    case: &Case,
    plan: &Plan,
    sealed: &Sealed<'_>,
    span: &str,
    note: &str,
    sources: &Sources<'_>,
) -> Paper {
    let on = sealed.at.date();
    let mut form = Form::new(PaperKind::InspectionRecord, sources, &plan.department, on);
    form.enterprise("被检查单位", plan.enterprise);
    if let Some(post) = post(case, plan, sealed.fact, sources) {
        form.field("职务", post);
    }
    // The register holds no telephone number of an enterprise: filled in by hand.
    form.field("联系电话", "");
    form.field("检查场所", places(&sealed.findings, plan, sources));
    form.field("检查起止时间", span);
    form.field("检查机关", sources.organ(&plan.department, on));
    let arrived: Vec<PersonId> =
        plan.team.iter().copied().filter(|id| case.has_arrived(*id)).collect();
    form.field("到场执法人员", form.people(&arrived));
    form.field("告知与出示证件", shown(case, &form));
    form.passage("", "opening");
    if !note.is_empty() {
        form.text("", vec![note.to_owned()]);
    }
    answers(&mut form, &sealed.findings, sources);
    hazards(&mut form, sealed.findings.hazards, on);
    orders(case, sealed.findings.hazards, &mut form);
    let cosigned = case.every::<Cosign>().filter(|it| it.body.seal == sealed.fact);
    let signers = [(sealed.by, on)].into_iter().chain(cosigned.map(|it| (it.by, it.wall.date())));
    let signers = signers.map(|(id, on)| Signer { on: Some(on), ..form.person(id, &[]) }).collect();
    form.signatures("检查人员（签名）", signers, 0);
    party(case, sealed.fact, &mut form);
    form.unsealed(Some(on))
}

/// The post of the principal, where it was this person who signed.
fn post(case: &Case, plan: &Plan, seal: FactId, sources: &Sources<'_>) -> Option<String> {
    let principal = &sources.enterprise(plan.enterprise)?.principal;
    let met = case.every::<PartySign>().find(|it| it.body.seal == seal)?;
    match &met.body.outcome {
        SignOutcome::Signed { name, post, .. } if name == principal => Some(post.clone()),
        _ => None,
    }
}

/// The places of the hazards; where none is named, the enterprise with its address.
fn places(findings: &Findings<'_>, plan: &Plan, sources: &Sources<'_>) -> String {
    let mut places: Vec<&str> =
        findings.hazards.iter().map(|it| it.place.as_str()).filter(|it| !it.is_empty()).collect();
    places.dedup();
    match sources.enterprise(plan.enterprise) {
        Some(known) if places.is_empty() => format!("{}（{}）", known.name, known.address),
        _ => places.join("、"),
    }
}

fn shown(case: &Case, form: &Form<'_, '_>) -> String {
    let one = |it: Of<'_, Arrival>| {
        let shown = if it.body.certificate_shown {
            "已出示执法证件"
        } else {
            "未出示执法证件"
        };
        format!("{} {} {shown}", it.wall, form.person(it.by, &[]).name)
    };
    case.every::<Arrival>().map(one).collect::<Vec<_>>().join("；")
}

fn answers(form: &mut Form<'_, '_>, findings: &Findings<'_>, sources: &Sources<'_>) {
    let rows = findings.answers.iter().enumerate().map(|(at, answer)| {
        let what = sources.item(&answer.item).map(|it| it.what.clone());
        let verdict = match answer.verdict {
            Verdict::Pass => "合格",
            Verdict::Fail => "不合格",
            Verdict::NotApplicable => "不涉及",
        };
        vec![
            (at + 1).to_string(),
            what.unwrap_or_else(|| answer.item.to_string()),
            verdict.to_owned(),
            answer.note.clone(),
        ]
    });
    let columns = [("序号", 1), ("检查内容", 6), ("结果", 2), ("备注", 3)];
    form.table("检查情况", &columns, rows.collect());
}

fn hazards(form: &mut Form<'_, '_>, hazards: &[Hazard], on: CivilDate) {
    let mut rows = Vec::new();
    for (at, hazard) in hazards.iter().enumerate() {
        let number = at + 1;
        let mut basis = vec![form.cited(&hazard.basis)];
        if let Some(criterion) = &hazard.criterion {
            basis.push(format!("判定依据：{}", form.cited(criterion)));
        }
        let measure = match &hazard.measure {
            Measure::Rectify { term } => format!("责令限期整改，{term}"),
            Measure::FixedOnSpot { .. } => "当场整改完毕".to_owned(),
        };
        rows.push(vec![
            number.to_string(),
            format!("{}　{}", hazard.description, hazard.place).trim_end().to_owned(),
            basis.join("；"),
            hazard.grade.title().to_owned(),
            measure,
        ]);
        for photo in photos(hazard) {
            form.photo(*photo, &format!("隐患 {number}"));
        }
    }
    if rows.is_empty() {
        form.text("发现的问题和隐患", vec![format!("{}检查未发现问题和隐患。", on.in_words())]);
        return;
    }
    let columns = [("序号", 1), ("问题和隐患", 5), ("依据", 5), ("等级", 2), ("处理", 3)];
    form.table("发现的问题和隐患", &columns, rows);
}

fn orders(case: &Case, hazards: &[Hazard], form: &mut Form<'_, '_>) {
    let Some(visit) = case.plan().map(|plan| plan.about.stream) else { return };
    let ordered = hazards.iter().zip(1..).filter_map(|(hazard, number)| {
        let ordered = case.first::<MeasureOrdered>(About::hazard(visit, hazard.id))?;
        Some((number.to_string(), &ordered.body.order))
    });
    form.site_orders("序号", ordered);
}

/// How the enterprise's person met the record; of a supplement nobody has to sign.
fn party(case: &Case, seal: FactId, form: &mut Form<'_, '_>) {
    let met = case.every::<PartySign>().find(|it| it.body.seal == seal);
    let label = "现场负责人（签名）";
    match met.map(|it| (it.wall.date(), &it.body.outcome)) {
        Some((on, SignOutcome::Signed { name, post, drawing })) => {
            let signer = Signer {
                name: name.clone(),
                remark: post.clone(),
                on: Some(on),
                drawing: Some(*drawing),
                certificate: None,
            };
            form.signatures(label, vec![signer], 0);
        }
        Some((on, SignOutcome::Refused { reason, witness })) => {
            form.field("拒绝签名情况", format!("{}拒绝签名，理由：{reason}", on.in_words()));
            let witness =
                witness.iter().map(|name| Signer { name: name.clone(), ..Signer::default() });
            form.signatures("见证人（签名）", witness.collect(), 0);
        }
        None => {
            form.signatures(label, Vec::new(), 1);
            form.signatures("见证人（签名）", Vec::new(), 1);
        }
    }
}
