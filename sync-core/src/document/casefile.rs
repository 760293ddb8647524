//! 卷宗封面 and 卷内目录: what lies around the papers of a case.

use super::form::Form;
use super::{Paper, Sources};
use crate::act::notice::ClosureDecision;
use crate::act::state;
use crate::case::Case;
use crate::domain::papers::PaperKind;
use crate::id::PersonId;
use crate::time::{CivilDate, Timestamp};

/// A paper as it lies in a case file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Title.
    pub title: String,
    /// Number.
    pub number: Option<String>,
    /// Date.
    pub on: Option<CivilDate>,
    /// The first of its pages, counted through the file.
    pub page: usize,
}

/// The cover; none for a case whose plan is not known.
#[must_use]
pub fn cover(case: &Case, sources: &Sources<'_>, now: Timestamp) -> Option<Paper> {
    let plan = case.plan()?;
    let body = plan.body;
    let on = plan.wall.date();
    let mut form = Form::new(PaperKind::FileCover, sources, &body.department, on);
    let name = sources.enterprise(body.enterprise).map(|it| it.name.clone()).unwrap_or_default();
    form.field("案件名称", format!("{name}安全生产检查案"));
    let causes: Vec<String> = case
        .hazards()
        .iter()
        .filter_map(|id| Some(case.hazard(*id)?.name()))
        .take(CAUSES)
        .collect();
    form.field("案由", causes.join("；"));
    form.text("处理结果", outcome(case, now));
    form.field("检查时间", inspected(case));
    form.field("结案时间", closed(case, now).map(CivilDate::in_words).unwrap_or_default());
    form.field("承办人", form.people(&officers(case, &body.team)));
    form.field("归档日期", "");
    form.field("归档号", "");
    form.passage("保存期限", "retention");
    Some(form.unsealed(None))
}

/// Hazards that a cover names.
const CAUSES: usize = 6;

/// The index of papers; none for a case whose plan is not known.
#[must_use]
pub fn index(case: &Case, filed: &[Filed], sources: &Sources<'_>) -> Option<Paper> {
    let plan = case.plan()?;
    let on = plan.wall.date();
    let mut form = Form::new(PaperKind::FileIndex, sources, &plan.body.department, on);
    let row = |(at, it): (usize, &Filed)| {
        vec![
            (at + 1).to_string(),
            it.title.clone(),
            it.number.clone().unwrap_or_default(),
            it.on.map(|on| on.to_string()).unwrap_or_default(),
            it.page.to_string(),
            String::new(),
        ]
    };
    let columns =
        [("序号", 2), ("文件名称", 6), ("原编号", 7), ("日期", 4), ("页号", 2), ("备注", 2)];
    form.table("", &columns, filed.iter().enumerate().map(row).collect());
    Some(form.unsealed(None))
}

fn officers(case: &Case, team: &[PersonId]) -> Vec<PersonId> {
    team.iter().copied().filter(|id| case.has_arrived(*id)).collect()
}

fn inspected(case: &Case) -> String {
    case.seal().map(|it| format!("{} 至 {}", it.body.arrived, it.body.finished)).unwrap_or_default()
}

fn outcome(case: &Case, now: Timestamp) -> Vec<String> {
    let line = |id: &crate::id::HazardId| {
        let status = state::hazard(case, *id, now).ok()?;
        Some(format!("{}：{}", case.hazard(*id)?.name(), status.state.title()))
    };
    let lines: Vec<String> = case.hazards().iter().filter_map(line).collect();
    if lines.is_empty() { vec!["未发现问题和隐患".to_owned()] } else { lines }
}

/// The day of the last decision, once every hazard is settled.
fn closed(case: &Case, now: Timestamp) -> Option<CivilDate> {
    let hazards = case.hazards();
    let mut states = hazards.iter().map(|id| state::hazard(case, *id, now).ok());
    let settled = states.all(|it| it.is_some_and(|it| it.state.is_settled()));
    let closures = case.every::<ClosureDecision>().filter(|it| it.body.approved);
    closures.map(|it| it.at.date()).max().filter(|_| settled)
}
