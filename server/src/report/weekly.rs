//! 每周调度表: a week in figures, by department and street. The clerk freezes it when the week is over.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use sync_core::act::HazardCase;
use sync_core::act::notice::ExtensionDecision;
use sync_core::act::state::{self, HazardState};
use sync_core::domain::hazard::Grade;
use sync_core::id::DepartmentId;
use sync_core::refusal::Refusal;
use sync_core::time::{CivilDate, Timestamp};
use sync_core::wire::report::{Cell, Column, ColumnKind, ReportInput, Sheet};

use super::week::Week;
use super::{
    Asked, Asker, Figures, KnownCase, Query, Report, column, date_input, department_title,
    just_before, read, received_until, street_title,
};
use crate::directory::Directory;
use crate::shape::{Shape, inline};
use crate::store::streams::Span;

/// The report.
pub(super) struct Weekly;

/// What can be asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Question {
    /// Any day of the week; none: the last week that is over.
    day: Option<CivilDate>,
}

impl Report for Weekly {
    fn name(&self) -> &'static str {
        "weekly"
    }

    fn title(&self) -> &'static str {
        TITLE
    }

    fn about(&self) -> &'static str {
        "一周内各部门、各街道隐患的发现、销号、撤销、延期、未销号和逾期。每周一零时后定稿。"
    }

    fn inputs(&self, asker: &Asker) -> Vec<ReportInput> {
        let last = Week::of(asker.now.date()).previous();
        vec![date_input("day", "该周的任意一天", last.first_day())]
    }

    fn question(&self) -> Shape {
        inline::<Question>
    }

    fn ask(&self, query: &Query, asker: &Asker) -> Result<Asked, Refusal> {
        let Question { day } = read(query)?;
        let week = day.map_or_else(|| Week::of(asker.now.date()).previous(), Week::of);
        Ok(asked(week, Some(asker.now), &asker.directory))
    }

    fn of_week(&self, week: Week, directory: &Arc<Directory>) -> Option<Asked> {
        Some(asked(week, None, directory))
    }
}

const TITLE: &str = "每周调度表";

/// The question of a week; a week that is not over is counted until `now`.
fn asked(week: Week, now: Option<Timestamp>, directory: &Arc<Directory>) -> Asked {
    let reached = now.map_or(week.end(), |now| now.plus_millis(1));
    let until = reached.min(week.end());
    // What has not begun has no cases.
    let span = Span { since: week.start(), until: until.max(week.start()), department: None };
    let figures = WeekFigures {
        week,
        until,
        directory: Arc::clone(directory),
        rows: BTreeMap::new(),
        total: Counts::default(),
    };
    let frozen_under = (until == week.end()).then(|| week.first_day());
    Asked { span, figures: Box::new(figures), frozen_under, series: Vec::new() }
}

struct WeekFigures {
    week: Week,
    until: Timestamp,
    directory: Arc<Directory>,
    rows: BTreeMap<(DepartmentId, String), Counts>,
    total: Counts,
}

impl Figures for WeekFigures {
    fn add(&mut self, case: &KnownCase<'_>) {
        if self.until <= self.week.start() {
            return;
        }
        let ids = case.case.hazards();
        for hazard in ids.iter().filter_map(|id| case.case.hazard(*id)) {
            let Some(counts) = self.count(&hazard) else { continue };
            self.total += counts;
            if counts != Counts::default() {
                let key = (case.plan.department.clone(), case.street().to_owned());
                *self.rows.entry(key).or_default() += counts;
            }
        }
    }

    fn sheet(self: Box<Self>) -> Result<Sheet, Refusal> {
        let Self { week, until, directory, rows, total } = *self;
        let mut notes = vec![
            received_until(until.max(week.start())),
            "在该周记录、之后才传到服务器的，计入传到的那一周。".to_owned(),
            "销号含当场整改；撤销单列。".to_owned(),
        ];
        if until <= week.start() {
            notes = vec!["该周还没有开始。".to_owned()];
        } else if until < week.end() {
            notes.push("该周还没有结束，数字还会变化。".to_owned());
        } else if rows.is_empty() {
            notes.push("该周没有隐患。".to_owned());
        }
        let cells = |department: String, street: String, counts: Counts| {
            let names = [Cell::from(department), Cell::from(street)];
            names.into_iter().chain(counts.0.map(Cell::from)).collect::<Vec<_>>()
        };
        let row = |((department, street), counts): ((DepartmentId, String), Counts)| {
            let street = street_title(&directory, &street);
            cells(department_title(&directory, &department), street, counts)
        };
        Ok(Sheet {
            title: TITLE.to_owned(),
            period: format!("{}至{}", week.first_day(), week.last_day()),
            narrowed: Vec::new(),
            until: until.max(week.start()),
            frozen_at: None,
            notes,
            columns: columns(),
            rows: rows.into_iter().map(row).collect(),
            total: Some(cells("合计".to_owned(), String::new(), total)),
        })
    }
}

/// One figure: its name, its title.
const FIGURES: [(&str, &str); 7] = [
    ("found", "发现"),
    ("major", "其中重大"),
    ("closed", "销号"),
    ("dismissed", "撤销"),
    ("extended", "延期"),
    ("open", "未销号"),
    ("overdue", "其中逾期"),
];

fn columns() -> Vec<Column> {
    let names = [("department", "部门"), ("street", "街道")];
    let names = names.map(|(name, title)| column(name, title, ColumnKind::Name));
    let figures = FIGURES.map(|(name, title)| column(name, title, ColumnKind::Count));
    names.into_iter().chain(figures).collect()
}

/// The figures, in the order of their columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts([u64; FIGURES.len()]);

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        for (to, more) in self.0.iter_mut().zip(more.0) {
            *to += more;
        }
    }
}

impl WeekFigures {
    /// What one hazard adds; none while no record of it was taken over.
    fn count(&self, hazard: &HazardCase<'_>) -> Option<Counts> {
        let within = |at: Timestamp| self.week.start() <= at && at < self.until;
        let found = within(hazard.sealed?.at);
        let settled = state::settled_at(hazard).is_some_and(within);
        let (state, as_of) = (state::of_hazard(hazard), just_before(self.until));
        let extended = hazard
            .all::<ExtensionDecision>()
            .any(|decision| decision.body.granted.is_some() && within(decision.at));
        let figures = [
            found,
            found && state::grade(hazard) == Some(Grade::Major),
            settled && state != HazardState::Dismissed,
            settled && state == HazardState::Dismissed,
            extended,
            !state.is_settled(),
            state::is_overdue(hazard, as_of),
        ];
        Some(Counts(figures.map(u64::from)))
    }
}
