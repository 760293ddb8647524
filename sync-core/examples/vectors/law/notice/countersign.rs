//! 另一名执法人员签名.

use sync_core::act::notice::Recheck;
use sync_core::testing::builders::{blob, hazard_id};
use sync_core::testing::stages::countersigned;
use sync_core::testing::world::World;

use super::conditions::OFFICER_OF_NOTICE;
use super::{Line, Row, row};

/// The colleague rechecked and named the second officer.
const WAITS: &[Line] = &[
    ("not_found", "*", "early unserved served asked extended not_extended overdue escalated"),
    ("not_found", "*", "replied proposed dismissed stopped resuming resumed"),
    (
        "not_named",
        "!second",
        "!early unserved served asked extended not_extended overdue escalated replied proposed dismissed stopped resuming resumed",
    ),
    ("same_person", "colleague", "seen undone replied_again corrected returned rechecked"),
    ("already_exists", "*", "rechecked failed replied_again failed_again corrected returned"),
];
const UNKNOWN: &[Line] = &[("not_found", "*", "*")];

pub(super) fn rows(world: &World) -> Vec<Row> {
    let last = world.case.hazard(hazard_id(1)).and_then(|it| it.last::<Recheck>());
    let seen = last.map_or(blob("nothing"), |it| it.fact);
    vec![
        row("countersign", countersigned(Some(hazard_id(1)), seen), &[OFFICER_OF_NOTICE, WAITS]),
        row(
            "countersign.unknown",
            countersigned(None, blob("nothing")),
            &[OFFICER_OF_NOTICE, UNKNOWN],
        ),
    ]
}
