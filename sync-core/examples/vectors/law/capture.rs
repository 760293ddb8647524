//! 拍摄照片.

use sync_core::act::Statement;
use sync_core::domain::evidence::Purpose;
use sync_core::testing::builders::{VISIT_STREAM, capture, hazard_id};
use sync_core::testing::stages::captured;

use super::conditions::{
    NOT_SEALED, NOTICE, OF_ENTERPRISE, OFFICER, OFFICER_OF_NOTICE, ON_TEAM, OPEN, RECORDS, SEALED,
};
use super::{Line, Row, row};

const MISPLACED: &[Line] = &[("wrong_stream", "*", "*")];

pub(super) fn rows() -> Vec<Row> {
    let mut misplaced = capture("misplaced", Purpose::Rectified);
    misplaced.stream = VISIT_STREAM;
    let found = captured("found-9", Purpose::Found);
    // No record holds this hazard: it may have been photographed by someone who did not know of the seal.
    let mut outside = capture("found-9", Purpose::Found);
    outside.photo.hazard = Some(hazard_id(9));
    let signature = captured("drawn-9", Purpose::Signature);
    let rectified = captured("after-9", Purpose::Rectified);
    let recheck = captured("seen-9", Purpose::Recheck);
    vec![
        row("capture.found", found, &[RECORDS, NOT_SEALED]),
        row("capture.found_outside", Statement::Captured(outside), &[RECORDS]),
        row("capture.signature", signature, &[OFFICER, ON_TEAM, SEALED]),
        row("capture.rectified", rectified, &[OF_ENTERPRISE, OPEN]),
        row("capture.recheck", recheck, &[NOTICE, OFFICER_OF_NOTICE, OPEN]),
        row("capture.misplaced", Statement::Captured(misplaced), &[MISPLACED]),
    ]
}
