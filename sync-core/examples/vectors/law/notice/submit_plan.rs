//! 提交重大隐患整改方案.

use sync_core::testing::stages::plan_submitted;

use super::conditions::{OF_ENTERPRISE, OPEN};
use super::{Line, Row, row};

/// Of a hazard that counts as major. Nothing is asked of one that is not served.
const MAJOR: &[Line] = &[("not_major", "*", "!early major"), ("not_major", "*", "lowered")];

pub(super) fn rows() -> Vec<Row> {
    vec![row("submit_plan", plan_submitted(), &[OF_ENTERPRISE, OPEN, MAJOR])]
}
