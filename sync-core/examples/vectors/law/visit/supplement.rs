//! 补充检查记录.

use sync_core::act::Statement;
use sync_core::testing::builders::{blob, hazard, supplement};
use sync_core::testing::stages::seal_of;
use sync_core::testing::world::World;

use super::conditions::{ARRIVED, OFFICER, ON_TEAM, SEALED};
use super::{Line, Row, row};

const ANOTHER_SEAL: &[Line] = &[("seal_mismatch", "*", "!unsealed")];
/// The record holds it already.
const HELD: &[Line] = &[("already_exists", "*", "!unsealed")];
const NEVER_TAKEN: &[Line] = &[("photo_unknown", "*", "*")];
/// The photo was taken on arrival.
const NOT_YET_TAKEN: &[Line] = &[("photo_unknown", "*", "empty planned")];

pub(super) fn rows(world: &World) -> Vec<Row> {
    let seal = seal_of(world);
    let add = |seal, n, photos| Statement::Supplemented(supplement(seal, vec![hazard(n, photos)]));
    let row = |name, statement, rest: [&'static [Line]; 2]| {
        row(name, statement, &[OFFICER, ON_TEAM, ARRIVED, SEALED, rest[0], rest[1]])
    };
    vec![
        row("supplement", add(seal, 3, &[]), [&[], &[]]),
        row("supplement.other_seal", add(blob("another seal"), 3, &[]), [ANOTHER_SEAL, &[]]),
        row("supplement.held", add(seal, 1, &["found-1"]), [HELD, NOT_YET_TAKEN]),
        row("supplement.unknown_photo", add(seal, 3, &["never captured"]), [NEVER_TAKEN, &[]]),
    ]
}
