//! 下达检查任务.

use sync_core::act::Statement;
use sync_core::testing::builders::plan;

use super::{Line, Row, row};

const SUPERVISOR: &[Line] = &[("role_not_allowed", "!supervisors", "*")];
const OWN_DEPARTMENT: &[Line] = &[("other_department", "other_supervisor", "*")];
const ONCE: &[Line] = &[("already_exists", "*", "!empty")];

/// No supervisor belongs to the department without power that is named.
const WITHOUT_POWER: &[Line] =
    &[("other_department", "supervisors", "*"), ("department_no_power", "*", "*")];

pub(super) fn rows() -> Vec<Row> {
    let mut powerless = plan();
    powerless.department = "jingfa".parse().expect("a department");
    vec![
        row("plan", Statement::Planned(plan()), &[SUPERVISOR, OWN_DEPARTMENT, ONCE]),
        row("plan.powerless", Statement::Planned(powerless), &[SUPERVISOR, WITHOUT_POWER, ONCE]),
    ]
}
