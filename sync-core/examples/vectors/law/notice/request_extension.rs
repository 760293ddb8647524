//! 申请延期.

use sync_core::testing::stages::extension_request;

use super::conditions::{OF_ENTERPRISE, OPEN};
use super::{Line, Row, row};

const IN_TIME: &[Line] = &[
    ("extension_pending", "*", "asked"),
    ("extensions_used_up", "*", "extended"),
    ("extension_too_late", "*", "overdue escalated"),
];

pub(super) fn rows() -> Vec<Row> {
    vec![row("extension.request", extension_request(), &[OF_ENTERPRISE, OPEN, IN_TIME])]
}
