//! 销号审批.

use sync_core::act::Statement;
use sync_core::testing::builders::blob;
use sync_core::testing::stages::closure;
use sync_core::testing::world::World;

use super::conditions::{OPEN, SUPERVISOR};
use super::{Line, Row, row};

/// On a passed recheck, by someone who neither inspected (the team), rectified (the safety officer) nor rechecked
/// (the colleague), and once a major grade is decided.
const CLOSABLE: &[Line] = &[
    ("not_rechecked", "*", "!early rechecked"),
    ("same_person", "team", "!early"),
    ("same_person", "safety", "replied failed replied_again returned rechecked"),
    ("same_person", "colleague", "failed replied_again returned rechecked"),
    ("major_undecided", "*", "major_issued major_passed"),
];

const ANOTHER_RECHECK: &[Line] = &[("not_rechecked", "*", "!early")];
const WITHOUT_PHOTO: &[Line] = &[("photo_needed", "*", "*")];

/// The photo of the first reply shows the state after until a failed recheck ends that round.
const FIRST_PHOTO: &[Line] = &[("photo_unknown", "*", "!early replied returned rechecked")];
const FOUND_PHOTO: &[Line] = &[("photo_reused", "*", "!early"), ("photo_unknown", "*", "!early")];

/// Taken, but shown in no reply.
const LOOSE_PHOTO: &[Line] = &[("photo_unknown", "*", "!early")];

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
        closable("close.approve", approve(&["after-1"]), &[FIRST_PHOTO]),
        closable("close.return", closure(world, false, &[]), &[]),
        closable("close.no_evidence", approve(&[]), &[WITHOUT_PHOTO]),
        closable("close.found_photo", approve(&["after-1", "found-1"]), &[FOUND_PHOTO]),
        closable("close.loose_photo", approve(&["after-1", "after-3"]), &[LOOSE_PHOTO]),
        closable("close.other_recheck", other_recheck, &[ANOTHER_RECHECK, FIRST_PHOTO]),
    ]
}
