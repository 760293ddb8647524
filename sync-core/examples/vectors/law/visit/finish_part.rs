//! 完成本人部分.

use sync_core::act::Statement;
use sync_core::act::visit::PartFinished;
use sync_core::testing::builders::{INSPECTION, blob};

use super::conditions::RECORDS;
use super::{Row, row};

pub(super) fn rows() -> Vec<Row> {
    let part = PartFinished { inspection: INSPECTION, heads: vec![blob("a change")] };
    // Also after the seal: it may have been stated before and come later.
    vec![row("finish_part", Statement::PartFinished(part), &[RECORDS])]
}
