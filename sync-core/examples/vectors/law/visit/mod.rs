//! The visit.

mod arrive;
mod cosign;
mod decide;
mod party_sign;
mod plan;
mod seal;

use sync_core::testing::world::World;

use super::{Line, Row, conditions, row};

pub(super) fn rows(world: &World) -> Vec<Row> {
    let of_kinds = [
        plan::rows(),
        arrive::rows(),
        decide::rows(),
        seal::rows(),
        cosign::rows(world),
        party_sign::rows(world),
    ];
    of_kinds.into_iter().flatten().collect()
}
