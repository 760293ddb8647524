//! 销号审批.

use sync_core::act::Statement;
use sync_core::testing::builders::blob;
use sync_core::testing::stages::closure;
use sync_core::testing::world::World;

use super::conditions::{OPEN, SUPERVISOR};
use super::{Line, Row, row};

/// On a passed recheck that no newer reply follows, by someone who neither inspected (the team), rectified (the safety officer) nor rechecked
/// (the colleague), and once a major grade is decided.
const CLOSABLE: &[Line] = &[
    ("not_rechecked", "*", "!early rechecked"),
    ("same_person", "team", "!early"),
    ("same_person", "safety", "seen undone replied replied_again corrected returned rechecked"),
    ("same_person", "colleague", "seen undone replied_again corrected returned rechecked"),
    ("major_undecided", "*", "major_issued major_passed"),
];

const ANOTHER_RECHECK: &[Line] = &[("not_rechecked", "*", "!early")];
const WITHOUT_PHOTO: &[Line] = &[("photo_needed", "*", "*")];

/// The photo of the first reply shows the state after until a failed recheck ends that round.
const FIRST_PHOTO: &[Line] =
    &[("photo_unknown", "*", "!early seen replied corrected returned rechecked")];
const FOUND_PHOTO: &[Line] = &[("photo_reused", "*", "!early"), ("photo_unknown", "*", "!early")];

/// Taken, but shown in no reply.
const LOOSE_PHOTO: &[Line] = &[("photo_unknown", "*", "!early")];

/// A major one has its plan since it was served; whoever found it not major does not close it.
const PLANNED: &[Line] = &[
    ("plan_needed", "*", "major_issued"),
    ("resumption_needed", "*", "stopped resuming"),
    ("other_approver_needed", "supervisor", "lowered"),
];

/// The photo of the reply is not at the server, which counts whatever the decision names.
const ALL_THERE: &[Line] = &[("evidence_pending", "*", "pending")];

pub(super) fn rows(world: &World) -> Vec<Row> {
    let approve = |evidence: &[&str]| closure(world, true, evidence);
    let mut other_recheck = approve(&["after-1"]);
    if let Statement::ClosureDecided(it) = &mut other_recheck {
        it.recheck = blob("another recheck");
    }
    let closable = |name, statement, ends: &[&[Line]]| {
        row(name, statement, &[&[SUPERVISOR, OPEN, CLOSABLE], ends].concat())
    };
    vec![
        closable("close.approve", approve(&["after-1"]), &[PLANNED, FIRST_PHOTO, ALL_THERE]),
        closable("close.return", closure(world, false, &[]), &[]),
        closable("close.no_evidence", approve(&[]), &[WITHOUT_PHOTO, PLANNED, ALL_THERE]),
        closable(
            "close.found_photo",
            approve(&["after-1", "found-1"]),
            &[PLANNED, FOUND_PHOTO, ALL_THERE],
        ),
        closable(
            "close.loose_photo",
            approve(&["after-1", "after-3"]),
            &[PLANNED, LOOSE_PHOTO, ALL_THERE],
        ),
        closable(
            "close.other_recheck",
            other_recheck,
            &[ANOTHER_RECHECK, PLANNED, FIRST_PHOTO, ALL_THERE],
        ),
    ]
}
