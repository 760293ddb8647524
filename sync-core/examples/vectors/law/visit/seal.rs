//! 封存检查记录.

use sync_core::act::Statement;
use sync_core::testing::builders::{hazard, record};

use super::conditions::{ARRIVED, NOT_SEALED, OFFICER, ON_TEAM};
use super::{Line, Row, row};

/// The lead says why each other one's part is not in the record; whoever else seals says nothing of the lead's.
const PARTS: &[Line] = &[("part_missing", "!lead", "!empty")];
const NO_PART: &[Line] = &[("part_missing", "*", "!empty")];
/// The photo was taken on arrival.
const PHOTO: &[Line] = &[("photo_unknown", "*", "empty planned")];
const NEVER_TAKEN: &[Line] = &[("photo_unknown", "*", "*")];

pub(super) fn rows() -> Vec<Row> {
    let seal = |photo| Statement::Sealed(record(vec![hazard(1, &[photo])]));
    let (known, unknown) = (seal("found-1"), seal("never captured"));
    let mut alone = record(vec![hazard(1, &["found-1"])]);
    alone.parts.clear();
    let row = |name, statement, rest: [&'static [Line]; 2]| {
        row(name, statement, &[OFFICER, ON_TEAM, ARRIVED, NOT_SEALED, rest[0], rest[1]])
    };
    vec![
        row("seal", known, [PHOTO, PARTS]),
        row("seal.unknown_photo", unknown, [NEVER_TAKEN, PARTS]),
        row("seal.without_parts", Statement::Sealed(alone), [PHOTO, NO_PART]),
    ]
}
