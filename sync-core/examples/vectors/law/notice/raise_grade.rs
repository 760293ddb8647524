//! 提高隐患等级.

use sync_core::testing::stages::grade_raised;

use super::conditions::{SUPERVISOR, UNSETTLED};
use super::{Line, Row, row};

/// Of a hazard that does not count as major, by someone who took no part in the visit.
const RAISABLE: &[Line] = &[
    ("already_major", "*", "major_issued major_passed upheld major_closed"),
    ("same_person", "team", "!early"),
];

pub(super) fn rows() -> Vec<Row> {
    vec![row("raise_grade", grade_raised(), &[SUPERVISOR, UNSETTLED, RAISABLE])]
}
