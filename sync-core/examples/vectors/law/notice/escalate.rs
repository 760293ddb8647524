//! 督办.

use sync_core::domain::escalation::Escalation;
use sync_core::testing::stages::escalation;

use super::conditions::OPEN;
use super::{Line, Row, row};

/// The office escalates everywhere, a supervisor in the own department.
const OFFICE_OR_SUPERVISOR: &[Line] = &[
    ("role_not_allowed", "!supervisors coordinator", "*"),
    ("notice_not_issued", "*", "early"),
    ("other_department", "other_supervisor", "!early"),
];

pub(super) fn rows() -> Vec<Row> {
    vec![row("escalate", escalation(Escalation::Reminder), &[OFFICE_OR_SUPERVISOR, OPEN])]
}
