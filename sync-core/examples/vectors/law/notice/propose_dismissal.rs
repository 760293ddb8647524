//! 提请撤销.

use sync_core::act::Statement;
use sync_core::testing::stages::dismissal_proposed;

use super::conditions::{OFFICER_OF_NOTICE, UNSETTLED};
use super::{Line, Row, row};

const VISIT: &[Line] = &[("not_planned", "*", "empty")];
/// What officers propose never stands where the enterprise reads.
const INTERNAL: &[Line] = &[("internal_matter", "*", "*")];

pub(super) fn rows() -> Vec<Row> {
    let mut open = dismissal_proposed();
    if let Statement::DismissalProposed(it) = &mut open {
        it.inspection = None;
    }
    vec![
        row("dismissal.propose", dismissal_proposed(), &[OFFICER_OF_NOTICE, UNSETTLED, VISIT]),
        row("dismissal.openly", open, &[OFFICER_OF_NOTICE, UNSETTLED, INTERNAL]),
    ]
}
