//! 入企登记.

use sync_core::act::Statement;
use sync_core::testing::builders::arrival;

use super::conditions::{OFFICER, ON_TEAM};
use super::{Line, Row, row};

/// Both officers have arrived by the stage that is named after it.
const ONCE: &[Line] = &[("already_exists", "lead second", "!empty planned")];

/// The first two stages are on the day before the plan begins, the others on its days or thirty days later.
const WITHIN: &[Line] = &[("outside_window", "*", "planned overdue escalated")];

pub(super) fn rows() -> Vec<Row> {
    vec![row("arrive", Statement::Arrived(arrival()), &[OFFICER, ON_TEAM, WITHIN, ONCE])]
}
