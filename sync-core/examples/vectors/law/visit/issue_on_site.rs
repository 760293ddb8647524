//! 当场出具责令限期整改指令书.

use sync_core::testing::stages::issued_on_site;
use sync_core::testing::world::World;

use super::conditions::{ARRIVED, OFFICER, ON_TEAM, SEALED};
use super::{Line, Row, row};

/// Another officer and the enterprise's person come first.
const SIGNED: &[Line] = &[("signatures_missing", "*", "sealed cosigned")];

/// Whoever signed the record is named on the notice, and nobody else issues it.
const NAMED: &[Line] =
    &[("paper_differs", "!lead second", "!empty planned arrived sealed cosigned")];

pub(super) fn rows(world: &World) -> Vec<Row> {
    vec![row(
        "issue_on_site",
        issued_on_site(world),
        &[OFFICER, ON_TEAM, ARRIVED, SEALED, SIGNED, NAMED],
    )]
}
