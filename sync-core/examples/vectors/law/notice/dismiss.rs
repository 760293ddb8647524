//! 撤销隐患.

use sync_core::testing::stages::dismissed;

use super::conditions::{SUPERVISOR, UNSETTLED};
use super::{Line, Row, row};

/// Somebody else proposed it (the colleague did), by someone who neither inspected, rectified nor rechecked, and once a
/// major grade is decided: it settles a hazard as a closure does.
const PROPOSED: &[Line] = &[
    ("nothing_to_decide", "*", "!early proposed dismissed"),
    ("same_person", "team", "!early"),
    ("same_person", "safety", "seen undone replied replied_again corrected returned rechecked"),
    (
        "same_person",
        "colleague",
        "seen undone replied_again corrected returned rechecked proposed dismissed",
    ),
    ("major_undecided", "*", "major_issued major_passed"),
];

pub(super) fn rows() -> Vec<Row> {
    vec![row("dismiss", dismissed(), &[SUPERVISOR, UNSETTLED, PROPOSED])]
}
