//! 文号.

use sync_core::act::Statement;
use sync_core::act::numbers::{NumbersLeased, NumbersVoided};
use sync_core::rules::numbering;
use sync_core::testing::builders::blob;
use sync_core::testing::cast::Who;
use sync_core::testing::stages::{numbers_requested, series};
use sync_core::testing::world::World;

use super::conditions::OFFICER;
use super::{Line, Row, by_server, row};

/// The series is the department's own.
const OWN: &[Line] = &[(
    "other_department",
    "stranger other_supervisor enterprises coordinator administrator auditor",
    "*",
)];
const SUPERVISOR: &[Line] = &[("role_not_allowed", "!supervisors", "*")];
/// No block was leased in the case of a visit.
const NO_LEASE: &[Line] = &[("not_found", "*", "*")];

pub(super) fn rows(world: &World) -> Vec<Row> {
    let leased = Statement::NumbersLeased(NumbersLeased {
        request: blob("a request"),
        device: world.device(Who::Lead),
        person: Who::Lead.id(),
        block: numbering::block(series(world), 0),
    });
    let voided = Statement::NumbersVoided(NumbersVoided {
        series: series(world),
        lease: blob("a lease"),
        reason: "手机丢失".to_owned(),
    });
    vec![
        row("request_numbers", numbers_requested(world), &[OFFICER, OWN]),
        by_server("lease_numbers", leased),
        row("void_numbers", voided, &[SUPERVISOR, NO_LEASE]),
    ]
}
