//! 提请撤销.

use sync_core::testing::stages::dismissal_proposed;

use super::conditions::{OFFICER_OF_NOTICE, UNSETTLED};
use super::{Row, row};

pub(super) fn rows() -> Vec<Row> {
    vec![row("dismissal.propose", dismissal_proposed(), &[OFFICER_OF_NOTICE, UNSETTLED])]
}
