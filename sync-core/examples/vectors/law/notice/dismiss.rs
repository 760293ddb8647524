//! 撤销隐患.

use sync_core::testing::stages::dismissed;

use super::conditions::{SUPERVISOR, UNSETTLED};
use super::{Line, Row, row};

/// Somebody else proposed it. The colleague did, where it was proposed.
const PROPOSED: &[Line] = &[
    ("nothing_to_decide", "*", "!early proposed dismissed"),
    ("same_person", "colleague", "proposed dismissed"),
];

pub(super) fn rows() -> Vec<Row> {
    vec![row("dismiss", dismissed(), &[SUPERVISOR, UNSETTLED, PROPOSED])]
}
