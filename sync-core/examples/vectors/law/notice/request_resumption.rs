//! 申请恢复.

use sync_core::testing::stages::resumption_request;

use super::conditions::{OF_ENTERPRISE, OPEN};
use super::{Line, Row, row};

/// Something is stopped, and no request waits.
const STOPPED: &[Line] =
    &[("not_stopped", "*", "!early stopped resuming"), ("already_exists", "*", "resuming")];
/// The enterprise's photos are taken when the notice is served.
const TAKEN_LATER: &[Line] = &[("photo_unknown", "*", "early unserved")];

pub(super) fn rows() -> Vec<Row> {
    let request = resumption_request();
    vec![row("request_resumption", request, &[OF_ENTERPRISE, OPEN, STOPPED, TAKEN_LATER])]
}
