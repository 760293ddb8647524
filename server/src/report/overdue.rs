//! 逾期隐患清单: what was overdue at an instant, with whom to ask.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use sync_core::act::{HazardCase, state};
use sync_core::domain::hazard::Grade;
use sync_core::id::{DepartmentId, StreetCode};
use sync_core::limits;
use sync_core::refusal::Refusal;
use sync_core::time::{CivilDate, Timestamp};
use sync_core::wire::report::{Cell, Column, ColumnKind, ReportInput, Sheet};

use super::{
    Asked, Asker, Figures, KnownCase, Query, Report, column, date_input, department_input,
    department_title, just_before, read, received_until, sparse, street_input, street_title,
};
use crate::directory::Directory;
use crate::shape::{Shape, inline};
use crate::store::streams::Span;

/// The report.
pub(super) struct Overdue;

/// What can be asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Question {
    /// The day at whose end it was overdue; none or today: now.
    at: Option<CivilDate>,
    /// Street of the enterprise.
    street: Option<StreetCode>,
    /// Department that found it.
    department: Option<DepartmentId>,
}

impl Report for Overdue {
    fn name(&self) -> &'static str {
        "overdue"
    }

    fn title(&self) -> &'static str {
        TITLE
    }

    fn about(&self) -> &'static str {
        "某日逾期未整改的隐患，逾期最久的在前，附文书号和检查人员。"
    }

    fn inputs(&self, asker: &Asker) -> Vec<ReportInput> {
        let at = date_input("at", "截至", asker.now.date());
        [at, street_input(&asker.directory)].into_iter().chain(department_input(asker)).collect()
    }

    fn question(&self) -> Shape {
        inline::<Question>
    }

    fn ask(&self, query: &Query, asker: &Asker) -> Result<Asked, Refusal> {
        let Question { at, street, department } = read(query)?;
        let department = asker.scope.narrowed(department.as_ref())?;
        let reached = asker.now.plus_millis(1);
        let until = at.map_or(reached, |day| day.plus_days(1).start().min(reached));
        let directory = Arc::clone(&asker.directory);
        let figures = OverdueFigures {
            until,
            narrowed: [
                street.as_ref().map(|code| street_title(&directory, code.as_str())),
                department.as_ref().map(|id| department_title(&directory, id)),
            ]
            .into_iter()
            .flatten()
            .collect(),
            street,
            directory,
            rows: Vec::new(),
        };
        let span = Span { since: until, until, department };
        Ok(Asked { span, figures: Box::new(figures), frozen_under: None, series: Vec::new() })
    }
}

const TITLE: &str = "逾期隐患清单";

/// Most rows of the list: more than an office can work through.
const ROWS: usize = 10_000;

struct OverdueFigures {
    until: Timestamp,
    narrowed: Vec<String>,
    street: Option<StreetCode>,
    directory: Arc<Directory>,
    /// How many days late, and the cells.
    rows: Vec<(u64, Vec<Cell>)>,
}

impl Figures for OverdueFigures {
    fn add(&mut self, case: &KnownCase<'_>) {
        if self.street.as_ref().is_some_and(|asked| asked.as_str() != case.street()) {
            return;
        }
        let ids = case.case.hazards();
        let hazards = ids.iter().filter_map(|id| case.case.hazard(*id));
        let rows: Vec<_> = hazards.filter_map(|hazard| self.row(case, &hazard)).collect();
        self.rows.extend(rows);
    }

    fn sheet(self: Box<Self>) -> Result<Sheet, Refusal> {
        let Self { until, narrowed, mut rows, .. } = *self;
        limits::count("rows", rows.len(), ROWS)?;
        // The longest late first; then by what the row says, so that the order is always the same.
        let key = |cells: &[Cell]| -> Vec<String> { cells.iter().map(text).collect() };
        rows.sort_by_cached_key(|(late, cells)| (std::cmp::Reverse(*late), key(cells)));
        let (columns, as_of) = (columns(), just_before(until));
        let count = format!("{} 处", rows.len());
        let total = [(0, Cell::from("合计")), (3, Cell::from(count))];
        Ok(Sheet {
            title: TITLE.to_owned(),
            period: format!("截至{}", as_of.date()),
            narrowed,
            until: as_of,
            frozen_at: None,
            notes: vec![received_until(as_of)],
            total: Some(sparse(columns.len(), total)),
            columns,
            rows: rows.into_iter().map(|(_, cells)| cells).collect(),
        })
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Count(count) => count.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Empty => String::new(),
    }
}

fn columns() -> Vec<Column> {
    vec![
        column("enterprise", "企业", ColumnKind::Name),
        column("street", "街道", ColumnKind::Name),
        column("department", "部门", ColumnKind::Name),
        column("description", "隐患", ColumnKind::Text),
        column("place", "位置", ColumnKind::Text),
        column("grade", "等级", ColumnKind::Name),
        column("found", "发现日期", ColumnKind::Date),
        column("served", "送达日期", ColumnKind::Date),
        column("deadline", "整改期限", ColumnKind::Date),
        column("days_late", "逾期天数", ColumnKind::Count),
        column("officers", "检查人员", ColumnKind::Text),
        column("number", "文书号", ColumnKind::Name),
    ]
}

impl OverdueFigures {
    /// The row of a hazard that is overdue.
    fn row(&self, case: &KnownCase<'_>, hazard: &HazardCase<'_>) -> Option<(u64, Vec<Cell>)> {
        let as_of = just_before(self.until);
        let deadline = state::running(hazard).filter(|_| state::is_overdue(hazard, as_of))?;
        let (item, notice) = (hazard.item?, hazard.notice?.body);
        let late = u64::try_from(deadline.date.days_until(as_of.date())).ok()?;
        let officers: Vec<&str> = notice.officers.iter().map(|it| it.name.as_str()).collect();
        let day = |at: Timestamp| Cell::from(at.date().to_string());
        let cells = vec![
            Cell::from(case.enterprise.map_or("", |it| it.name.as_str())),
            Cell::from(street_title(&self.directory, case.street())),
            Cell::from(department_title(&self.directory, &case.plan.department)),
            Cell::from(item.description.as_str()),
            Cell::from(item.place.as_str()),
            Cell::from(state::grade(hazard).map_or("", Grade::title)),
            hazard.sealed.map_or(Cell::Empty, |it| day(it.at)),
            hazard.service().map_or(Cell::Empty, |it| day(it.at)),
            Cell::from(deadline.date.to_string()),
            Cell::from(late),
            Cell::from(officers.join("、")),
            Cell::from(notice.number.to_string()),
        ];
        Some((late, cells))
    }
}
