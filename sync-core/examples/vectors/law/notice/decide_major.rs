//! 重大隐患认定.

use sync_core::act::Statement;
use sync_core::act::notice::MajorDecision;
use sync_core::testing::builders::hazard_id;
use sync_core::testing::stages::major_decision;

use super::conditions::{NO_SUCH_HAZARD, SUPERVISOR, UNSETTLED};
use super::{Line, Row, row};

/// Of a hazard that was ordered as major, by someone who took no part in the visit, once.
const DECIDABLE: &[Line] = &[
    ("not_major", "*", "!early major"),
    ("same_person", "team", "!early"),
    ("already_decided", "*", "upheld lowered major_closed"),
];

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("major.uphold", major_decision(true), &[SUPERVISOR, UNSETTLED, DECIDABLE]),
        row("major.lower", major_decision(false), &[SUPERVISOR, UNSETTLED, DECIDABLE]),
        row("major.unknown_hazard", about(9), &[SUPERVISOR, NO_SUCH_HAZARD]),
        row("major.fixed_hazard", about(2), &[SUPERVISOR, NO_SUCH_HAZARD]),
    ]
}

fn about(hazard: u8) -> Statement {
    match major_decision(true) {
        Statement::MajorDecided(it) => {
            Statement::MajorDecided(MajorDecision { hazard: hazard_id(hazard), ..it })
        }
        other => other,
    }
}
