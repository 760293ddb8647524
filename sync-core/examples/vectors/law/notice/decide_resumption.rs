//! 审批恢复.

use sync_core::act::Statement;
use sync_core::testing::stages::resumption_decision;
use sync_core::testing::world::World;

use super::conditions::{OPEN, SUPERVISOR};
use super::{Line, Row, row};

/// A request waits, and is decided by someone who took no part in the visit.
const ASKED: &[Line] =
    &[("nothing_to_decide", "*", "!early resuming"), ("same_person", "team", "!early")];
const WITHOUT_PHOTO: &[Line] = &[("photo_needed", "*", "resuming")];

/// The photo that it rests on is not at the server.
const ALL_THERE: &[Line] = &[("evidence_pending", "*", "pending")];

pub(super) fn rows(world: &World) -> Vec<Row> {
    let mut unseen = resumption_decision(world, true);
    if let Statement::ResumptionDecided(it) = &mut unseen {
        it.photos.clear();
    }
    let refused = resumption_decision(world, false);
    vec![
        row(
            "resumption.grant",
            resumption_decision(world, true),
            &[SUPERVISOR, OPEN, ASKED, ALL_THERE],
        ),
        row("resumption.refuse", refused, &[SUPERVISOR, OPEN, ASKED]),
        row("resumption.unseen", unseen, &[SUPERVISOR, OPEN, ASKED, WITHOUT_PHOTO]),
    ]
}
