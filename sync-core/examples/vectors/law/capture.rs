//! 拍摄照片.

use sync_core::act::Statement;
use sync_core::domain::evidence::Purpose;
use sync_core::testing::builders::{VISIT_STREAM, capture};
use sync_core::testing::stages::captured;

use super::conditions::{
    NOT_SEALED, NOTICE, OF_ENTERPRISE, OFFICER, OFFICER_OF_NOTICE, ON_TEAM, OPEN, SEALED,
};
use super::{Line, Row, row};

const OF_TEAM_ROLES: &[Line] = &[("role_not_allowed", "!inspectors assistant expert", "*")];

/// Inspectors photograph after their own arrival; assistants and experts do not arrive.
const ARRIVED: &[Line] = &[
    ("not_arrived", "lead second", "empty planned"),
    ("not_arrived", "colleague stranger uncertified", "*"),
];

const MISPLACED: &[Line] = &[("wrong_stream", "*", "*")];

pub(super) fn rows() -> Vec<Row> {
    let mut misplaced = capture("misplaced", Purpose::Rectified);
    misplaced.stream = VISIT_STREAM;
    let found = captured("found-9", Purpose::Found);
    let signature = captured("drawn-9", Purpose::Signature);
    let rectified = captured("after-9", Purpose::Rectified);
    let recheck = captured("seen-9", Purpose::Recheck);
    vec![
        row("capture.found", found, &[OF_TEAM_ROLES, ON_TEAM, ARRIVED, NOT_SEALED]),
        row("capture.signature", signature, &[OFFICER, ON_TEAM, SEALED]),
        row("capture.rectified", rectified, &[OF_ENTERPRISE, OPEN]),
        row("capture.recheck", recheck, &[NOTICE, OFFICER_OF_NOTICE, OPEN]),
        row("capture.misplaced", Statement::Captured(misplaced), &[MISPLACED]),
    ]
}
