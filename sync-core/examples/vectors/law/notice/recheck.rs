//! 复查.

use sync_core::testing::stages::recheck;

use super::conditions::{OFFICER_OF_NOTICE, OPEN};
use super::{Line, Row, row};

/// On a reply that no failed recheck answered or after the deadline, and until one was passed. Who closed
/// relied on a passed one; who dismissed asked for no reply.
const DUE: &[Line] = &[
    ("not_replied", "*", "unserved served asked extended not_extended failed proposed dismissed"),
    ("already_exists", "*", "rechecked"),
];

const WITHOUT_PHOTO: &[Line] = &[("photo_needed", "*", "*")];

/// The officers take theirs once the notice is served.
const TAKEN_LATER: &[Line] = &[("photo_unknown", "*", "unserved")];

/// One of the visit, so neither new nor taken at the recheck.
const FOUND_PHOTO: &[Line] = &[("photo_reused", "*", "!early"), ("photo_unknown", "*", "!early")];

/// The enterprise's, so not taken at the recheck; shown in the first round, which the failed recheck ended.
const REPLY_PHOTO: &[Line] =
    &[("photo_reused", "*", "failed replied_again"), ("photo_unknown", "*", "!early")];

pub(super) fn rows() -> Vec<Row> {
    let pass = |names: &[&str]| recheck(true, names);
    let found = pass(&["seen-4", "found-1"]);
    vec![
        row("recheck.pass", pass(&["seen-4"]), &[OFFICER_OF_NOTICE, OPEN, DUE, TAKEN_LATER]),
        row("recheck.fail", recheck(false, &[]), &[OFFICER_OF_NOTICE, OPEN, DUE]),
        row("recheck.no_photo", pass(&[]), &[OFFICER_OF_NOTICE, OPEN, DUE, WITHOUT_PHOTO]),
        row("recheck.found_photo", found, &[OFFICER_OF_NOTICE, OPEN, DUE, FOUND_PHOTO]),
        row(
            "recheck.reply_photo",
            pass(&["after-1"]),
            &[OFFICER_OF_NOTICE, OPEN, DUE, REPLY_PHOTO],
        ),
    ]
}
