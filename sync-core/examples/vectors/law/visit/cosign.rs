//! 第二执法人员签名.

use sync_core::act::Statement;
use sync_core::act::visit::Cosign;
use sync_core::testing::builders::{INSPECTION, blob};
use sync_core::testing::stages::seal_of;
use sync_core::testing::world::World;

use super::conditions::{ARRIVED, OFFICER, ON_TEAM, SEALED};
use super::{Line, Row, row};

/// The lead sealed, so another officer who was there signs, and signs once.
const ANOTHER_ONCE: &[Line] =
    &[("same_person", "lead", "!unsealed"), ("already_exists", "second", "!unsealed sealed")];
const ANOTHER_SEAL: &[Line] = &[("seal_mismatch", "*", "!unsealed")];

pub(super) fn rows(world: &World) -> Vec<Row> {
    let cosign = |seal| Statement::Cosigned(Cosign { inspection: INSPECTION, seal });
    let (shown, other) = (cosign(seal_of(world)), cosign(blob("another seal")));
    vec![
        row("cosign", shown, &[OFFICER, ON_TEAM, ARRIVED, SEALED, ANOTHER_ONCE]),
        row("cosign.other_seal", other, &[OFFICER, ON_TEAM, ARRIVED, SEALED, ANOTHER_SEAL]),
    ]
}
