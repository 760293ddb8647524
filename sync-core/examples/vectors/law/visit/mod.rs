//! The visit.

mod arrive;
mod cosign;
mod decide;
mod finish_part;
mod issue_on_site;
mod order_measure;
mod party_sign;
mod plan;
mod seal;
mod supplement;

use sync_core::testing::world::World;

use super::{Line, Row, conditions, row};

pub(super) fn rows(world: &World) -> Vec<Row> {
    let of_kinds = [
        plan::rows(),
        arrive::rows(),
        decide::rows(),
        order_measure::rows(),
        finish_part::rows(),
        seal::rows(),
        supplement::rows(world),
        cosign::rows(world),
        party_sign::rows(world),
        issue_on_site::rows(world),
    ];
    of_kinds.into_iter().flatten().collect()
}
