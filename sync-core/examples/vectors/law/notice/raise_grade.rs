//! 提高隐患等级.

use sync_core::act::Statement;
use sync_core::testing::stages::grade_raised;

use super::conditions::{SUPERVISOR, UNSETTLED};
use super::{Line, Row, row};

/// Of a hazard that does not count as major, by someone who took no part in the visit.
const RAISABLE: &[Line] = &[
    ("already_major", "*", "major_issued major_passed upheld major_closed"),
    ("same_person", "team", "!early"),
];

/// What is named is no criterion of the hazard's sector.
const NO_CRITERION: &[Line] = &[("criterion_needed", "*", "!early")];

pub(super) fn rows() -> Vec<Row> {
    let mut other = grade_raised();
    if let Statement::GradeRaised(it) = &mut other {
        "第三十七条".clone_into(&mut it.criterion.clause);
    }
    vec![
        row("raise_grade", grade_raised(), &[SUPERVISOR, UNSETTLED, RAISABLE]),
        row("raise_grade.other", other, &[SUPERVISOR, UNSETTLED, RAISABLE, NO_CRITERION]),
    ]
}
