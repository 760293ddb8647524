//! 现场处理措施.

use sync_core::act::Statement;
use sync_core::testing::builders::hazard_id;
use sync_core::testing::stages::measure_ordered;

use super::conditions::{ARRIVED, NOT_SEALED, OFFICER, ON_TEAM};
use super::{Line, Row, row};

/// The order of that stage came before its seal.
const ONCE: &[Line] = &[("already_exists", "*", "stopped resuming resumed")];

pub(super) fn rows() -> Vec<Row> {
    // No record holds this hazard.
    let mut outside = measure_ordered();
    if let Statement::MeasureOrdered(it) = &mut outside {
        it.hazard = hazard_id(9);
    }
    vec![
        row("measure", measure_ordered(), &[OFFICER, ON_TEAM, ARRIVED, NOT_SEALED, ONCE]),
        row("measure.outside", outside, &[OFFICER, ON_TEAM, ARRIVED]),
    ]
}
