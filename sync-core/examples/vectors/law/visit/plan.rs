//! 下达检查任务.

use sync_core::act::Statement;
use sync_core::testing::builders::plan;
use sync_core::testing::cast::Who;

use super::{Line, Row, row};

const SUPERVISOR: &[Line] = &[("role_not_allowed", "!supervisors", "*")];
const OWN_DEPARTMENT: &[Line] = &[("other_department", "other_supervisor", "*")];
const ONCE: &[Line] = &[("already_exists", "*", "!empty")];

/// No supervisor belongs to the department without power that is named.
const WITHOUT_POWER: &[Line] =
    &[("other_department", "supervisors", "*"), ("department_no_power", "*", "*")];
/// Not competent in the sector, and two of the team are no officers of it.
const ELSEWHERE: &[Line] = &[("not_competent", "*", "*"), ("two_officers_needed", "*", "*")];
const NOT_COMPETENT: &[Line] = &[("not_competent", "*", "*")];
const ONE_OFFICER: &[Line] = &[("two_officers_needed", "*", "*")];

pub(super) fn rows() -> Vec<Row> {
    let mut powerless = plan();
    powerless.department = "jingfa".parse().expect("a department");
    // An expert is no officer, nor is an inspector without a certificate.
    let mut one = plan();
    one.team = [Who::Lead, Who::Expert, Who::Uncertified].map(Who::id).to_vec();
    let mut other = plan();
    other.sectors = vec!["MB".parse().expect("a sector")];
    vec![
        row("plan", Statement::Planned(plan()), &[SUPERVISOR, OWN_DEPARTMENT, ONCE]),
        row(
            "plan.powerless",
            Statement::Planned(powerless),
            &[SUPERVISOR, WITHOUT_POWER, ELSEWHERE, ONCE],
        ),
        row(
            "plan.one_officer",
            Statement::Planned(one),
            &[SUPERVISOR, OWN_DEPARTMENT, ONE_OFFICER, ONCE],
        ),
        row(
            "plan.other_sector",
            Statement::Planned(other),
            &[SUPERVISOR, OWN_DEPARTMENT, NOT_COMPETENT, ONCE],
        ),
    ]
}
