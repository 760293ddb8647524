//! 提交整改报告.

use sync_core::act::Statement;
use sync_core::act::notice::Reply;
use sync_core::testing::builders::{hazard_id, reply};

use super::conditions::{NO_SUCH_HAZARD, OF_ENTERPRISE, OPEN};
use super::{Line, Row, row};

/// The enterprise's photos are taken when the notice is served.
const TAKEN_LATER: &[Line] = &[("photo_unknown", "*", "unserved")];

/// Found by the officers, so neither new nor taken after the rectification.
const FOUND_PHOTO: &[Line] = &[("photo_reused", "*", "!early"), ("photo_unknown", "*", "!early")];
const NEVER_TAKEN: &[Line] = &[("photo_unknown", "*", "!early")];

/// Shown in the first round, which the failed recheck ended.
const FIRST_PHOTO: &[Line] =
    &[("photo_reused", "*", "undone replied_again"), ("photo_unknown", "*", "unserved")];

pub(super) fn rows() -> Vec<Row> {
    let found = reply(&["after-3", "found-1"]);
    let uncaptured = reply(&["never captured"]);
    vec![
        row("reply", reply(&["after-3"]), &[OF_ENTERPRISE, OPEN, TAKEN_LATER]),
        row("reply.found_photo", found, &[OF_ENTERPRISE, OPEN, FOUND_PHOTO]),
        row("reply.uncaptured", uncaptured, &[OF_ENTERPRISE, OPEN, NEVER_TAKEN]),
        row("reply.first_photo", reply(&["after-1"]), &[OF_ENTERPRISE, OPEN, FIRST_PHOTO]),
        row("reply.unknown_hazard", about(9), &[OF_ENTERPRISE, NO_SUCH_HAZARD]),
        row("reply.fixed_hazard", about(2), &[OF_ENTERPRISE, NO_SUCH_HAZARD]),
    ]
}

fn about(hazard: u8) -> Statement {
    match reply(&["after-3"]) {
        Statement::Replied(it) => Statement::Replied(Reply { hazard: hazard_id(hazard), ..it }),
        other => other,
    }
}
