//! 被检查单位签名.

use sync_core::act::Statement;
use sync_core::act::visit::PartySign;
use sync_core::domain::inspection::SignOutcome;
use sync_core::testing::builders::{INSPECTION, blob, refused};
use sync_core::testing::stages::seal_of;
use sync_core::testing::world::World;

use super::conditions::{ARRIVED, OFFICER, ON_TEAM, SEALED};
use super::{Line, Row, row};

const ONCE: &[Line] = &[("already_exists", "*", "!unsealed sealed cosigned")];
const NEVER_DRAWN: &[Line] = &[("photo_unknown", "*", "*")];

pub(super) fn rows(world: &World) -> Vec<Row> {
    let party = |outcome| {
        Statement::PartySigned(PartySign { inspection: INSPECTION, seal: seal_of(world), outcome })
    };
    let drawing = blob("never drawn");
    let unseen = SignOutcome::Signed { name: "张某".into(), post: String::new(), drawing };
    vec![
        row("party.refused", party(refused()), &[OFFICER, ON_TEAM, ARRIVED, SEALED, ONCE]),
        row(
            "party.signed_unseen",
            party(unseen),
            &[OFFICER, ON_TEAM, ARRIVED, SEALED, NEVER_DRAWN, ONCE],
        ),
    ]
}
